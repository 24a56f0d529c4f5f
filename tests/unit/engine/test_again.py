"""A request is sent to another node only if that is safe, and within its time limit."""

import asyncio
from typing import Any

import orjson
import pytest
from opensearchpy.exceptions import ConnectionError as LostConnection
from opensearchpy.exceptions import ConnectionTimeout, OpenSearchException, TransportError
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProtocolError

from engine import byte_connection
from engine.again import is_read
from engine.blocking import Engine
from engine.byte_connection import ByteConnection, WatchedConnection
from engine.client import AsyncEngine
from engine.connection import Connection
from engine.errors import BadAnswer, EngineError

REFUSED = LostConnection("N/A", "refused", NewConnectionError(None, "refused"))  # type: ignore[arg-type]
UNREACHED = LostConnection("N/A", "no route", ConnectTimeoutError())
LOST = LostConnection("N/A", "lost", ProtocolError("Connection aborted."))
LATE = ConnectionTimeout("TIMEOUT", "late", TimeoutError())
UNABLE = TransportError(503, "cluster_manager_not_discovered_exception", {})
GONE = TransportError(500, "x", {"error": {"type": "node_not_connected_exception", "reason": "closed"}})
BUSY = TransportError(429, "rejected", {})
FOUND = orjson.dumps({"_shards": {"total": 1, "successful": 1, "failed": 0}, "timed_out": False, "hits": {"hits": []}})
PARTIAL = orjson.dumps(
    {"_shards": {"total": 2, "successful": 1, "failed": 1}, "timed_out": False, "hits": {"hits": []}}
)
READ, WRITE = ("POST", "/x/_search"), ("POST", "/x/_update_by_query")


class Nodes:
    """A transport whose nodes fail in turn, before one answers."""

    def __init__(self, *errors: OpenSearchException) -> None:
        self.errors = list(errors)
        self.asked = 0

    def perform_request(self, *_: Any, **__: Any) -> Any:
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)
        return FOUND


class AsyncNodes(Nodes):
    """The same, awaited."""

    async def perform_request(self, *arguments: Any, **named: Any) -> Any:
        return super().perform_request(*arguments, **named)


def ask(nodes: Nodes, request: tuple[str, str], count: int) -> None:
    engine = Engine(nodes)
    engine.nodes = count
    engine.call(*request, {})


def ask_asynchronously(nodes: Nodes, request: tuple[str, str], count: int) -> None:
    engine = AsyncEngine(AsyncNodes(*nodes.errors), 5)
    engine.nodes = count
    try:
        asyncio.run(engine.call(*request, {}))
    finally:
        nodes.asked = engine.transport.asked


@pytest.mark.parametrize(
    ("error", "request_", "again"),
    [
        (REFUSED, READ, True), (REFUSED, WRITE, True), (UNREACHED, WRITE, True),
        (LOST, READ, True), (LOST, WRITE, False),
        (UNABLE, READ, True), (UNABLE, WRITE, False), (GONE, READ, True), (GONE, WRITE, False),
        (LATE, READ, False), (BUSY, READ, False), (TransportError(500, "x", {}), READ, False),
    ],
    ids=str,
)  # fmt: skip
def test_indexer_asks_another_node_only_what_is_safe(
    error: OpenSearchException, request_: tuple[str, str], again: bool
) -> None:
    nodes = Nodes(error, error)
    if again:
        ask(nodes, request_, 3)
        assert nodes.asked == 3
    else:
        with pytest.raises(EngineError):
            ask(nodes, request_, 3)
        assert nodes.asked == 1
    single = Nodes(error)
    with pytest.raises(EngineError):
        ask(single, request_, 1)
    assert single.asked == 1


@pytest.mark.parametrize(
    ("error", "request_", "count", "asked"),
    [(UNABLE, READ, 3, 2), (UNABLE, WRITE, 3, 1), (UNABLE, READ, 1, 1), (LOST, WRITE, 3, 2), (LATE, READ, 3, 1)],
    ids=str,
)
def test_app_asks_another_node_what_one_cannot_serve(
    error: OpenSearchException, request_: tuple[str, str], count: int, asked: int
) -> None:
    nodes = Nodes(error)
    if asked == 2:
        ask_asynchronously(nodes, request_, count)
    else:
        with pytest.raises(EngineError):
            ask_asynchronously(nodes, request_, count)
    assert nodes.asked == asked


