"""One search as one body, or as several that are sent together and answer sooner."""

from collections.abc import Sequence
from typing import Any

from search_app.search.engine.offers import OffersEngine
from search_app.search.query import SearchRequest, build_search_body, in_parts
from search_app.search.query.first_hits import are_the_first, in_two, is_for_all
from search_app.search.stored import SearchAnswer, with_lists


async def find_offers(engine: OffersEngine, request: SearchRequest) -> SearchAnswer:
    """Return the engine's answer to a search, asked once more if few offers start soon, or if offers came or went
    between its parts; raises EngineError.
    """
    whole = build_search_body(request)
    body, *lists = in_parts(whole, request)
    found = await _find_first(engine, request, body, lists) if is_for_all(request) else None
    found = found or await engine.find_in_parts([body, *lists], one_copy=True)
    if not _are_of_the_same(found, request):
        found = await engine.find_in_parts([whole], one_copy=True)
    return with_lists(*found)


async def _find_first(
    engine: OffersEngine, request: SearchRequest, body: dict[str, Any], lists: Sequence[dict[str, Any]]
) -> Sequence[SearchAnswer] | None:
    """Return the answers with the first hits among the offers that start soon; None if others may come before them."""
    counts, soon, *more = await engine.find_in_parts([*in_two(body, request), *lists], one_copy=bool(lists))
    if not are_the_first(soon, counts.hits.total.value, request):
        return None
    counts.hits.hits = soon.hits.hits
    return [counts, *more]


def _are_of_the_same(parts: Sequence[SearchAnswer], request: SearchRequest) -> bool:
    """Tell whether parts of a search without chosen values of what pays found as many offers: then the values add up to
    the total. With chosen values they find other ones.
    """
    return request.pays_some or len({part.hits.total.value for part in parts}) == 1
