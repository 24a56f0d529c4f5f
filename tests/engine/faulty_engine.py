"""Stands between the app and the real engine, on the event loop of both, and fails as it is told to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import orjson
from aiohttp import ClientSession, web
from yarl import URL

JSON: Final = "application/json"
NO_SHARD: Final = {"type": "no_shard_available_action_exception", "reason": "No shard available"}
NOT_ACTIVE: Final = {"type": "unavailable_shards_exception", "reason": "primary shard is not active"}
DISK: Final = {"type": "cluster_block_exception", "reason": "blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded]"}
ALL_FAILED: Final = {
    "error": {"root_cause": [], "type": "search_phase_execution_exception", "reason": "all shards failed"},
    "status": 503,
}
HTML: Final = b"<html><body>502 Bad Gateway</body></html>"
DRIP_SECONDS: Final = 0.05  # between two bytes
SLOW_SECONDS: Final = 0.6

# Answers in the engine's place, or changes its answer; None passes it on.
Fault = Callable[["Asked"], Awaitable[web.StreamResponse | None]]


class Asked:
    """One request, and a way to the engine's own answer."""

    def __init__(
        self, request: web.Request, body: bytes, session: ClientSession, engine: str, mended: asyncio.Event
    ) -> None:
        self.request, self.body, self.mended = request, body, mended
        self.path = request.path
        self._session, self._engine = session, engine

    async def answer(self) -> tuple[int, bytes]:
        """Return what the engine answers."""
        url = URL(self._engine + self.request.raw_path, encoded=True)
        headers = {"content-type": self.request.headers.get("content-type", JSON)}
        async with self._session.request(self.request.method, url, data=self.body or None, headers=headers) as found:
            return found.status, await found.read()


def say(status: int, body: bytes, kind: str = JSON) -> Fault:
    """Return the fault of an engine that always says the same."""

    async def fault(_: Asked) -> web.StreamResponse:
        return web.Response(status=status, body=body, content_type=kind)

    return fault


async def reset(asked: Asked) -> web.StreamResponse | None:
    """Close the connection without an answer."""
    assert asked.request.transport is not None
    asked.request.transport.abort()
    return web.Response()


async def hang(asked: Asked) -> web.StreamResponse | None:
    """Answer only when all is well again, as an engine does that was stopped and goes on."""
    await asked.mended.wait()
    return None


async def slow(_: Asked) -> web.StreamResponse | None:
    """Give each right answer in time, but so late that several are not."""
    await asyncio.sleep(SLOW_SECONDS)
    return None


async def drip(asked: Asked) -> web.StreamResponse | None:
    """Send the right answer byte by byte."""
    status, body = await asked.answer()
    response = web.StreamResponse(status=status, headers={"content-type": JSON, "content-length": str(len(body))})
    await response.prepare(asked.request)
    with suppress(OSError):
        for at in range(len(body)):
            if asked.mended.is_set():
                await response.write(body[at:])
                break
            await response.write(body[at : at + 1])
            await asyncio.sleep(DRIP_SECONDS)
    return response


