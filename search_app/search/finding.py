"""One search as one body, or as several that are sent together and answer sooner."""

from search_app.search.engine.offers import OffersEngine
from search_app.search.query import SearchRequest, build_search_body, in_parts
from search_app.search.query.first_hits import are_the_first, in_two, is_for_all
from search_app.search.stored import SearchAnswer, with_lists


async def find_offers(engine: OffersEngine, request: SearchRequest) -> SearchAnswer:
    """Return the engine's answer to a search, asked once more if few offers start soon; raises EngineError."""
    body, *lists = in_parts(build_search_body(request), request)
    if is_for_all(request):
        counts, soon, *more = await engine.find_in_parts([*in_two(body, request), *lists], one_copy=bool(lists))
        if are_the_first(soon, counts.hits.total.value, request):
            counts.hits.hits = soon.hits.hits
            return with_lists(counts, *more)
    return with_lists(*await engine.find_in_parts([body, *lists], one_copy=True))
