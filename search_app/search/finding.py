"""One search as one body, or as several that are answered beside each other."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from secrets import token_hex
from typing import Any, Final

from search_app.search.engine.offers import OffersEngine
from search_app.search.query import SearchRequest, build_payment_body, build_search_body, in_parts
from search_app.search.query.first_hits import are_the_first, in_two, is_for_all
from search_app.search.stored import SearchAnswer, with_lists

STEPS_TO_SEND: Final = 3  # of the event loop, after which a request that needs no new connection is on its way


async def find_offers(engine: OffersEngine, request: SearchRequest) -> SearchAnswer:
    """Return the engine's answer to a search, asked once more if few offers start soon, or if offers came or went
    between its parts; raises EngineError.
    """
    # Words take longer to look up twice than the rules for a person to compile.
    if request.payment is None or request.pays_some or request.is_one_body or request.has_words:
        return await _find(engine, request, token_hex(4) if request.pays_some else "")
    return await _find_beside(engine, request) or await engine.find_offers(build_search_body(request))


async def _find_beside(engine: OffersEngine, request: SearchRequest) -> SearchAnswer | None:
    """Return the answer to a search as it is without a person, with what pays counted beside it while the engine is at
    work already; None if both did not find the same offers.
    """
    copy = token_hex(4)
    parts = [asyncio.ensure_future(_find(engine, replace(request, payment=None), copy))]
    try:
        for _ in range(STEPS_TO_SEND):
            await asyncio.sleep(0)
        parts.append(asyncio.ensure_future(engine.find_offers(build_payment_body(request), copy)))
        found, paying = await asyncio.gather(*parts)
    finally:
        for part in parts:
            part.cancel()
    return with_lists(found, paying) if found.hits.total.value == paying.hits.total.value else None


async def _find(engine: OffersEngine, request: SearchRequest, copy: str) -> SearchAnswer:
    body, *lists = in_parts(build_search_body(request), request)
    found = await _find_first(engine, request, body, lists, copy) if is_for_all(request) else None
    return with_lists(*(found or await engine.find_in_parts([body, *lists], copy)))


async def _find_first(
    engine: OffersEngine, request: SearchRequest, body: dict[str, Any], lists: Sequence[dict[str, Any]], copy: str
) -> Sequence[SearchAnswer] | None:
    """Return the answers with the first hits among the offers that start soon; None if others may come before them."""
    counts, soon, *more = await engine.find_in_parts([*in_two(body, request), *lists], copy)
    if not are_the_first(soon, counts.hits.total.value, request):
        return None
    counts.hits.hits = soon.hits.hits
    return [counts, *more]