async def cut(asked: Asked) -> web.StreamResponse | None:
    """Close the connection in the middle of the right answer."""
    status, body = await asked.answer()
    response = web.StreamResponse(status=status, headers={"content-type": JSON, "content-length": str(len(body))})
    await response.prepare(asked.request)
    await response.write(body[: len(body) // 2])
    return await reset(asked)


async def half(asked: Asked) -> web.StreamResponse | None:
    """Send half of the right answer as if it were whole."""
    status, body = await asked.answer()
    return web.Response(status=status, body=body[: len(body) // 2], content_type=JSON)


def changing(change: Callable[[str, Any], Any]) -> Fault:
    """Return the fault of an engine whose answers are changed; ``change`` is given the path."""

    async def fault(asked: Asked) -> web.StreamResponse | None:
        status, body = await asked.answer()
        if status >= 400:
            return web.Response(status=status, body=body, content_type=JSON)
        changed = change(asked.path, orjson.loads(body))
        return web.Response(status=changed.get("status", 200), body=orjson.dumps(changed), content_type=JSON)

    return fault


def _each_search(path: str, answer: Any, change: dict[str, Any]) -> Any:
    if path.endswith("/_search"):
        answer.update(change)
    for item in answer.get("responses", ()) if path.endswith("/_msearch") else ():
        item.update(change)
    return answer


def late(path: str, answer: Any) -> Any:
    """Say of each search that it was stopped."""
    return _each_search(path, answer, {"timed_out": True})


def failed_shards(path: str, answer: Any) -> Any:
    """Say of everything that tells of shards that one failed."""
    shards = {"total": 2, "successful": 1, "skipped": 0, "failed": 1}
    if path.endswith(("/_stats", "/_refresh", "/_count", "/point_in_time")):
        answer["_shards"] = shards
    return _each_search(path, answer, {"_shards": shards})


def failed_gets(path: str, answer: Any) -> Any:
    """Let every document of an ``_mget`` be on a shard that is not assigned."""
    if path.endswith("/_mget"):
        answer["docs"] = [{"_index": row["_index"], "_id": row["_id"], "error": NO_SHARD} for row in answer["docs"]]
    return answer


async def failed_bulk(asked: Asked) -> web.StreamResponse | None:
    """Store nothing of a bulk request, and say so of each item."""
    return _bulk_of(asked, 503, NOT_ACTIVE)


async def full_disk(asked: Asked) -> web.StreamResponse | None:
    """Refuse to write, as an engine does whose disk is full."""
    if "/_doc/" in asked.path and asked.request.method == "PUT":
        return web.Response(status=429, body=orjson.dumps({"error": DISK, "status": 429}), content_type=JSON)
    return _bulk_of(asked, 429, DISK)


def _bulk_of(asked: Asked, status: int, error: dict[str, str]) -> web.StreamResponse | None:
    if not asked.path.endswith("/_bulk"):
        return None
    actions = [row for row in map(orjson.loads, asked.body.splitlines()) if row.keys() <= {"index", "create", "update"}]
    items = [{next(iter(row)): {"_id": "x", "status": status, "error": error}} for row in actions]
    body = orjson.dumps({"took": 1, "errors": True, "items": items})
    return web.Response(body=body, content_type=JSON)


async def unassigned(asked: Asked) -> web.StreamResponse | None:
    """Answer as the engine does while no shard is assigned; test_unassigned_shard.py looks at a real one."""
    if asked.path.endswith(("/_bulk", "/_refresh")) or "/_doc/" in asked.path:
        return await hang(asked)  # it waits a minute for the shard
    if asked.path.endswith("/_mget"):
        return await changing(failed_gets)(asked)
    if asked.path.endswith("/_stats"):
        empty = {"_shards": {"total": 1, "successful": 0, "failed": 0}, "indices": {}}
        return web.Response(body=orjson.dumps(empty), content_type=JSON)
    if asked.path.endswith("/_msearch"):
        items = [ALL_FAILED for _ in asked.body.splitlines()[::2]]
        return web.Response(body=orjson.dumps({"took": 1, "responses": items}), content_type=JSON)
    if asked.path.endswith(("/_search", "/point_in_time")):
        return web.Response(status=503, body=orjson.dumps(ALL_FAILED), content_type=JSON)
    return None


FAULTS: Final[dict[str, Fault | None]] = {
    "refuse": None,  # nothing listens any more
    "reset": reset,
    "hang": hang,
    "drip": drip,
    "slow": slow,
    "cut body": cut,
    "429": say(429, b'{"error":{"type":"rejected_execution_exception","reason":"queue"},"status":429}'),
    "500": say(500, b'{"error":{"type":"x","reason":"y"},"status":500}'),
    "502": say(502, HTML, "text/html"),
    "503": say(503, b'{"error":{"type":"cluster_manager_not_discovered_exception","reason":"z"},"status":503}'),
    "HTML as 200": say(200, HTML, "text/html"),
    "{}": say(200, b"{}"),
    "[]": say(200, b"[]"),
    "null": say(200, b"null"),
    "half JSON": half,
    "timed_out": changing(late),
    "failed shards": changing(failed_shards),
    "unassigned shard": unassigned,
    "failed documents of mget": changing(failed_gets),
    "failed documents of bulk": failed_bulk,
    "full disk": full_disk,
}


class FaultyEngine:
    """The engine, until a fault is set."""

    def __init__(self, engine: str, session: ClientSession) -> None:
        self._engine, self._session = engine, session
        self._fault: Fault | None = None
        self._mended = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    async def set(self, name: str) -> None:
        """Begin to fail."""
        self._fault = FAULTS[name]
        if name == "refuse":
            await self.stop()

    def set_own(self, fault: Fault) -> None:
        """Begin to fail in a way of a test's own."""
        self._fault = fault

    async def mend(self) -> None:
        """Answer as the engine does again."""
        self._fault = None
        self._mended.set()
        self._mended = asyncio.Event()
        if self._runner is None:
            await self.listen()

    async def listen(self) -> None:
        """Begin to listen, at the port of the first time."""
        application = web.Application(client_max_size=10**9)
        application.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.01)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        assert site._server is not None
        self._port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]

    async def stop(self) -> None:
        """Close all connections and listen no more."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        asked = Asked(request, await request.read(), self._session, self._engine, self._mended)
        response = await self._fault(asked) if self._fault else None
        if response is not None:
            return response
        status, body = await asked.answer()
        return web.Response(status=status, body=body, content_type=JSON)


@asynccontextmanager
async def faulty_engine(engine: str) -> AsyncIterator[FaultyEngine]:
    """Yield the engine behind a proxy that can be told to fail."""
    async with ClientSession() as session:
        faulty = FaultyEngine(engine, session)
        await faulty.listen()
        try:
            yield faulty
        finally:
            await faulty.stop()
