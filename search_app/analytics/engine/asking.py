"""Requests of one pivot: a single one, or several that see the same offers (a point in time)."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import orjson

from engine.answers import check_search, read_answer
from search_app.base.errors import EngineTimeout
from search_app.search.engine.faults import as_app_errors
from search_app.search.query import SearchRequest
from search_app.search.resolved import ResolvedSearch
from search_app.search.service import Services

Body = dict[str, Any]
TOO_MUCH: Final = (
    "Le moteur de recherche n’a pas fini ce calcul à temps. Gardez moins d’offres (une région ou un département, un"
    " domaine, une période de début) ou moins de colonnes et de mesures, ou réessayez dans un instant."
)
KEPT: Final = "60s"  # longer than the time between two requests of one answer
OPTIONS: Final = (
    "request_cache=false&filter_path=pit_id,took,timed_out,_shards,hits.total.value,hits.hits._source,aggregations"
)


class Asking:
    """Asks the engine about offers, all of them as they are in one view if there is one."""

    def __init__(self, services: Services, view: str | None = None) -> None:
        self._services = services
        self._view = view

    async def ask(self, body: Body) -> Body:
        """Return the whole answer to a body; raises EngineError, which says what to narrow if time was too short."""
        try:
            return await self._ask(body)
        except EngineTimeout as error:
            raise EngineTimeout(TOO_MUCH) from error

    async def _ask(self, body: Body) -> Body:
        engine = self._services.engine
        if self._view is None:
            return await engine.search_offers(body)
        body = body | {"pit": {"id": self._view, "keep_alive": KEPT}}
        with as_app_errors():
            path = f"/_search?{OPTIONS}&allow_partial_search_results=false"
            answer: Body = read_answer(orjson.loads, await engine.client.call_bytes("POST", path, body))
            check_search(answer, body, filtered=True)
        return answer

    async def ask_search(
        self, search: ResolvedSearch, build: Callable[[SearchRequest], Body]
    ) -> tuple[ResolvedSearch, Body]:
        """Return the search that was finally asked and the answer: loosely where the words alone find nothing."""
        answer = await self.ask(build(search.request) | {"track_total_hits": True})
        if not answer["hits"]["total"]["value"] and await self._services.finds_nothing_by_words(search.request):
            search = search.loosely()
            answer = await self.ask(build(search.request) | {"track_total_hits": True})
        return search, answer


@asynccontextmanager
async def asking(services: Services, *, several: bool) -> AsyncIterator[Asking]:
    """Yield what asks the engine; for ``several`` requests, a view is open meanwhile."""
    if not several:
        yield Asking(services)
        return
    views = services.scans.views
    view = await views.open()
    try:
        yield Asking(services, view)
    finally:
        views.close_soon(view)
