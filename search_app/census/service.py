"""Services of the census for API, exports and pages."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from engine.client import AsyncEngine
from search_app.base.errors import NotFound
from search_app.census.answer import BodyView, CensusResults
from search_app.census.body import CensusRequest, build_census_body, build_census_export, build_one_body
from search_app.census.offer_counts import CountedOffers, catalogue_day, count_offers
from search_app.census.params import CensusParams, read_census
from search_app.census.present import to_census, to_provider
from search_app.census.typed import split_town, to_number
from search_app.search.engine.faults import as_app_errors
from search_app.search.engine.scans import Scan
from search_app.search.params import SearchParams
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import PlaceFound
from search_app.search.service import Services

# Before the first load there is no census; it is then empty, which is what the pages say.
OPTIONS: Final = (
    "ignore_unavailable=true&allow_no_indices=true&"
    "filter_path=took,timed_out,_shards,hits.total.value,hits.hits._source,aggregations"
)
NO_BODY: Final = "Aucun organisme n’est connu sous ce numéro (SIREN, SIRET ou déclaration d’activité)."


@dataclass(frozen=True, slots=True)
class CensusSearch:
    """Parameters of the census, and the search around the same place, which has found it."""

    params: CensusParams
    around: ResolvedSearch

    @property
    def place(self) -> PlaceFound | None:
        """Return the place as it was understood."""
        return self.around.place


@dataclass(frozen=True, slots=True)
class CensusExport:
    """All bodies of a search, read step by step, and the counts of their offers; the caller must close the scan."""

    scan: Scan
    counted: CountedOffers


def read_census_search(
    services: Services, pairs: Iterable[tuple[str, str]], *, ignore_unknown: bool = False
) -> CensusSearch:
    """Return the search of an address; raises BadParameters with every fault, that of the place included."""
    params, faults = read_census(pairs, ignore_unknown=ignore_unknown)
    return CensusSearch(params, services.resolve(params.to_place(), faults=faults))


async def search_census(services: Services, search: CensusSearch) -> CensusResults:
    """Answer a search of the census; words that find nothing are asked once more loosely. Raises EngineError."""
    request = await _to_request(services, search)
    answer = await _ask(services, build_census_body(request))
    if not answer["hits"]["total"]["value"] and await _finds_nothing_by_words(services, request):
        request = replace(request, loose=True)
        answer = await _ask(services, build_census_body(request))
    return to_census(answer, request, search.place)


async def find_stored(services: Services, number: str) -> dict[str, Any]:
    """Return the stored body of a SIREN, a SIRET of it or a declaration number; raises NotFound, EngineError."""
    digits = to_number(number)
    if not digits:
        raise NotFound(NO_BODY)
    answer = await _ask(services, build_one_body(digits, services.settings.engine_timeout))
    hits = answer["hits"].get("hits", ())
    if not hits:
        raise NotFound(NO_BODY)
    stored: dict[str, Any] = hits[0]["_source"]
    return stored


async def view_of(services: Services, stored: dict[str, Any]) -> BodyView:
    """Return a stored body with the counts of its offers; raises EngineError."""
    siren = stored["siren"]
    body: dict[str, Any] = {"provider": (siren,)}
    searches = [SearchParams(**body), SearchParams(**body, upcoming=True)]
    every, upcoming = await services.count([services.resolve(each) for each in searches])
    return to_provider(stored, CountedOffers({siren: every}, {siren: upcoming}, catalogue=catalogue_day(services)))


async def export_census(services: Services, search: CensusSearch, client: str) -> CensusExport:
    """Return all bodies of a search; raises ExportsFull, TooManyRequests, EngineError, NothingLoaded."""
    request = await _to_request(services, search)
    index = services.engine.names.providers
    scan = await services.scans.open(build_census_export(request), client, index)
    if not scan.total and await _finds_nothing_by_words(services, request):
        scan.close()
        scan = await services.scans.open(build_census_export(replace(request, loose=True)), client, index)
    return CensusExport(scan, request.counted)


async def count_bodies(services: Services) -> int:
    """Return how many bodies the census has; raises EngineError."""
    everything = CensusRequest(CensusParams(), timeout=services.settings.engine_timeout)
    answer = await _ask(services, build_census_export(everything) | {"size": 0})
    total: int = answer["hits"]["total"]["value"]
    return total


async def _to_request(services: Services, search: CensusSearch) -> CensusRequest:
    counted = await count_offers(services, search.params)
    request = CensusRequest(search.params, search.around.request.area, counted, services.settings.engine_timeout)
    found = split_town(search.params.q, search.around.snapshot.places.exactly)
    return replace(request, name=found[0], near=found[1]) if found else request


async def _finds_nothing_by_words(services: Services, request: CensusRequest) -> bool:
    """Tell whether no body at all has the words: no filter is part of the question."""
    if request.typed is None or request.typed.number:
        return False
    alone = CensusRequest(CensusParams(q=request.params.q), timeout=request.timeout)
    answer = await _ask(services, build_census_export(alone) | {"size": 0})
    return not answer["hits"]["total"]["value"]


async def _ask(services: Services, body: dict[str, Any]) -> dict[str, Any]:
    client: AsyncEngine = services.engine.client
    path = f"/{services.engine.names.providers}/_search?{OPTIONS}"
    with as_app_errors():
        answer: dict[str, Any] = await client.call("POST", path, body)
    return answer
