"""The one adapter that speaks to the engine: a pooled client, a time-out on every call, one error tree out of it."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final, Self, TypeVar

import orjson
from opensearchpy import AsyncOpenSearch, JSONSerializer
from opensearchpy import exceptions as client_errors

from engine.answers import (
    BadAnswer,
    PartialAnswer,
    check_answer,
    check_search,
    check_whole,
    found_documents,
    is_index_missing,
)
from engine.requests import Answer, Steps
from mappings.names import IndexNames
from search_app.base import errors
from search_app.base.deadline import LEAST_SECONDS, seconds_left
from search_app.base.settings import Settings
from search_app.search.engine import faults as engine_faults
from search_app.search.engine.byte_connection import ByteConnection
from search_app.search.engine.faults import error_of_status, fault_of, log_refusal, to_app_error
from search_app.search.engine.steps import Step, are_closed, read_step, read_view
from search_app.search.query.trainings import COUNTED, EACH, number_counted
from search_app.search.stored import SearchAnswer, read_answer
from seats.ledger.store import SeatsNotStored
from synonyms import DOCUMENT

# What a search sends back is what is read but for 3 kB: leaving them out costs the engine 0.3 to 1 ms.
WHOLE_OPTIONS = "request_cache=false"
# Fields of a response that are read; whatever tells of a failure must be among them.
# They are part of the path, for the client spends longer on quoting them than on sending.
SEARCH_OPTIONS = (
    "request_cache=false&filter_path=took,timed_out,_shards,"
    "hits.total.value,hits.hits._source,hits.hits._score,hits.hits.matched_queries,aggregations,"
    f"-aggregations.{COUNTED}.{EACH}.buckets"  # one for each training: they are counted where they are
)

WRITE_SECONDS = 30.0  # that a step of background work may take; one for a request ends with the request's deadline
ATTEMPTS: Final = 2  # a kept-alive connection that the engine closed meanwhile
PARTS_OPTIONS = (
    "filter_path=responses.timed_out,responses._shards,responses.status,responses.error.type,"
    f"responses.error.reason,responses.error.root_cause,responses.aggregations.{COUNTED}.number"
)
FIRST_OPTIONS = (
    "filter_path=responses.timed_out,responses._shards,responses.hits.total.value,responses.hits.hits._source,"
    "responses.status,responses.error.type,responses.error.reason,responses.error.root_cause"
)
COUNT_OPTIONS = (
    "filter_path=responses.timed_out,responses._shards,responses.hits.total.value,"
    "responses.status,responses.error.type,responses.error.reason,responses.error.root_cause"
)


Read = TypeVar("Read")


class BytesSerializer(JSONSerializer):
    """orjson for what is sent; answers stay bytes, which are read as what was asked for.

    The client's own JSON would be the largest part of what the app adds to a search.
    """

    def dumps(self, data: Any) -> Any:
        """Return JSON; bytes and text pass as they are."""
        return data if isinstance(data, (str, bytes)) else orjson.dumps(data).decode()

    def loads(self, s: Any) -> Any:
        """Return the bytes as they are."""
        return s


class Engine:
    """Searches and reads of one installation; every failure comes out as an EngineError or EngineRefused.

    An answer is checked by its path before anything reads it (``engine.answers``). All calls for one request share its
    deadline (``search_app.base.deadline``).
    """

    def __init__(self, client: AsyncOpenSearch, names: IndexNames, timeout: float) -> None:
        self.client = client
        self.names = names
        self.timeout = timeout

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """Make the pooled client; nothing is sent yet."""
        client = AsyncOpenSearch(
            hosts=settings.engine_addresses,
            maxsize=settings.engine_connections,
            timeout=settings.engine_timeout,
            max_retries=0,  # see _send_bytes: the client would give each attempt the whole time-out
            retry_on_timeout=False,
            retry_on_status=(),
            serializer=BytesSerializer(),
            connection_class=ByteConnection,
        )
        return cls(client, IndexNames(settings.index_prefix), settings.engine_timeout)

    async def close(self) -> None:
        """Close all connections."""
        await self.client.close()

    async def search_offers(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the engine's answer to a search body; an answer that is late or lacks a shard is an error."""
        return await self._send("POST", f"/{self.names.offers}/_search?{SEARCH_OPTIONS}", {}, body)

    async def find_offers(self, body: dict[str, Any]) -> SearchAnswer:
        """Return the engine's answer to the body of a search, if it is whole, as in ``search_app.search.stored``."""
        options = SEARCH_OPTIONS if COUNTED in body["aggs"] else WHOLE_OPTIONS
        path = f"/{self.names.offers}/_search?{options}"
        answer = _read(read_answer, await self._send_bytes("POST", path, {}, body))
        _checked(check_whole, answer.timed_out, answer.shards.lacking)
        if not answer.aggregations.keys() >= body["aggs"].keys():
            raise fault_of(BadAnswer("a search without its count lists"))
        return answer

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
        lines = b"".join(b"{}\n" + orjson.dumps(body) + b"\n" for body in bodies)
        answer = await self._send("POST", f"/{self.names.offers}/_msearch?{options}", {}, lines)
        answers: list[dict[str, Any]] = answer["responses"]
        for item in answers:
            if "error" in item:
                log_refusal(item["status"], item)
                raise error_of_status(item["status"], item)
            _checked(check_search, item, None, filtered=True)
        return answers

    async def open_view(self, keep_alive: str) -> str:
        """Return a new frozen view of the whole index (a point in time), kept that long after it was last asked."""
        path = f"/{self.names.offers}/_search/point_in_time"
        params = {"keep_alive": keep_alive, "allow_partial_pit_creation": "false"}  # by default shards may lack, untold
        return _read(read_view, await self._send_bytes("POST", path, params, None))

    async def read_step(self, body: dict[str, Any]) -> Step:
        """Return some hits of the view that the body names, if they are whole, each still as JSON."""
        params = {"allow_partial_search_results": "false"}
        step = _read(read_step, await self._send_bytes("POST", "/_search", params, body))
        _checked(check_whole, step.timed_out, step.shards.lacking)
        return step

    async def close_views(self, views: Sequence[str]) -> None:
        """Close views; those that are not open any more are no error."""
        with suppress(errors.NothingLoaded):  # 404: none of them was open
            answer = await self._send_bytes("DELETE", "/_search/point_in_time", {}, {"pit_id": list(views)})
            if not _read(are_closed, answer):
                raise fault_of(PartialAnswer("some views could not be closed"))

    async def get_offers(self, keys: Sequence[str]) -> list[dict[str, Any]]:
        """Return the stored offers with these keys, in their order; unknown keys are left out."""
        answer = await self._send("POST", f"/{self.names.offers}/_mget", {}, {"ids": list(keys)})
        if is_index_missing(answer):
            raise errors.NothingLoaded(engine_faults.NOTHING_LOADED)
        return [row["_source"] for row in found_documents(answer)]

    async def get_gone(self, keys: Sequence[str]) -> dict[str, Any] | None:
        """Return what is kept of an offer that was removed, under the first of these keys that has something."""
        return next(iter(await self.get_all_gone(keys)), None)

    async def get_all_gone(self, keys: Sequence[str]) -> list[dict[str, Any]]:
        """Return what is kept of offers that were removed, under each of these keys that has something."""
        answer = await self._send("POST", f"/{self.names.gone}/_mget", {}, {"ids": list(keys)})
        return [row["_source"] for row in found_documents(answer)]

    async def run(self, steps: Steps[Answer], seconds: float = WRITE_SECONDS) -> Answer:
        """Drive the steps of ``seats`` to their end, one request after the other; raises EngineError.

        A step may take so many seconds, and all of them together no longer than until the deadline.
        """
        answer: Any = None
        try:
            while True:
                request = steps.send(answer)
                if request.pause:
                    await asyncio.sleep(request.pause)
                answer = await self._send(
                    request.method, request.path, request.client_params, request.body, seconds=seconds
                )
        except StopIteration as end:
            result: Answer = end.value
            return result
        except (SeatsNotStored, BadAnswer) as error:
            raise fault_of(error) from error
        finally:
            steps.close()

    async def get_tables(self, names: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """Return the named reference tables whole, or all of them without their data."""
        body: dict[str, Any] = {"size": 1000, "_source": {"excludes": ["data"]}}
        if names is not None:
            body = {"size": 1000, "query": {"terms": {"name": list(names)}}}
        return await self._all_of(self.names.reference, body)

    async def get_lexicon(self, known: str) -> dict[str, Any] | None:
        """Return the stored lexicon of the live offers index, None if there is none, or none but the known version."""
        try:
            aliases = await self._send("GET", f"/_alias/{self.names.offers}", {}, None)
        except errors.NothingLoaded:
            return None
        here = {"bool": {"filter": [{"terms": {"name": list(aliases)}}], "must_not": [{"term": {"version": known}}]}}
        found = await self._all_of(self.names.lexicon, {"size": 1, "query": here})
        return found[0] if found else None

    async def get_rules(self, known: str) -> dict[str, Any] | None:
        """Return the stored rules of the vocabulary, None if there are none, or none but the known version."""
        here = {"bool": {"filter": [{"term": {"name": DOCUMENT}}], "must_not": [{"term": {"version": known}}]}}
        found = await self._all_of(self.names.lexicon, {"size": 1, "query": here})
        return found[0] if found else None

    async def get_sources(self) -> list[dict[str, Any]]:
        """Return what is known of each source, without the reports of its loads."""
        return await self._all_of(self.names.sources, {"size": 1000, "_source": {"excludes": ["report"]}})

    async def _all_of(self, index: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        params = {"ignore_unavailable": "true", "allow_no_indices": "true"}
        answer = await self._send("POST", f"/{index}/_search", params, body)
        return [hit["_source"] for hit in answer["hits"]["hits"]]

    async def _send(
        self, method: str, path: str, params: dict[str, Any], body: Any, *, seconds: float | None = None
    ) -> dict[str, Any]:
        """Return a whole answer to what was asked; raises EngineError, EngineRefused."""
        answer: dict[str, Any] = _read(orjson.loads, await self._send_bytes(method, path, params, body, seconds))
        _checked(check_answer, path, body, answer, params, filtered="filter_path" in path)
        return answer

    async def _send_bytes(
        self, method: str, path: str, params: dict[str, Any], body: Any, seconds: float | None = None
    ) -> bytes:
        limit = time.monotonic() + seconds_left(seconds or self.timeout)
        for attempt in range(1, ATTEMPTS + 1):
            left = max(LEAST_SECONDS, limit - time.monotonic())
            try:
                answer: bytes = await self.client.transport.perform_request(
                    method, path, params=dict(params), body=body, timeout=left
                )
            except client_errors.OpenSearchException as error:
                if attempt < ATTEMPTS and _may_be_repeated(error) and time.monotonic() < limit:
                    continue
                raise to_app_error(error) from error
            return answer
        raise AssertionError  # the last attempt returns or raises


def _read(read: Callable[[bytes], Read], answer: bytes) -> Read:
    """Return what an answer holds; raises EngineUnreadable if it is not what was asked for (a proxy's page, say)."""
    try:
        return read(answer)
    except ValueError as error:  # of orjson and of msgspec
        raise fault_of(BadAnswer(str(error))) from error


def _checked(check: Callable[..., None], *arguments: Any, **named: Any) -> None:
    """Run a check of ``engine.answers``; raises EngineError for what it finds wrong."""
    try:
        check(*arguments, **named)
    except BadAnswer as error:
        raise fault_of(error) from error


def _may_be_repeated(error: client_errors.OpenSearchException) -> bool:
    """Tell whether the connection was lost: all that we send may be sent twice, by its versions and conditions."""
    lost = isinstance(error, client_errors.ConnectionError)
    return lost and not isinstance(error, client_errors.ConnectionTimeout)
