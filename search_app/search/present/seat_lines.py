"""Seats left in words: « n left », « none left » and « not known » are three different statements, each with its
age.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mappings.codes import RECRUITING_LABELS
from search_app.search.results import SeatsView
from search_app.text import wording

Tone = Literal["some", "none", "unknown"]
NOT_KNOWN: Final = "Places restantes non connues"


@dataclass(frozen=True, slots=True)
class SeatLine:
    """Seats of one session under one funder; ``age`` is the age of the figure, None if there never was one.

    ``old`` is a figure observed too long ago to be current.
    """

    tone: Tone
    text: str
    funder: str | None = None
    age: str | None = None
    observed_at: str | None = None
    old: bool = False
    funder_code: str | None = None
    available: int | None = None


@dataclass(frozen=True, slots=True)
class LiveSeats:
    """Data for updating the lines of a session in place; ``about`` names it for screen readers."""

    key: str
    about: str
    recruiting: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """The recruitment state as the feed states it."""

    code: str
    label: str


def to_state(recruiting: str) -> State | None:
    """Return the displayed state, None if the feed states none."""
    return None if recruiting == "unknown" else State(recruiting, RECRUITING_LABELS.get(recruiting, recruiting))


def build_seat_lines(seats: Sequence[SeatsView], preferred: Sequence[str] = ()) -> tuple[SeatLine, ...]:
    """Return a line for each known funder, those asked for first; one line if nothing is known."""
    if not seats:
        return (SeatLine("unknown", NOT_KNOWN),)
    ordered = sorted(seats, key=lambda figure: figure.funder not in preferred)
    return tuple(build_seat_line(figure) for figure in ordered)


def build_seat_line(figure: SeatsView, ago: str | None = None) -> SeatLine:
    """Return the line of one figure; its age in words may be passed if known more exactly than in days."""
    ago = ago or wording.ago(figure.age_days)
    age = f"chiffre ancien, relevé {ago}" if figure.old else f"chiffre relevé {ago}"
    of_all = f" sur {wording.number(figure.capacity)}" if figure.capacity else ""
    tone: Tone = "some"
    if figure.available is None:
        tone, text, age = "unknown", NOT_KNOWN, f"chiffre retiré {ago}"
    elif figure.available == 0:
        tone, text = "none", f"Complet, aucune place restante{of_all}"
    else:
        text = wording.counted(figure.available, "place restante", "places restantes") + of_all
    return SeatLine(
        tone, text, figure.label, age, figure.observed_at, figure.old and figure.available is not None,
        figure.funder, figure.available,
    )  # fmt: skip
