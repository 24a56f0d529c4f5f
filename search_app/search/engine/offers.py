"""The app's engine requests about offers, over the client of ``engine``; every failure is an AppError.

All calls for one request share its deadline (``search_app.base.deadline``).
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Self

import orjson

from engine.answers import NO_PARAMS, check_search, check_whole, found_documents, is_index_missing, read_answer
from engine.client import AsyncEngine
from engine.errors import EngineNotFound, PartialAnswer
from engine.failures import error_of_status
from engine.paging import closing, opening
from engine.requests import Answer, Request, Steps
from mappings.names import IndexNames
from search_app.base.deadline import seconds_left
from search_app.base.settings import Settings
from search_app.search.engine.counted import check_answer, counting_body, read_numbers, read_terms, terms_body
from search_app.search.engine.faults import as_app_errors
from search_app.search.engine.options import (
    COUNT_OPTIONS,
    FIRST_OPTIONS,
    MAYBE_NONE,
    PARTS_OPTIONS,
    SEARCH_OPTIONS,
    WHOLE_OPTIONS,
    WITHOUT_INDEX,
)
from search_app.search.engine.part_answers import read_parts
from search_app.search.engine.shape import LiveShape
from search_app.search.engine.steps import Step, are_closed, read_step, read_view
from search_app.search.query.trainings import COUNTED, number_counted
from search_app.search.stored import SearchAnswer
from search_app.search.stored import read_answer as read_hits

WRITE_SECONDS = 30.0  # that a step of background work may take; one for a request ends with the request's deadline


class OffersEngine:
    """Searches and reads of one installation; raises EngineError, EngineRefused of ``search_app.base.errors``."""

    def __init__(self, client: AsyncEngine, names: IndexNames, timeout: float) -> None:
        self.client = client
        self.names = names
        self.timeout = timeout
        self._shape = LiveShape(client, names.offers)

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """Make the pooled client; nothing is sent yet."""
        client = AsyncEngine.connect(settings.connection, settings.engine_connections, seconds_left)
        return cls(client, IndexNames(settings.index_prefix), settings.engine_timeout)

    async def close(self) -> None:
        """Close all connections."""
        await self.client.close()

    async def search_offers(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the engine's answer to a search body; an answer that is late or lacks a shard is an error."""
        await self._shape.check()
        answer: dict[str, Any] = await self._call(f"/{self.names.offers}/_search?{SEARCH_OPTIONS}", body)
        return answer

    async def find_offers(self, body: dict[str, Any], copy: str = "") -> SearchAnswer:
        """Return the engine's answer to the body of a search, if it is whole, as in ``search_app.search.stored``.

        ``copy`` as in ``find_in_parts``.
        """
        options = SEARCH_OPTIONS if COUNTED in body["aggs"] else WHOLE_OPTIONS
        path = f"/{self.names.offers}/_search?{options}{f'&preference={copy}' if copy else ''}"
        await self._shape.check()

        async def ask() -> SearchAnswer:
            answer = read_answer(read_hits, await self.client.call_bytes("POST", path, body))
            check_answer(answer, body)
            return answer

        with as_app_errors():
            return await self.client.read_whole(ask)

    async def find_in_parts(self, bodies: Sequence[dict[str, Any]], copy: str = "") -> Sequence[SearchAnswer]:
        """Return the answers to the bodies of one search, sent together, if all are whole.

        Requests with the same text as ``copy`` are answered by the same copy of each shard, as long as it lives, not by
        the one that is least busy; copies may be a refresh apart.
        """
        if len(bodies) == 1:
            return [await self.find_offers(bodies[0], copy)]
        head = orjson.dumps({"request_cache": False, **({"preference": copy} if copy else {})})
        lines = b"".join(head + b"\n" + orjson.dumps(body) + b"\n" for body in bodies)
        await self._shape.check()

        async def ask() -> Sequence[SearchAnswer]:
            told = await self.client.call_bytes("POST", f"/{self.names.offers}/_msearch", lines)
            answers = read_answer(lambda each: read_parts(each, len(bodies)), told)
            for answer, body in zip(answers, bodies, strict=True):
                check_answer(answer, body)
            return answers

        with as_app_errors():
            return await self.client.read_whole(ask)

    async def count_offers(self, bodies: Sequence[dict[str, Any]]) -> list[int]:
        """Return the totals of several searches, asked in one request; one that fails fails them all."""
        answers = await self._search_many(bodies, COUNT_OPTIONS)
        return [answer["hits"]["total"]["value"] for answer in answers]

    async def first_offers(self, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the ``hits`` of several searches, asked in one request; one that fails fails them all."""
        return [answer["hits"] for answer in await self._search_many(bodies, FIRST_OPTIONS)]

    async def count_trainings(self, bodies: Sequence[dict[str, Any]]) -> int:
        """Return how many trainings bodies count, each another part of them, in one request."""
        answers = await self._search_many(bodies, PARTS_OPTIONS)
        return sum(number_counted(answer["aggregations"][COUNTED]) for answer in answers)

    async def _search_many(self, bodies: Sequence[dict[str, Any]], options: str) -> list[dict[str, Any]]:
        if not bodies:
            return []
        await self._shape.check()
        lines = b"".join(b"{}\n" + orjson.dumps(body) + b"\n" for body in bodies)
        path = f"/{self.names.offers}/_msearch?{options}"

        async def ask() -> list[dict[str, Any]]:
            answers: list[dict[str, Any]] = (await self.client.call_once("POST", path, lines))["responses"]
            for item in answers:
                if "error" in item:
                    raise error_of_status(item["status"], item, "one of several searches")
                check_search(item, None, filtered=True)
            return answers

        with as_app_errors():
            return await self.client.read_whole(ask)

    async def open_view(self, keep_alive: str, index: str = "") -> str:
        """Return a new frozen view of the offers or of another whole index, kept that long after it was last asked."""
        await self._shape.check()
        with as_app_errors():
            return read_answer(read_view, await self._bytes(opening(index or self.names.offers, keep_alive)))

    async def read_step(self, page: Request) -> Step:
        """Return some hits of a point in time, if complete, each still as JSON."""
        with as_app_errors():
            step = read_answer(read_step, await self._bytes(page))
            check_whole(step.timed_out, step.shards.lacking)
        return step

    async def close_views(self, views: Sequence[str]) -> None:
        """Close views; those that are not open any more are no error."""
        with as_app_errors(), suppress(EngineNotFound):  # none of them was open
            if not read_answer(are_closed, await self._bytes(closing(views))):
                raise PartialAnswer("some views could not be closed")

    async def get_offers(self, keys: Sequence[str]) -> list[dict[str, Any]]:
        """Return the stored offers with these keys, in their order; unknown keys are left out."""
        with as_app_errors():
            answer = await self.client.call("POST", f"/{self.names.offers}/_mget?{WITHOUT_INDEX}", {"ids": list(keys)})
            if is_index_missing(answer):
                raise EngineNotFound(f"{self.names.offers}: no such index or alias")
        return [row["_source"] for row in found_documents(answer)]

    async def get_gone(self, keys: Sequence[str]) -> dict[str, Any] | None:
        """Return what is kept of an offer that was removed, under the first of these keys that has something."""
        return next(iter(await self.get_all_gone(keys)), None)

    async def get_all_gone(self, keys: Sequence[str]) -> list[dict[str, Any]]:
        """Return what is kept of offers that were removed, under each of these keys that has something."""
        answer = await self._call(f"/{self.names.gone}/_mget", {"ids": list(keys)})
        return [row["_source"] for row in found_documents(answer)]

    async def run(self, steps: Steps[Answer], seconds: float = WRITE_SECONDS) -> Answer:
        """Drive the steps of ``seats`` to their end, one request after the other; raises EngineError.

        A step may take so many seconds, and all of them together no longer than until the deadline.
        """
        with as_app_errors():
            return await self.client.run(steps, seconds)

    async def get_tables(self, names: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """Return the named reference tables whole, or all of them without their data."""
        body: dict[str, Any] = {"size": 1000, "_source": {"excludes": ["data"]}}
        if names is not None:
            body = {"size": 1000, "query": {"terms": {"name": list(names)}}}
        return await self._all_of(self.names.reference, body)

    async def get_lexicon(self, known: str) -> dict[str, Any] | None:
        """Return the stored lexicon of the live offers index, None if there is none, or none but the known version."""
        with as_app_errors():
            try:
                live = await self._shape.live_indices()
            except EngineNotFound:
                return None
        return await self._changed(live, known)

    async def get_rules(self, name: str, known: str) -> dict[str, Any] | None:
        """Return the rules stored under a name, None if there are none, or none but the known version."""
        return await self._changed([name], known)

    async def _changed(self, names: Sequence[str], known: str) -> dict[str, Any] | None:
        here = {"bool": {"filter": [{"terms": {"name": names}}], "must_not": [{"term": {"version": known}}]}}
        found = await self._all_of(self.names.lexicon, {"size": 1, "query": here})
        return found[0] if found else None

    async def get_sources(self) -> list[dict[str, Any]]:
        """Return what is known of each source, without the reports of its loads."""
        return await self._all_of(self.names.sources, {"size": 1000, "_source": {"excludes": ["report"]}})

    async def get_terms(self, field: str, most: int) -> tuple[str, ...]:
        """Return the values of a field of the offers in order; none if there are more, or no offers yet."""
        answer = await self._call(f"/{self.names.offers}/_search", terms_body(field, most), MAYBE_NONE)
        return read_terms(answer, field)

    async def count_by(self, clauses: Sequence[Mapping[str, Any]]) -> Sequence[int]:
        """Return how many offers meet each of some clauses; nothing if there is no index yet."""
        return read_numbers(await self._call(f"/{self.names.offers}/_search", counting_body(clauses), MAYBE_NONE))

    async def _all_of(self, index: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        answer = await self._call(f"/{index}/_search", body, MAYBE_NONE)
        return [hit["_source"] for hit in answer["hits"]["hits"]]

    async def _bytes(self, request: Request) -> bytes:
        return await self.client.call_bytes(request.method, request.path, request.body, request.params)

    async def _call(self, path: str, body: dict[str, Any], params: Mapping[str, Any] = NO_PARAMS) -> Any:
        with as_app_errors():
            return await self.client.call("POST", path, body, params)
