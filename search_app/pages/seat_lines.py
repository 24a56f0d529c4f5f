"""Seats left in words: « n left », « none left » and « not known » are three different answers, each with its age."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mappings.codes import RECRUITING_LABELS
from search_app.pages import wording
from search_app.results import SeatsView

Tone = Literal["some", "none", "unknown"]
NOT_KNOWN: Final = "Places restantes non connues"


@dataclass(frozen=True, slots=True)
class SeatLine:
    """Seats of one session under one funder; ``detail`` names the funder and the age of the figure."""

    tone: Tone
    text: str
    detail: str | None
    observed_at: str | None


@dataclass(frozen=True, slots=True)
class State:
    """The recruitment state as the feed says it."""

    code: str
    label: str


def to_state(recruiting: str) -> State | None:
    """Return the state to show, None where the feed says nothing."""
    return None if recruiting == "unknown" else State(recruiting, RECRUITING_LABELS[recruiting])


def build_seat_lines(seats: Sequence[SeatsView], preferred: Sequence[str] = ()) -> tuple[SeatLine, ...]:
    """Return a line for each known funder, those that were asked for first; one line if nothing was ever told."""
    if not seats:
        return (SeatLine("unknown", NOT_KNOWN, None, None),)
    ordered = sorted(seats, key=lambda figure: figure.funder not in preferred)
    return tuple(_line(figure) for figure in ordered)


def _line(figure: SeatsView) -> SeatLine:
    age = wording.ago(figure.age_days)
    if figure.available is None:
        return SeatLine("unknown", NOT_KNOWN, f"{figure.label}, chiffre retiré {age}", figure.observed_at)
    detail = f"{figure.label}, chiffre relevé {age}"
    if figure.available == 0:
        return SeatLine("none", "Complet, aucune place restante", detail, figure.observed_at)
    text = wording.counted(figure.available, "place restante", "places restantes")
    if figure.capacity:
        text += f" sur {figure.capacity}"
    return SeatLine("some", text, detail, figure.observed_at)
