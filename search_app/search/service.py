"""Services of the search for API and pages: a search, an offer, an export."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.requests import Request

from mappings.keys import keys_of
from search_app.base.errors import Fault, NotFound
from search_app.base.settings import Settings
from search_app.base.sharing import answer_for_one
from search_app.base.turns import Turns
from search_app.search.engine.offers import OffersEngine
from search_app.search.engine.scans import Scan, Scans
from search_app.search.explained import to_explanation
from search_app.search.finding import find_offers
from search_app.search.funding.situation import Situation
from search_app.search.groups import fetch_groups
from search_app.search.params.parse import read_fields
from search_app.search.params.search_params import SearchParams
from search_app.search.params.table import PARAMETERS
from search_app.search.present import to_results
from search_app.search.present.cards import to_card, to_cards
from search_app.search.present.facets import EarlierSessions, NotBySets
from search_app.search.query import (
    SearchRequest,
    build_count_body,
    build_export_body,
    build_first_body,
    build_news_body,
)
from search_app.search.reference_data import ReferenceData
from search_app.search.resolved import ResolvedSearch, resolve
from search_app.search.results import OfferCard, SearchResults
from search_app.search.selected import Selected, likes_of, to_gone
from search_app.search.stored import SearchAnswer, to_stored

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Export:
    """All stored offers of a search, read step by step, and the search that was finally sent.

    The caller must close the scan.
    """

    scan: Scan
    search: ResolvedSearch


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest stored offers of a search, its total, and the search that was finally sent."""

    total: int
    offers: Sequence[dict[str, Any]]
    search: ResolvedSearch


