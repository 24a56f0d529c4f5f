"""``python -m bench.app.cost``: CPU of the app's own code per response, without sockets, engine and scheduler.

Requests go to an app in this process. The engine answers each once; then its answer is replayed from memory, so that
only the app is measured: the minimum of several rounds, which other programs disturb little. "Cold" reads 8 MiB of
memory before each request, as the engine does between two requests on a shared machine. BOUSSOLE_OPENSEARCH_URL and
BOUSSOLE_INDEX_PREFIX name the loaded catalogue.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.applications import Starlette

from bench.kinds import Drawn, Values, kinds
from bench.tables import table
from search_app.base.settings import Settings
from search_app.search.engine.offers import OffersEngine
from search_app.web.app import create_app

SEARCH, PAGE = "/api/v1/offers", "/offres"
WALKED = 8 << 20  # bytes: more than the caches of one core hold
SEARCHES = "/_search?"


class PlayedBack:
    """Replacement of the client's transport: asks the engine the first time, then replays its answer."""

    def __init__(self, asks: Callable[..., Awaitable[bytes]]) -> None:
        self._asks = asks
        self._answers: dict[tuple[str, bytes], bytes] = {}

    async def perform_request(self, method: str, path: str, **rest: Any) -> bytes:
        """Return the answer; for searches from memory after the first time."""
        if SEARCHES not in path:
            answer: bytes = await self._asks(method, path, **rest)
            return answer
        key = path, json.dumps(rest["body"]).encode()
        if key not in self._answers:
            self._answers[key] = await self._asks(method, path, **rest)
        return self._answers[key]


async def ask(app: Starlette, path: str, drawn: Drawn) -> tuple[float, bytes]:
    """Return the milliseconds of CPU of one request, and its body; raises RuntimeError unless the status is 200."""
    query = urlencode(drawn).encode()
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query, "root_path": "",
        "headers": [(b"host", b"bench"), (b"accept", b"*/*")], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(3600)
        return {}

    async def send(message: Any) -> None:
        sent.append(message)

    began = time.thread_time_ns()
    await app(scope, receive, send)
    spent = (time.thread_time_ns() - began) / 1e6
    if sent[0]["status"] != 200:
        raise RuntimeError(f"{path}?{query.decode()}: {sent[0]['status']}")
    return spent, b"".join(message.get("body", b"") for message in sent[1:])


async def measure(each: int, rounds: int, seed: int) -> list[list[object]]:
    """Return a row for each kind: its name, and CPU of JSON and page, with hot and cold caches."""
    settings = Settings.from_environment()
    engine = OffersEngine.connect(settings)
    app = create_app(settings, engine)
    async with app.router.lifespan_context(app):
        transport = engine.client.transport
        setattr(transport, "perform_request", PlayedBack(transport.perform_request).perform_request)  # noqa: B010
        facets = json.loads((await ask(app, SEARCH, {"size": "1"}))[1])["facets"]
        rng, today = random.Random(seed), datetime.now(ZoneInfo("Europe/Paris")).date()
        drawn = {kind: [draw(rng) for _ in range(each)] for kind, draw in kinds(Values(facets), today).items()}
        figures = [await _figures(app, path, drawn, rounds, cold=cold) for path in (SEARCH, PAGE) for cold in (0, 1)]
    return [[kind, *(f"{row[kind]:.2f}" for row in figures)] for kind in drawn]


async def _figures(
    app: Starlette, path: str, drawn: dict[str, list[Drawn]], rounds: int, *, cold: int
) -> dict[str, float]:
    """Return the mean of the minimum of several rounds, by kind; all requests in turns, the first round not counted."""
    source, walked = bytes(WALKED), bytearray(WALKED)
    least = {kind: [float("inf")] * len(requests) for kind, requests in drawn.items()}
    for number in range(rounds + 1):
        for kind, requests in drawn.items():
            for at, request in enumerate(requests):
                if cold:
                    walked[:] = source
                spent, _ = await ask(app, path, request)
                if number:
                    least[kind][at] = min(least[kind][at], spent)
    return {kind: statistics.mean(times) for kind, times in least.items()}


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=8, help="different requests of each kind")
    parser.add_argument("--rounds", type=int, default=7, help="of which the least counts")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rows = asyncio.run(measure(options.each, options.rounds, options.seed))
    print(table(["CPU ms of the app's code", "JSON", "JSON, cold", "page", "page, cold"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
