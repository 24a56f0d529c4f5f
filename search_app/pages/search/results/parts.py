"""The parts of a list around a place: what is held there, then what is followed at a distance."""

from collections.abc import Sequence
from dataclasses import dataclass

from search_app.pages.search.results.card import ResultCard
from search_app.pages.search.results.trainings import TrainingRow
from search_app.search.results import OfferCard, Presence
from search_app.text import wording

Row = ResultCard | TrainingRow


@dataclass(frozen=True, slots=True)
class Part:
    """Some results of the page under a heading; the heading is empty where the list has one part only."""

    id: str
    heading: str
    rows: tuple[Row, ...]


def build_parts(cards: Sequence[OfferCard], rows: Sequence[Row], presence: Presence | None) -> tuple[Part, ...]:
    """Return the rows of a page in parts; ``rows`` are those of ``cards``, in the same order."""
    if presence is None:
        return (Part("offres", "", tuple(rows)),) if rows else ()
    onsite = tuple(row for card, row in zip(cards, rows, strict=True) if card.mode != "remote")
    remote = tuple(row for card, row in zip(cards, rows, strict=True) if card.mode == "remote")
    parts = []
    if onsite:
        parts.append(Part("sur-place", f"Sur place ({wording.number(presence.onsite)})", onsite))
    if remote:
        parts.append(Part("a-distance", f"À distance ({wording.number(presence.remote)})", remote))
    return tuple(parts)


def presence_text(presence: Presence) -> str:
    """Return both counts in words.

    >>> presence_text(Presence(2, 28)), presence_text(Presence(0, 28)), presence_text(Presence(2, 0))
    ('2 sur place, 28 à distance', 'Aucune sur place, 28 à distance', '2 sur place')
    """
    onsite = f"{wording.number(presence.onsite)} sur place" if presence.onsite else "Aucune sur place"
    return f"{onsite}, {wording.number(presence.remote)} à distance" if presence.remote else onsite