@dataclass(frozen=True, slots=True)
class Services:
    """The parts shared by all requests."""

    settings: Settings
    engine: OffersEngine
    reference: ReferenceData
    scans: Scans
    turns: Turns
    seats_checkpoint: Callable[[], int]  # number up to which an answer includes the seat changes; -1 if unknown

    def read_search(
        self,
        pairs: Iterable[tuple[str, str]],
        *,
        ignore_unknown: bool = False,
        defaults: Mapping[str, Any] | None = None,
        situation: Situation | None = None,
    ) -> ResolvedSearch:
        """Return the resolved search of the pairs of an address; ``defaults`` apply to missing parameters.

        ``situation`` is the person for whom offers are valued, if any. Raises BadParameters with every fault, including
        an unknown place, and NothingLoaded.
        """
        given, faults = read_fields(pairs, PARAMETERS, ignore_unknown=ignore_unknown)
        return self.resolve(SearchParams(**{**(defaults or {}), **given}), faults=faults, situation=situation)

    def resolve(
        self,
        params: SearchParams,
        *,
        faults: Sequence[Fault] = (),
        like: ResolvedSearch | None = None,
        situation: Situation | None = None,
    ) -> ResolvedSearch:
        """Return the resolved search of today (``search.resolved.resolve``); raises BadParameters, NothingLoaded."""
        known, settings = self.reference.current(), self.settings
        return resolve(params, known, settings, faults=faults, like=like, situation=situation)

    async def search(self, search: ResolvedSearch) -> SearchResults:
        """Answer a search with one request to the engine; one more if grouped by training, if few offers start soon, or
        if offers have too many combinations of values, or sets of facts or a session that were not known.

        Raises EngineError.
        """
        checkpoint = self.seats_checkpoint()  # before the search: later statements are in the stream
        try:
            return await self._search(search, checkpoint)
        except EarlierSessions:
            search = search.from_first_day()
        except NotBySets:
            search = search.by_value()
        try:
            return await self._search(search, checkpoint)
        except NotBySets:
            return await self._search(search.by_value(), checkpoint)

    async def _search(self, search: ResolvedSearch, checkpoint: int) -> SearchResults:

        def find(request: SearchRequest) -> Awaitable[SearchAnswer]:
            return find_offers(self.engine, request)

        search, answer = await self._answer(search, find, lambda found: found.hits.total.value)
        request = search.request
        grouped = request.params.group == "training"
        groups = await fetch_groups(self.engine, request, answer) if grouped else None
        sources = self.reference.source_states(search.today)
        explain = to_explanation(search, answer) if request.params.explain else None
        return to_results(answer, search, sources=sources, groups=groups, explain=explain, seats_checkpoint=checkpoint)

    async def ask(
        self, search: ResolvedSearch, build_body: Callable[[SearchRequest], dict[str, Any]]
    ) -> tuple[ResolvedSearch, dict[str, Any]]:
        """Return the search that was finally sent and the engine's answer to a body built from it, for the same offers.

        Raises EngineError.
        """

        def find(request: SearchRequest) -> Awaitable[dict[str, Any]]:
            return self.engine.search_offers(build_body(request))

        return await self._answer(search.from_first_day(), find, lambda found: int(found["hits"]["total"]["value"]))

    async def _answer(
        self,
        search: ResolvedSearch,
        find: Callable[[SearchRequest], Awaitable[Answer]],
        total_of: Callable[[Answer], int],
    ) -> tuple[ResolvedSearch, Answer]:
        """Ask the engine, and once more loosely where the words alone find nothing; returns what was asked at last."""
        if search.request.asks_for_seats or search.request.payment is not None:
            answer_for_one()
        answer = await find(search.request)
        if not total_of(answer) and await self.finds_nothing_by_words(search.request):
            search = search.loosely()
            answer = await find(search.request)
        return search, answer

    async def finds_nothing_by_words(self, request: SearchRequest) -> bool:
        """Tell whether no offer at all has enough of the words: no filter is part of the question."""
        meant = request.meant
        if meant is None or not meant.words:
            return False
        alone = SearchRequest(SearchParams(q=meant.kept), None, request.today, request.timeout, meant=meant)
        return await self.engine.count_offers([build_count_body(alone)]) == [0]

    async def count(self, searches: Sequence[ResolvedSearch]) -> list[int]:
        """Return the totals of several searches in one engine request; raises EngineError."""
        bodies = [build_count_body(search.from_first_day().request) for search in searches]
        return await self.engine.count_offers(bodies)

    async def first_of(self, searches: Sequence[ResolvedSearch]) -> list[tuple[int, list[OfferCard]]]:
        """Return the total and the first page of several searches in one engine request; raises EngineError."""
        searches = [search.from_first_day() for search in searches]
        found = await self.engine.first_offers([build_first_body(search.request) for search in searches])
        return [
            (hits["total"]["value"], to_cards(map(to_stored, _records(hits)), search.request, search.snapshot))
            for search, hits in zip(searches, found, strict=True)
        ]

    async def export(self, search: ResolvedSearch, more: Sequence[str], client: str) -> Export:
        """Return all results of a search, in order, and their number; a fault is raised before the first.

        ``more`` are stored fields that are read beside those of a result. Raises ExportsFull, TooManyRequests,
        EngineError.
        """
        scan = await self.scans.open(build_export_body(search.request, more), client)
        if scan.total:
            return Export(scan, search)
        with scan:
            if not await self.finds_nothing_by_words(search.request):
                return Export(scan, search)
        search = search.loosely()
        return Export(await self.scans.open(build_export_body(search.request, more), client), search)

    async def export_total(self, search: ResolvedSearch) -> int:
        """Return the number of results of an export without opening one; raises EngineError."""

        async def find(request: SearchRequest) -> int:
            return (await self.engine.count_offers([build_count_body(request)]))[0]

        return (await self._answer(search, find, lambda total: total))[1]

    async def newest(self, search: ResolvedSearch, most: int) -> Newest:
        """Return the results with the latest news, newest first; raises EngineError."""
        search, answer = await self.ask(search, lambda request: build_news_body(request, most))
        hits = answer["hits"]
        return Newest(hits["total"]["value"], list(_records(hits)), search)

    async def offer(self, id_or_key: str) -> dict[str, Any]:
        """Return a stored offer by its number or its key, in either case; raises NotFound, EngineError."""
        for stored in await self.engine.get_offers(keys_of(id_or_key)):
            if stored["id"] == id_or_key or stored["key"] == id_or_key.lower():
                return stored
        raise NotFound("Cette offre n’existe pas, ou n’est plus au catalogue.")

    async def gone_offer(self, id_or_key: str) -> dict[str, Any] | None:
        """Return ``removed_at`` and what is kept of an ``offer`` that was removed, None if there never was one."""
        return await self.engine.get_gone(keys_of(id_or_key))

    async def selected(self, keys: Sequence[str], search: ResolvedSearch) -> Selected:
        """Return the offers with these keys, in one request; distances are those from the place of ``search``.

        Only if some are removed, the engine is asked again, for their records and for similar offers. Raises
        EngineError.
        """
        checkpoint = self.seats_checkpoint()
        found = await self.engine.get_offers(keys) if keys else []
        records = {stored["key"]: stored for stored in found}
        missing = [key for key in keys if key not in records]
        kept = await self.engine.get_all_gone(missing) if missing else []
        gone = to_gone(kept, await self.count([self.resolve(each) for each in likes_of(kept)]))
        return Selected(
            {key: to_card(to_stored(each), search.request, search.snapshot) for key, each in records.items()},
            records,
            checkpoint,
            gone,
        )


def services_of(request: Request) -> Services:
    """Return the shared parts of the app that serves this request."""
    services: Services = request.app.state.services
    return services


def _records(hits: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the stored offers of an answer's ``hits``."""
    return (hit["_source"] for hit in hits.get("hits", ()))
