"""Links to the orders of a list of results."""

from dataclasses import dataclass

from search_app.search.links import Pairs, address, replaced, without
from search_app.search.params.search_params import SearchParams
from search_app.search.params.sorts import SORTS, WITH_WORDS, WITHOUT_WORDS
from search_app.search.results import SearchResults


@dataclass(frozen=True, slots=True)
class SortLink:
    """One sort order."""

    label: str
    href: str
    current: bool


def build_sorts(params: SearchParams, results: SearchResults, pairs: Pairs) -> tuple[SortLink, ...]:
    """Return the orders that are possible, none if there is no choice."""
    measured = results.place is not None and results.place.radius is not None
    default = WITH_WORDS if params.q else WITHOUT_WORDS
    links = []
    for row in SORTS.values():
        if row.is_possible(words=bool(params.q), point=measured):
            target = without(pairs, "sort") if row.name == default else replaced(pairs, "sort", row.name)
            links.append(SortLink(row.label, address(target), row.name == results.sort))
    return tuple(links) if len(links) > 1 and results.total > 1 else ()
