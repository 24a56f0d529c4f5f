"""A training displayed as one result: its number of offers, the distance of the nearest, and a link to all."""

from dataclasses import dataclass

from search_app.pages.shared.layout import Link
from search_app.search.links import Pairs, address, replaced, without
from search_app.search.results import SearchResults, TrainingView
from search_app.text import wording


@dataclass(frozen=True, slots=True)
class GroupLine:
    """The text beside the title of a training with several offers: « 43 offres, la plus proche à 4 km »."""

    text: str
    href: str


def build_group(training: TrainingView, pairs: Pairs) -> GroupLine | None:
    """Return the data of a training in this search, None if the result is a single offer."""
    if training.offers is None or training.offers < 2:
        return None
    text = wording.counted(training.offers, "offre", "offres")
    if training.nearest_km is not None:
        text += f", la plus proche à {wording.kilometres(training.nearest_km)}"
    return GroupLine(text, address(replaced(without(pairs, "group"), "training", training.key)))


def build_grouping(results: SearchResults, pairs: Pairs) -> Link | None:
    """Return the link from one result per offer to one per training, or back; None if both are the same."""
    if results.total < 2:
        return None
    if results.group == "training":
        return Link("Toutes les offres", address(without(pairs, "group")))
    return Link("Une ligne par formation", address(replaced(pairs, "group", "training")))
