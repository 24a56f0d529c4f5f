"""What the faces (API, pages) ask for: a search, an offer, places."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final, TypeVar

from starlette.requests import Request

from mappings.keys import KEY_LENGTH, key_of
from search_app.base.errors import BadParameters, Fault, NotFound, NothingLoaded
from search_app.base.settings import Settings
from search_app.base.turns import Turns
from search_app.search.engine.client import Engine
from search_app.search.engine.scans import Scan, Scans
from search_app.search.groups import fetch_groups
from search_app.search.params import parse_params
from search_app.search.params.search_params import SearchParams
from search_app.search.params.table import PARAMETERS
from search_app.search.places.areas import Circle, Territory
from search_app.search.places.finder import MOST_OTHERS, FoundPlace
from search_app.search.present import to_results
from search_app.search.present.cards import to_card, to_cards
from search_app.search.present.understood import to_understood
from search_app.search.present.why import to_whys
from search_app.search.query import (
    SearchRequest,
    build_count_body,
    build_export_body,
    build_first_body,
    build_news_body,
    build_search_body,
)
from search_app.search.reference_data import ReferenceData, Snapshot
from search_app.search.results import CodeView, OfferCard, PlaceFound, SearchResults
from search_app.search.selected import Selected, likes_of, to_gone
from search_app.search.stored import SearchAnswer, to_stored
from search_app.search.understand import Understanding
from search_app.text.typography import curved

Answer = TypeVar("Answer")
MOST_ALIKE: Final = 5  # places that are told instead of one that is none


@dataclass(frozen=True, slots=True)
class Export:
    """All stored offers that a search finds, read step by step, and the search as it was understood.

    Whoever gets it closes the scan.
    """

    scan: Scan
    request: SearchRequest
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Newest:
    """The first stored offers of a search, how many it finds in all, and the search as it was understood."""

    total: int
    offers: Sequence[dict[str, Any]]
    request: SearchRequest
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that every request shares."""

    settings: Settings
    engine: Engine
    reference: ReferenceData
    scans: Scans
    turns: Turns
    seats_checkpoint: Callable[[], int]  # number up to which an answer holds the seat changes; -1 if unknown

    def read_params(self, pairs: Iterable[tuple[str, str]], *, ignore_unknown: bool = False) -> SearchParams:
        """Return the checked parameters of a search; raises BadParameters with every fault, an unknown place too."""
        snapshot = self.reference.current()
        return parse_params(pairs, ignore_unknown=ignore_unknown, check=lambda params: _place_faults(params, snapshot))

    async def search(self, params: SearchParams) -> SearchResults:
        """Answer a search with one request to the engine, with two by training; raises BadParameters, EngineError."""
        snapshot = self.reference.current()
        params, meant = self.understand(params)
        checkpoint = self.seats_checkpoint()  # before the engine is asked: what comes later is in the stream
        area, place = _area(params, snapshot)
        today = self.settings.current_day()
        request = self._request(params, area, today, meant)
        request, answer = await self._answer(request, self._find, lambda found: found.hits.total.value)
        meant = request.meant
        groups = await fetch_groups(self.engine, request, answer)
        explain = None
        if params.explain:
            plain = build_search_body(replace(request, params=replace(params, explain=False)))
            explain = {
                "request": plain,
                "engine_ms": answer.took,
                "results": to_whys(answer.hits.hits, meant, snapshot),
            }
        sources = self.reference.source_states(today)
        return to_results(
            answer,
            request,
            snapshot,
            place=place,
            sources=sources,
            groups=groups,
            explain=explain,
            seats_checkpoint=checkpoint,
            understood=to_understood(meant, snapshot) if meant else None,
        )

    def place_faults(self, params: SearchParams) -> Sequence[Fault]:
        """Return what is wrong with the place of a search, as far as places are known by now."""
        return _place_faults(params, self.reference.current())

    async def ask(
        self, params: SearchParams, build_body: Callable[[SearchRequest], dict[str, Any]]
    ) -> tuple[SearchRequest, dict[str, Any]]:
        """Return a search as it is understood and the engine's answer to a body made from it, for the same offers.

        Raises BadParameters, EngineError.
        """

        def find(request: SearchRequest) -> Awaitable[dict[str, Any]]:
            return self.engine.search_offers(build_body(request))

        return await self._answer(self.request_of(params), find, lambda found: int(found["hits"]["total"]["value"]))

    def _find(self, request: SearchRequest) -> Awaitable[SearchAnswer]:
        return self.engine.find_offers(build_search_body(request))

    async def _answer(
        self,
        request: SearchRequest,
        find: Callable[[SearchRequest], Awaitable[Answer]],
        total_of: Callable[[Answer], int],
    ) -> tuple[SearchRequest, Answer]:
        """Ask the engine, and once more loosely where the words alone find nothing; returns what was asked at last."""
        answer = await find(request)
        if not total_of(answer) and await self._finds_nothing_by_words(request):
            request = _loosely(request)
            answer = await find(request)
        return request, answer

    async def _finds_nothing_by_words(self, request: SearchRequest) -> bool:
        """Tell whether no offer at all has enough of the words: no filter is part of the question."""
        meant = request.meant
        if meant is None or not meant.words:
            return False
        alone = SearchRequest(SearchParams(q=meant.kept), None, request.today, request.timeout, meant=meant)
        return await self.engine.count_offers([build_count_body(alone)]) == [0]

    def understand(self, params: SearchParams) -> tuple[SearchParams, Understanding | None]:
        """Return the search that the words mean: those that are filters are parameters in it, ``q`` is what remains.

        Without words the search is what it was, and there is nothing to tell.
        """
        if not params.q:
            return params, None
        given = [each.name for each in fields(params) if getattr(params, each.name) != each.default]
        meant = self.reference.current().understander.understand(
            params.q, self.settings.current_day(), verbatim=params.verbatim, given=given
        )
        return replace(params, q=meant.kept, **meant.parameters), meant

    async def count(self, searches: Sequence[SearchParams], *, loose: bool = False) -> list[int]:
        """Return the totals of several searches, asked of the engine at once; raises BadParameters, EngineError.

        ``loose``: any of their words will do, as in an answer that says so.
        """
        requests = [self.request_of(search, loose=loose) for search in searches]
        return await self.engine.count_offers([build_count_body(request) for request in requests])

    async def first_of(
        self, searches: Sequence[SearchParams], *, loose: bool = False
    ) -> list[tuple[int, list[OfferCard]]]:
        """Return the total and the first page of several searches, asked of the engine at once.

        Raises BadParameters, EngineError.
        """
        snapshot = self.reference.current()
        requests = [self.request_of(search, loose=loose) for search in searches]
        found = await self.engine.first_offers([build_first_body(request) for request in requests])
        return [
            (hits["total"]["value"], to_cards(map(to_stored, _records(hits)), request, snapshot))
            for request, hits in zip(requests, found, strict=True)
        ]

    async def export(self, params: SearchParams, more: Sequence[str], client: str) -> Export:
        """Return all results of a search, in its order, and how many they are; a fault is raised before the first.

        ``more`` are stored fields that are read beside those of a result.
        Raises BadParameters, ExportsFull, TooManyRequests, EngineError.
        """
        request, snapshot = self.request_of(params), self.reference.current()
        scan = await self.scans.open(build_export_body(request, more), client)
        if scan.total:
            return Export(scan, request, snapshot)
        with scan:
            if not await self._finds_nothing_by_words(request):
                return Export(scan, request, snapshot)
        request = _loosely(request)
        return Export(await self.scans.open(build_export_body(request, more), client), request, snapshot)

    async def export_total(self, params: SearchParams) -> int:
        """Return how many results an export has, without one; raises BadParameters, EngineError."""

        async def find(request: SearchRequest) -> int:
            return (await self.engine.count_offers([build_count_body(request)]))[0]

        return (await self._answer(self.request_of(params), find, lambda total: total))[1]

    async def newest(self, params: SearchParams, most: int) -> Newest:
        """Return the results of which something came last, the newest first; raises BadParameters, EngineError."""
        snapshot = self.reference.current()
        request, answer = await self.ask(params, lambda request: build_news_body(request, most))
        hits = answer["hits"]
        return Newest(hits["total"]["value"], list(_records(hits)), request, snapshot)

    def request_of(self, params: SearchParams, *, loose: bool = False) -> SearchRequest:
        """Return a search as it is understood today; raises BadParameters, NothingLoaded."""
        meant_params, meant = self.understand(params)
        area, _ = _area(meant_params, self.reference.current())
        request = self._request(meant_params, area, self.settings.current_day(), meant)
        return _loosely(request) if loose and meant else request

    def _request(
        self, params: SearchParams, area: Circle | Territory | None, today: date, meant: Understanding | None
    ) -> SearchRequest:
        settings = self.settings
        return SearchRequest(params, area, today, settings.engine_timeout, settings.seats_old_after_days, meant)

    async def offer(self, id_or_key: str) -> dict[str, Any]:
        """Return a stored offer by its number or its key, in either case; raises NotFound, EngineError."""
        for stored in await self.engine.get_offers(_keys(id_or_key)):
            if stored["id"] == id_or_key or stored["key"] == id_or_key.lower():
                return stored
        raise NotFound("Cette offre n’existe pas, ou n’est plus au catalogue.")

    async def gone_offer(self, id_or_key: str) -> dict[str, Any] | None:
        """Return ``removed_at`` and what is kept of an ``offer`` that was removed, None if there never was one."""
        return await self.engine.get_gone(_keys(id_or_key))

    async def selected(self, keys: Sequence[str], params: SearchParams) -> Selected:
        """Return the offers that have these keys, in one request; distances are those from the place of ``params``.

        Only where some are gone the engine is asked again, for what is kept of them and for their likes.
        Raises BadParameters, EngineError.
        """
        snapshot, checkpoint = self.reference.current(), self.seats_checkpoint()
        request = self._request(params, _area(params, snapshot)[0], self.settings.current_day(), None)
        found = await self.engine.get_offers(keys) if keys else []
        records = {stored["key"]: stored for stored in found}
        missing = [key for key in keys if key not in records]
        kept = await self.engine.get_all_gone(missing) if missing else []
        gone = to_gone(kept, await self.count(likes_of(kept)))
        return Selected(
            {key: to_card(to_stored(each), request, snapshot) for key, each in records.items()},
            records,
            checkpoint,
            gone,
        )


