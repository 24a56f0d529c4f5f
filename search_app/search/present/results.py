"""The complete answer of a search."""

from typing import Any

from search_app.search.params.search_params import SearchParams
from search_app.search.params.table import DEEPEST_RESULT
from search_app.search.present.cards import to_cards
from search_app.search.present.facets import to_facets
from search_app.search.present.payment import to_funding
from search_app.search.present.trainings import Groups, with_groups
from search_app.search.present.understood import to_understood
from search_app.search.query.counts import PAYMENT
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import FacetRow, Presence, SearchResults, SourceState
from search_app.search.stored import SearchAnswer


def to_results(
    answer: SearchAnswer,
    search: ResolvedSearch,
    *,
    sources: list[SourceState],
    groups: Groups | None = None,
    explain: dict[str, Any] | None = None,
    seats_checkpoint: int = -1,
) -> SearchResults:
    """Convert the engine's response to a search once; raises NotBySets, and KeyError or DecodeError if it is not one to
    our body.
    """
    params, meant, snapshot = search.params, search.meant, search.snapshot
    total = answer.hits.total.value
    listed = total if groups is None else groups.number
    facets = to_facets(answer.aggregations, params, snapshot)
    if search.request.payment is not None:
        facets[PAYMENT] = to_funding(answer.aggregations, search.request)
    cards = to_cards((hit.source for hit in answer.hits.hits), search.request, snapshot)
    return SearchResults(
        total=total,
        page=params.page,
        size=params.size,
        pages=min(-(-listed // params.size), DEEPEST_RESULT // params.size),
        sort=params.effective_sort,
        group=params.group,
        trainings=groups.number if groups else None,
        place=search.place,
        presence=_presence(total, facets["mode"], params) if search.request.parts_remote else None,
        understood=to_understood(meant, snapshot) if meant else None,
        today=search.today,
        results=with_groups(cards, groups) if groups else cards,
        facets=facets,
        sources=sources,
        explain=explain,
        seats_checkpoint=seats_checkpoint,
    )


def _presence(total: int, modes: list[FacetRow], params: SearchParams) -> Presence:
    """Return the parts of a total; the facet's count ignores its own filter, so it holds where remote may be chosen."""
    counted = sum(row.count for row in modes if row.value == "remote")
    chosen = params.chosen("mode")
    remote = counted if not chosen or "remote" in chosen else 0
    return Presence(total - remote, remote)
