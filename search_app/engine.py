"""The one adapter that speaks to the engine: a pooled client, a time-out on every call, one error tree out of it."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final, Self, TypeVar

import orjson
from opensearchpy import AsyncOpenSearch, JSONSerializer
from opensearchpy import exceptions as client_errors

from mappings.names import IndexNames
from search_app import errors
from search_app.byte_connection import ByteConnection
from search_app.query.trainings import COUNTED, EACH, number_counted
from search_app.settings import Settings
from search_app.stored import SearchAnswer, read_answer
from seats.ledger import SeatsNotStored
from seats.requests import Answer, Steps
from synonyms import DOCUMENT

# What a search sends back is what is read but for 3 kB: leaving them out costs the engine 0.3 to 1 ms.
WHOLE_OPTIONS = "request_cache=false"
# Fields of a response that are read; whatever tells of a failure must be among them.
# They are part of the path, for the client spends longer on quoting them than on sending.
SEARCH_OPTIONS = (
    "request_cache=false&filter_path=took,timed_out,_shards.failed,_shards.failures.reason,"
    "hits.total.value,hits.hits._source,hits.hits._score,hits.hits.matched_queries,aggregations,"
    f"-aggregations.{COUNTED}.{EACH}.buckets"  # one for each training: they are counted where they are
)

WRITE_SECONDS = 30.0  # that a step of writing statements may take: nobody waits at a page for it
PARTS_OPTIONS = (
    "filter_path=responses.timed_out,responses._shards.failed,responses.status,responses.error.type,"
    f"responses.error.reason,responses.error.root_cause,responses.aggregations.{COUNTED}.number"
)
FIRST_OPTIONS = (
    "filter_path=responses.timed_out,responses._shards.failed,responses.hits.total.value,responses.hits.hits._source,"
    "responses.status,responses.error.type,responses.error.reason,responses.error.root_cause"
)
COUNT_OPTIONS = (
    "filter_path=responses.timed_out,responses._shards.failed,responses.hits.total.value,"
    "responses.status,responses.error.type,responses.error.reason,responses.error.root_cause"
)
AWAY: Final = frozenset((502, 503, 504))  # nobody could answer; any other failure is one of the request
LONGEST_REASON: Final = 300  # characters of the engine's words in the log

FIRST_STEP: Final = 50  # offers of an export's first step: what a program or a person sees of it at once
VIEW_KEPT = "2m"  # between two steps of an export: as long as a slow reader may take for a thousand offers
REFUSED: Final = "Cette recherche n’a pas pu être faite."

logger = logging.getLogger(__name__)
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


@dataclass(frozen=True, slots=True)
class Scan:
    """All hits of a search, read as they are asked for; whoever does not read them all closes ``hits``."""

    total: int
    hits: AsyncGenerator[dict[str, Any], None]


class Engine:
    """Searches and reads of one installation; every failure comes out as an EngineError or EngineRefused."""

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
            max_retries=1,  # a kept-alive connection that the engine closed meanwhile
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
        answer = await self._send("POST", f"/{self.names.offers}/_search?{SEARCH_OPTIONS}", {}, body)
        check_complete(answer)
        return answer

    async def find_offers(self, body: dict[str, Any]) -> SearchAnswer:
        """Return the engine's answer to the body of a search, if it is whole, as in ``search_app.stored``."""
        options = SEARCH_OPTIONS if COUNTED in body["aggs"] else WHOLE_OPTIONS
        path = f"/{self.names.offers}/_search?{options}"
        answer = _read(read_answer, await self._send_bytes("POST", path, {}, body))
        check_whole(timed_out=answer.timed_out, failed=answer.shards.failed)
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
                raise error_of_status(item["status"])
            check_complete(item)
        return answers

    async def open_scan(self, body: dict[str, Any]) -> Scan:
        """Return every hit of a search in its order, and how many they are, from one frozen view of the index.

        ``size`` in the body is that of a step; the first one is small, so that an answer can begin at once.
        """
        path = f"/{self.names.offers}/_search/point_in_time"
        view = (await self._send("POST", path, {"keep_alive": VIEW_KEPT}, None))["pit_id"]
        steps = self._steps(view, body)
        first = await anext(steps)
        return Scan(first["total"]["value"], _hits_of(first["hits"], steps))

    async def _steps(self, view: str, body: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        """Yield the hits of one step after the other, at least one step; the view is closed at the end."""
        size = min(FIRST_STEP, body["size"])
        body = {**body, "pit": {"id": view, "keep_alive": VIEW_KEPT}}
        try:
            while True:
                answer = await self._send("POST", "/_search", {}, {**body, "size": size})
                check_complete(answer)
                yield answer["hits"]
                hits = answer["hits"]["hits"]
                if len(hits) < size:
                    return
                body["search_after"], size = hits[-1]["sort"], body["size"]
        finally:
            await self._send("DELETE", "/_search/point_in_time", {}, {"pit_id": [view]})

    async def get_offers(self, keys: Sequence[str]) -> list[dict[str, Any]]:
        """Return the stored offers with these keys, in their order; unknown keys are left out."""
        answer = await self._send("POST", f"/{self.names.offers}/_mget", {}, {"ids": list(keys)})
        return [row["_source"] for row in answer["docs"] if row.get("found")]

    async def get_gone(self, keys: Sequence[str]) -> dict[str, Any] | None:
        """Return what is kept of an offer that was removed, under the first of these keys that has something."""
        return next(iter(await self.get_all_gone(keys)), None)

    async def get_all_gone(self, keys: Sequence[str]) -> list[dict[str, Any]]:
        """Return what is kept of offers that were removed, under each of these keys that has something."""
        answer = await self._send("POST", f"/{self.names.gone}/_mget", {}, {"ids": list(keys)})
        return [row["_source"] for row in answer["docs"] if row.get("found")]

    async def run(self, steps: Steps[Answer]) -> Answer:
        """Drive the steps of ``seats`` to their end, one request after the other; raises EngineError."""
        answer: Any = None
        try:
            while True:
                request = steps.send(answer)
                if request.pause:
                    await asyncio.sleep(request.pause)
                answer = await self._send(
                    request.method, request.path, request.client_params, request.body, seconds=WRITE_SECONDS
                )
        except StopIteration as end:
            result: Answer = end.value
            return result
        except SeatsNotStored as error:
            raise errors.EngineOverloaded("Le moteur de recherche n’a pas pu enregistrer ces places.") from error

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
        check_complete(answer)
        return [hit["_source"] for hit in answer["hits"]["hits"]]

    async def _send(
        self, method: str, path: str, params: dict[str, Any], body: Any, *, seconds: float | None = None
    ) -> dict[str, Any]:
        answer: dict[str, Any] = _read(orjson.loads, await self._send_bytes(method, path, params, body, seconds))
        return answer

    async def _send_bytes(
        self, method: str, path: str, params: dict[str, Any], body: Any, seconds: float | None = None
    ) -> bytes:
        try:
            answer: bytes = await self.client.transport.perform_request(
                method, path, params=params, body=body, timeout=seconds or self.timeout
            )
        except client_errors.OpenSearchException as error:
            if isinstance(error, client_errors.TransportError) and isinstance(error.status_code, int):
                log_refusal(error.status_code, error.info)
            raise to_app_error(error) from error
        return answer


async def _hits_of(
    first: Sequence[dict[str, Any]], steps: AsyncGenerator[dict[str, Any], None]
) -> AsyncGenerator[dict[str, Any], None]:
    async with aclosing(steps):
        for hit in first:
            yield hit["_source"]
        async for step in steps:
            for hit in step["hits"]:
                yield hit["_source"]


def _read(read: Callable[[bytes], Read], answer: bytes) -> Read:
    """Return what an answer holds; raises EngineRefused if it is not what was asked for (a proxy's page, say)."""
    try:
        return read(answer)
    except ValueError as error:  # of orjson and of msgspec
        logger.warning("the engine's answer could not be read: %s", error)
        raise errors.EngineRefused(REFUSED) from error


def check_complete(answer: dict[str, Any]) -> None:
    """Raise EngineTimeout or EngineIncomplete if the engine says that its answer is not whole."""
    check_whole(timed_out=bool(answer.get("timed_out")), failed=answer.get("_shards", {}).get("failed", 0))


def check_whole(*, timed_out: bool, failed: int) -> None:
    """Raise EngineTimeout if the search was cut short, EngineIncomplete if parts of the index did not answer."""
    if timed_out:
        raise errors.EngineTimeout("La recherche a pris trop de temps. Réessayez, ou ajoutez un critère.")
    if failed:
        raise errors.EngineIncomplete("Une partie du catalogue ne répond pas : les résultats seraient incomplets.")


def to_app_error(error: client_errors.OpenSearchException) -> errors.AppError:
    """Turn any exception of the client library into one of our own."""
    status = error.status_code if isinstance(error, client_errors.TransportError) else None
    if isinstance(error, client_errors.ConnectionTimeout):
        return errors.EngineTimeout("Le moteur de recherche n’a pas répondu à temps. Réessayez dans un instant.")
    if isinstance(error, client_errors.ConnectionError):
        return errors.EngineUnavailable("Le moteur de recherche ne répond pas. Réessayez dans un instant.")
    return error_of_status(status) if isinstance(status, int) else errors.EngineRefused(REFUSED)


def error_of_status(status: int) -> errors.AppError:
    """Return the error that a status of the engine stands for."""
    if status == 404:
        return errors.NothingLoaded("Aucun catalogue n’est encore chargé.")
    if status == 429:
        return errors.EngineOverloaded("Trop de recherches en même temps. Réessayez dans un instant.")
    if status in AWAY:
        return errors.EngineUnavailable("Le moteur de recherche ne peut pas répondre. Réessayez dans un instant.")
    return errors.EngineRefused(REFUSED)


def log_refusal(status: int, info: Any) -> None:
    """Log one line with the engine's reason for a status that is a fault of a request or of the engine.

    ``info`` is the body of its answer; of it only type and reason are told, cut, on one line.
    """
    if status in (404, 429):  # nothing loaded, too much to do: no fault, and told to the reader
        return
    error = info.get("error") if isinstance(info, dict) else None
    if not isinstance(error, dict):
        error = {}
    causes = error.get("root_cause") or [error]  # the outer reason of a search is "all shards failed"
    kind, reason = causes[0].get("type") or error.get("type"), causes[0].get("reason") or error.get("reason")
    told = " ".join(f"{kind}: {reason}".split())[:LONGEST_REASON] if kind else "no reason given"
    logger.warning("the engine answered %s: %s", status, told)
