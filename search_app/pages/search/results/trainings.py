"""Results by training: its title once, then its offers as lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from search_app.pages.search.results.card import ResultCard
from search_app.pages.shared.layout import Link
from search_app.search.links import Pairs, address, replaced, without
from search_app.search.results import OfferCard, SearchResults, TrainingView
from search_app.text import wording

LEAST_TO_GROUP: Final = 10  # offers: fewer are read as quickly one by one
LOOKED_AT: Final = 20  # offers, the first ones
FEW_TITLES: Final = 3  # on the first page: with so few, the reader sees the same training again and again
LINES: Final = 3  # offers of one training on the page; the others are behind its link
FEW_TRAININGS: Final = 6  # on the page: more of them are shown by their first offer only
UNGROUPED: Final = ("group", "none")  # in the address of a list that must not be grouped by itself


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """A training with several offers: the first ones as lines, and the link to all."""

    title: str
    href: str
    lines: tuple[ResultCard, ...]
    every: str

    @property
    def is_training(self) -> bool:
        """Tell this row from the card of one offer."""
        return True


@dataclass(frozen=True, slots=True)
class Grouping:
    """The link to the other form of the list; ``note`` says that it was grouped by itself."""

    link: Link
    note: str = ""


def repeats_titles(results: SearchResults) -> bool:
    """Tell whether the first offers are of the same few trainings again and again; a page that is too short to tell
    is not.
    """
    first = results.results[:LOOKED_AT]
    if results.page > 1 or results.total < LEAST_TO_GROUP or results.group == "training":
        return False
    return len(first) >= min(results.total, LOOKED_AT) and len({card.training.key for card in first}) <= FEW_TITLES


def is_several(card: OfferCard) -> bool:
    """Tell whether a result stands for a training with several offers."""
    return (card.training.offers or 1) > 1


def keys_to_detail(results: SearchResults) -> list[str]:
    """Return the keys of the trainings whose further offers are shown; none where the page has many trainings."""
    several = [card.training.key for card in results.results if is_several(card)]
    return several if len(results.results) <= FEW_TRAININGS else []


def build_training_row(training: TrainingView, lines: Sequence[ResultCard], pairs: Pairs) -> TrainingRow:
    """Return the row of a training in this search; ``pairs`` are those of the search."""
    offers = training.offers or 1
    text = f"Voir les {wording.counted(offers, 'offre', 'offres')}"
    if training.nearest_km is not None:
        text += f", la plus proche à {wording.kilometres(training.nearest_km)}"
    narrowed = (*replaced(without(pairs, "group"), "training", training.key), UNGROUPED)
    return TrainingRow(lines[0].title, address(narrowed), tuple(lines), text)


def build_grouping(results: SearchResults, pairs: Pairs, *, by_itself: bool) -> Grouping | None:
    """Return the link to one line per training, or back; None if both lists are the same."""
    if results.total < 2:
        return None
    plain = without(pairs, "group")
    if results.group == "training":
        note = "Regroupées par formation." if by_itself else ""
        return Grouping(Link("Toutes les offres", address((*plain, UNGROUPED))), note)
    return Grouping(Link("Une ligne par formation", address((*plain, ("group", "training")))))
