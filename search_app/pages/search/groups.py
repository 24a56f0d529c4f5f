"""A training shown as one result: how many offers it has, how near the nearest is, and where all of them are."""

from dataclasses import dataclass

from search_app.pages.shared.layout import Link
from search_app.search.links import Pairs, address, replaced, without
from search_app.search.results import SearchResults, TrainingView
from search_app.text import wording


@dataclass(frozen=True, slots=True)
class GroupLine:
    """What stands beside the title of a training with several offers: « 43 offres, la plus proche à 4 km »."""

    text: str
    href: str


def build_group(training: TrainingView, pairs: Pairs) -> GroupLine | None:
    """Return what is told of a training in this search, None if the result is one offer and nothing else."""
    if training.offers is None or training.offers < 2:
        return None
    text = wording.counted(training.offers, "offre", "offres")
    if training.nearest_km is not None:
        text += f", la plus proche à {wording.kilometres(training.nearest_km)}"
    return GroupLine(text, address(replaced(without(pairs, "group"), "training", training.key)))


def build_grouping(results: SearchResults, pairs: Pairs) -> Link | None:
    """Return the way from one result for each offer to one for each training, or back; None where both are the same."""
    if results.total < 2:
        return None
    if results.group == "training":
        return Link("Montrer chaque offre", address(without(pairs, "group")))
    return Link("Regrouper par formation", address(replaced(pairs, "group", "training")))
