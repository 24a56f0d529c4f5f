"""How many offers each body is responsible for: asked of the offers, never stored.

The offers are those of the search ``provider=``, so each count equals its total.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from search_app.census.params import CensusParams
from search_app.search.params import SearchParams
from search_app.search.query import build_count_body
from search_app.search.resolved import ResolvedSearch
from search_app.search.service import Services

BODIES: Final = "bodies"
AT_ONCE: Final = 10_000  # bodies of one answer of the engine, which has at most 65,535 rows
_FIELD: Final = {"siren": {"terms": {"field": "provider.siren"}}}


@dataclass(frozen=True, slots=True)
class CountedOffers:
    """Number of offers by SIREN: all, and those to come; ``in_domain`` are the bodies with one of a wanted domain.

    ``catalogue`` is the day on which offers were last loaded.
    """

    every: Mapping[str, int] = field(default_factory=dict)
    upcoming: Mapping[str, int] = field(default_factory=dict)
    in_domain: Mapping[str, int] | None = None
    catalogue: str | None = None


async def count_offers(services: Services, params: CensusParams | None = None) -> CountedOffers:
    """Ask the offers for all bodies at once; raises EngineError.

    With a domain and ``offers=upcoming``, one and the same offer is of the domain and to come.
    """
    wanted = [SearchParams(), SearchParams(upcoming=True)]
    if params and params.domain:
        only_upcoming = "upcoming" in params.offers and "any" not in params.offers
        of_domain: dict[str, Any] = {"domain": params.domain, "upcoming": only_upcoming}
        wanted.append(SearchParams(**of_domain))
    every, upcoming, *in_domain = await asyncio.gather(*(_by_body(services, services.resolve(each)) for each in wanted))
    return CountedOffers(every, upcoming, in_domain[0] if in_domain else None, catalogue_day(services))


def catalogue_day(services: Services) -> str | None:
    """Return the day of the newest load of any source, None if none is known."""
    loads = [state.loaded_at for state in services.reference.source_states(services.settings.current_day())]
    return max(loads)[:10] if loads else None


async def _by_body(services: Services, search: ResolvedSearch) -> dict[str, int]:
    """Return the number of offers of each body with any, page by page of the engine's list."""
    counts: dict[str, int] = {}
    body = build_count_body(search.request) | {"track_total_hits": False}
    composite: dict[str, Any] = {"size": AT_ONCE, "sources": [_FIELD]}
    while True:
        answer = await services.engine.search_offers(body | {"aggs": {BODIES: {"composite": composite}}})
        found = answer["aggregations"][BODIES]
        counts |= {row["key"]["siren"]: row["doc_count"] for row in found["buckets"]}
        if len(found["buckets"]) < AT_ONCE:
            return counts
        composite["after"] = found["after_key"]
