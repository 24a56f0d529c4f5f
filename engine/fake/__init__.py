"""An engine in memory for unit tests: it answers the requests of the real one, and opens no socket.

    fake = FakeEngine()
    fake.create("x-seats", load_index_body("ledger"))      # or let the code under test create it
    fake.run(store(names, documents, received_at))         # drives Steps, as both clients do
    fake.documents("x-seats")                              # {id: source} of all that was written

``fake.blocking`` is the indexer's client and ``fake.asynchronous()`` the app's, both over this engine, with all that
they add: translated errors, checked answers, retries. Pauses are not slept but noted in ``fake.pauses``, requests in
``fake.requests``.

Time stands still until ``fake.now`` is moved. Failures are made by ``fake.interfere``, which sees each request before
it is done: return an answer to give it instead, raise ``Failure`` (a status of the engine) or an exception of the
client library, or return None to let it pass. ``busy``, ``full`` and ``lost`` are ready ones, of bulk requests.

It does: bulk (index, create, delete, update with ``doc``; external versions, ``if_seq_no``, ``require_alias``),
``_mget``, ``_doc``, ``_search`` (see ``queries``), ``_msearch``, points in time, ``_count``, ``_refresh``, ``_stats``,
settings, mappings, aliases, ``_cat``. Searches see what was refreshed; the sort value of a date is its text. It does
not: words, scores, aggregations other than the clock of ``engine.lease``, painless (put a function into
``fake.scripts`` under the script's source). What it
cannot do raises NotFaked. ``tests/engine/test_fake_engine.py`` compares it with the real engine.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import orjson
from opensearchpy.exceptions import HTTP_EXCEPTIONS, TransportError
from opensearchpy.exceptions import ConnectionError as NoConnection

from engine.blocking import Engine
from engine.client import AsyncEngine
from engine.fake.cluster import Cluster
from engine.fake.index import Failure
from engine.fake.queries import NotFaked
from engine.fake.requests import Requests
from engine.fake.writes import Script, operations_of
from engine.requests import Answer, Steps

__all__ = ["Asked", "Failure", "FakeEngine", "NotFaked", "busy", "full", "lost"]

BEGIN: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
BUSY: Final = {"type": "rejected_execution_exception", "reason": "queue is full"}
FULL: Final = {"type": "cluster_block_exception", "reason": "disk usage exceeded flood-stage watermark"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A received request."""

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None


Interference = Callable[[Asked], Any]


class FakeEngine:
    """One engine in memory; see the module."""

    def __init__(self, now: datetime = BEGIN) -> None:
        self.now = now
        self.requests: list[Asked] = []
        self.pauses: list[float] = []
        self.interfere: Interference | None = None
        self.cluster = Cluster()
        self._answers = Requests(self.cluster, lambda: self.now)
        self.blocking = Engine(_Transport(self), "fake", self.pauses.append)

    @property
    def scripts(self) -> dict[str, Script]:
        """The functions that replace scripts, by the script's source."""
        return self._answers.writes.scripts

    def asynchronous(self, timeout: float = 5.0) -> AsyncEngine:
        """Return the app's client over this engine."""
        return AsyncEngine(_AsyncTransport(self), timeout, address="fake", sleep=self._note_pause)

    def run(self, steps: Steps[Answer]) -> Answer:
        """Drive steps to their end."""
        return self.blocking.run(steps)

    def create(self, index: str, body: Mapping[str, Any] | None = None) -> None:
        """Create an index with settings, mappings and aliases, as from ``mappings.loader.load_index_body``."""
        self.cluster.create(index, body or {})

    def put(self, index: str, documents: Mapping[str, Mapping[str, Any]]) -> None:
        """Store documents by id, visible to searches; a missing index is created."""
        target = self.cluster.to_write(index, alias_only=False)
        for key, document in documents.items():
            target.write(key, document, {})
        target.refresh()

    def documents(self, index: str) -> dict[str, dict[str, Any]]:
        """Return the sources of all documents of an index or alias, by id, whether visible to searches or not."""
        return {key: stored.source for each in self.cluster.named(index) for key, stored in each.documents.items()}

    def answer(self, method: str, path: str, params: Mapping[str, Any], body: Any) -> bytes:
        """Return the answer to a request as the engine sends it; raises the exceptions of the client library."""
        path, _, query = path.partition("?")
        ignored = params.get("ignore", ())
        given = {**dict(parse_qsl(query)), **{name: str(value) for name, value in params.items() if name != "ignore"}}
        asked = Asked(method, path, given, body)
        self.requests.append(asked)
        try:
            answer = self.interfere(asked) if self.interfere is not None else None
            if answer is None:
                answer = self._answers.answer(method, unquote(path), given, body)
        except Failure as failure:
            if failure.status not in ignored:
                kind = HTTP_EXCEPTIONS.get(failure.status, TransportError)
                raise kind(failure.status, failure.kind, failure.body) from failure
            answer = failure.body
        return orjson.dumps(answer)

    async def _note_pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


class _Transport:
    """Replacement of the client library's transport."""

    def __init__(self, fake: FakeEngine) -> None:
        self._fake = fake

    def perform_request(self, method: str, path: str, *, params: Any = None, body: Any = None, **_: Any) -> bytes:
        return self._fake.answer(method, path, params or {}, body)

    def close(self) -> None:
        """Nothing is open."""


class _AsyncTransport:
    """The same for the asynchronous client."""

    def __init__(self, fake: FakeEngine) -> None:
        self._fake = fake

    async def perform_request(self, method: str, path: str, *, params: Any = None, body: Any = None, **_: Any) -> bytes:
        return self._fake.answer(method, path, params or {}, body)

    async def close(self) -> None:
        """Nothing is open."""


def busy(times: int = 1) -> Interference:
    """Return an interference: that many bulk requests find no room for any operation."""
    return _refusing(429, BUSY, times)


def full(times: int = 1) -> Interference:
    """Return an interference: that many bulk requests are refused because the disk is full."""
    return _refusing(429, FULL, times)


def lost(times: int = 1) -> Interference:
    """Return an interference: the connection of that many bulk requests is lost before anything is done."""

    def lose() -> Any:
        raise NoConnection("N/A", "connection reset", OSError("connection reset"))

    return _of_bulk(times, lambda _: lose())


def _refusing(status: int, error: Mapping[str, str], times: int) -> Interference:
    def refuse(asked: Asked) -> Any:
        items = [
            {kind: {"_id": action.get("_id"), "status": status, "error": dict(error)}}
            for kind, action, _ in operations_of(asked.body)
        ]
        return {"took": 1, "errors": True, "items": items}

    return _of_bulk(times, refuse)


def _of_bulk(times: int, answer: Interference) -> Interference:
    left = [times]

    def interfere(asked: Asked) -> Any:
        if not asked.path.endswith("/_bulk") or not left[0]:
            return None
        left[0] -= 1
        return answer(asked)

    return interfere