def services_of(request: Request) -> Services:
    """Return the shared parts of the app that serves this request."""
    services: Services = request.app.state.services
    return services


def _keys(id_or_key: str) -> list[str]:
    """Return the keys that a number or a key may stand for: what looks like a key may be a number as well."""
    key = id_or_key.lower()
    return list(dict.fromkeys((key, key_of(id_or_key)) if len(key) == KEY_LENGTH else (key_of(id_or_key),)))


def _records(hits: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the stored offers of an answer's ``hits``."""
    return (hit["_source"] for hit in hits.get("hits", ()))


def _loosely(request: SearchRequest) -> SearchRequest:
    assert request.meant is not None
    return replace(request, meant=replace(request.meant, loose=True))


def _area(params: SearchParams, snapshot: Snapshot) -> tuple[Circle | Territory | None, PlaceFound | None]:
    """Return what the place of a search means; raises BadParameters if it means nothing."""
    if params.lat is not None and params.lon is not None:
        label = f"{params.lat:g}, {params.lon:g}"
        found = PlaceFound("point", label, None, params.lat, params.lon, params.radius, [])
        return Circle(params.lat, params.lon, params.radius), found
    if params.place is None:
        return None, None
    places = snapshot.places.find(params.place)
    if not places and not snapshot.reference.communes:
        raise NothingLoaded("Le moteur de recherche n’a pas encore donné les lieux. Réessayez dans un instant.")
    if not places:
        nearest = tuple(place.label for place in snapshot.place_suggester.alike(params.place, MOST_ALIKE))
        raise BadParameters([_place_fault(params.place, "ce lieu est inconnu", nearest)])
    area = places[0].to_area(params.radius)
    if area is None:
        raise BadParameters([_place_fault(params.place, "la position de cette commune n’est pas connue")])
    if params.sort == "distance" and not isinstance(area, Circle):
        message = "sort : une distance se mesure depuis une ville ou un point, pas depuis un département ou une région."
        raise BadParameters([Fault("sort", "distance", "distance avec une ville ou un point", message)])
    return area, to_place_found(places, params.radius)


def _place_faults(params: SearchParams, snapshot: Snapshot) -> Sequence[Fault]:
    """Return what is wrong with the place of a search, as far as places are known by now."""
    try:
        _area(params, snapshot)
    except BadParameters as error:
        return error.faults
    except NothingLoaded:  # the search itself will say so, unless something else is wrong
        pass
    return ()


def _place_fault(text: str, why: str, nearest: tuple[str, ...] = ()) -> Fault:
    allowed = PARAMETERS["place"].allowed
    told = f"place : {why} (reçu : « {text} » ; possible : {allowed})."
    message = f"{told} Peut-être : {', '.join(nearest)}." if nearest else told
    return Fault("place", text, allowed, message, plain=told.removeprefix("place : "), nearest=nearest)


def to_place_found(places: list[FoundPlace], radius: float) -> PlaceFound:
    """Return how a place was understood: the first of those that it can mean, and the others."""
    first = places[0]
    others = [CodeView(place.label, curved(place.label)) for place in places[1 : MOST_OTHERS + 1]]
    circle = first.kind in ("town", "postal_code")
    label = curved(first.label)
    return PlaceFound(first.kind, label, first.code, first.lat, first.lon, radius if circle else None, others)