@pytest.mark.parametrize(("count", "request_", "asked"), [(3, READ, 3), (1, READ, 1), (3, WRITE, 1)], ids=str)
def test_read_that_lacked_shards_is_repeated_in_a_cluster(count: int, request_: tuple[str, str], asked: int) -> None:
    lacking = PARTIAL if request_ is READ else b"[]"  # the only answer to a write that is incomplete
    answers = [lacking, lacking, FOUND]

    class Moving(AsyncNodes):
        async def perform_request(self, *_: Any, **__: Any) -> Any:
            self.asked += 1
            return answers.pop(0)

    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    engine = AsyncEngine(Moving(), 5, sleep=sleep)
    engine.nodes = count
    if asked == 3:
        assert asyncio.run(engine.call(*request_, {}))["hits"] == {"hits": []}
        assert pauses == [0.1, 0.4]
    else:
        with pytest.raises(BadAnswer):
            asyncio.run(engine.call(*request_, {}))
    assert engine.transport.asked == asked


@pytest.mark.parametrize(
    ("method", "path", "reads"),
    [
        ("GET", "/_cluster/health", True), ("HEAD", "/x", True), ("POST", "/x/_count", True),
        ("POST", "/x/_msearch?a=b", True), ("POST", "/x/_mget?_source_excludes=a", True),
        ("POST", "/x/_bulk", False), ("POST", "/_reindex", False), ("PUT", "/x/_search", False),
        ("POST", "/x/_search/point_in_time?keep_alive=1m", False), ("POST", "/_aliases", False),
        ("DELETE", "/x", False), ("PUT", "/_snapshot/a/b", False), ("POST", "/x/_refresh", False),
    ],
)  # fmt: skip
def test_reads_are_known_by_method_and_path(method: str, path: str, reads: bool) -> None:
    assert is_read(method, path) is reads


class Standing(ByteConnection):
    """A node that answers requests after ``takes`` seconds, and pings only if it is ``there``."""

    takes, there = 0.0, True

    async def perform_request(self, method: str, url: str, *_: Any, **named: Any) -> Any:
        if url == "/":
            if not self.there:
                raise ConnectionTimeout("TIMEOUT", "no answer", TimeoutError())
            return 200, {}, b"{}"
        await asyncio.sleep(self.takes)
        return 200, {}, FOUND


class Watched(WatchedConnection, Standing):
    pass


@pytest.mark.parametrize(("takes", "there", "is_given_up"), [(0, False, False), (0.2, True, False), (60, False, True)])
def test_node_that_answers_no_ping_is_given_up_and_one_that_takes_long_is_not(
    takes: float, there: bool, is_given_up: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(byte_connection, "SILENT_SECONDS", 0.05)

    async def run() -> Any:
        node = Watched()
        node.takes, node.there = takes, there
        return await asyncio.wait_for(node.perform_request("POST", "/x/_search"), 5)

    if is_given_up:
        with pytest.raises(LostConnection, match="silent"):
            asyncio.run(run())
    else:
        assert asyncio.run(run())[2] == FOUND


def test_busy_node_that_answers_others_needs_no_ping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(byte_connection, "SILENT_SECONDS", 0.1)

    async def run() -> Any:
        node = Watched()
        node.takes, node.there = 0.2, False
        slow = asyncio.create_task(node.perform_request("POST", "/x/_search"))
        await asyncio.sleep(0.01)
        node.takes = 0.0
        await node.perform_request("POST", "/x/_search")
        return await asyncio.wait_for(slow, 5)

    assert asyncio.run(run())[2] == FOUND


@pytest.mark.parametrize(("addresses", "kind"), [(1, ByteConnection), (3, WatchedConnection)])
def test_only_several_addresses_are_watched(addresses: int, kind: type[ByteConnection]) -> None:
    """A single node has no other: its time limit says how long it is waited for."""

    async def run() -> tuple[type, int]:
        engine = AsyncEngine.connect(Connection([f"http://127.0.0.1:{port}" for port in range(1, addresses + 1)]), 1)
        await engine.close()
        return engine.transport.connection_class, engine.nodes

    assert asyncio.run(run()) == (kind, addresses)
