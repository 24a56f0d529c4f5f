"""Asks for the results of a page: by offer, or by training where the offers repeat the same few titles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from search_app.pages.search.results.trainings import LINES, UNGROUPED, keys_to_detail, repeats_titles
from search_app.search.links import Pairs
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import OfferCard, SearchResults
from search_app.search.service import Services


@dataclass(frozen=True, slots=True)
class Found:
    """One answer; ``by_itself``: it is by training, though the address does not say so.

    ``lines`` are the first offers of each training that is shown with several.
    """

    results: SearchResults
    by_itself: bool = False
    lines: Mapping[str, Sequence[OfferCard]] = field(default_factory=dict)


async def find_results(services: Services, search: ResolvedSearch, *, may_group: bool) -> Found:
    """Return the results of a page; ``may_group``: as trainings where they repeat titles. Raises EngineError."""
    results = await services.search(search)
    by_itself = may_group and not search.params.training and repeats_titles(results)
    if by_itself:
        search = search.with_params(group="training")
        results = await services.search(search)
    if results.group != "training":
        return Found(results)
    return Found(results, by_itself, await _fetch_lines(services, search, results))


def may_group(pairs: Pairs, *, with_map: bool) -> bool:
    """Tell whether an address leaves it to the page how results are listed; beside a map each offer is listed."""
    return not with_map and not any(name == UNGROUPED[0] for name, _ in pairs)


async def _fetch_lines(
    services: Services, search: ResolvedSearch, results: SearchResults
) -> Mapping[str, Sequence[OfferCard]]:
    keys = keys_to_detail(results)
    if not keys:
        return {}
    if results.understood is not None and results.understood.loose:
        search = search.loosely()
    searches = [search.with_params(training=(key,), group="none", page=1, size=LINES) for key in keys]
    found = await services.first_of(searches)
    return {key: cards for key, (_, cards) in zip(keys, found, strict=True) if cards}
