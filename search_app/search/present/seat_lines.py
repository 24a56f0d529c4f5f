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
NOT_KNOWN: Final = wording.typeset("Places : à demander")
AGE_TOLD_FROM: Final = 7  # days: on a card a younger figure goes without its age


@dataclass(frozen=True, slots=True)
class SeatLine:
    """Seats of one session under one funder; ``age`` is the age of the figure, None if there never was one.

    ``short`` is the text of a card, ``compact`` that with the capacity; ``old`` is a figure observed too long ago to be
    current.
    """

    tone: Tone
    text: str
    funder: str | None = None
    age: str | None = None
    observed_at: str | None = None
    old: bool = False
    funder_code: str | None = None
    available: int | None = None
    short: str = NOT_KNOWN
    compact: str = NOT_KNOWN
    age_days: int | None = None

    @property
    def age_if_told(self) -> str | None:
        """Return the age of a figure that is a week old or older, as cards state it."""
        return self.age if self.age_days is not None and self.age_days >= AGE_TOLD_FROM else None


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


def build_best_line(seats: Sequence[SeatsView], preferred: Sequence[str] = ()) -> SeatLine:
    """Return the one line of a card: the most seats under the funders asked for, under any if none is."""
    chosen = [figure for figure in seats if figure.funder in preferred] if preferred else seats
    if not chosen:
        return SeatLine("unknown", NOT_KNOWN)
    return build_seat_line(max(chosen, key=lambda figure: -1 if figure.available is None else figure.available))


def build_seat_line(figure: SeatsView, ago: str | None = None) -> SeatLine:
    """Return the line of one figure; its age in words may be passed if known more exactly than in days."""
    ago = ago or wording.ago(figure.age_days)
    age = f"chiffre ancien, vu {ago}" if figure.old else f"vu {ago}"
    of_all = f" sur {wording.number(figure.capacity)}" if figure.capacity else ""
    tone: Tone = "some"
    compact = None
    if figure.available is None:
        tone, text, short, age = "unknown", NOT_KNOWN, NOT_KNOWN, f"chiffre retiré {ago}"
    elif figure.available == 0:
        tone, text, short = "none", f"Complet, aucune place restante{of_all}", "Complet"
    else:
        text = wording.counted(figure.available, "place restante", "places restantes") + of_all
        short = wording.counted(figure.available, "place", "places")
        compact = short + of_all
    return SeatLine(
        tone, text, figure.label, age, figure.observed_at, figure.old and figure.available is not None,
        figure.funder, figure.available, short, compact or short, figure.age_days,
    )  # fmt: skip
