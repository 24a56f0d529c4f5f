"""Exports whose clients disconnect: ``python -m bench.clients.left_exports URL --engine URL``.

URL is a running app over a large catalogue, the other one its engine. Clients start exports of all forms and disconnect
at various moments: before the first byte, between two pieces, without having read, while a step is awaited. Prints the
responses by status, the search times of others during that and alone, and how soon the engine has no open context left.
Exit status 1 if a limit is exceeded. There must be no other exports meanwhile.
"""

import argparse
import asyncio
import json
import multiprocessing
import random
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import urlopen

from bench.clients.beside import HEAD, others, wait_beside, wait_idle
from bench.tables import table

PATHS: Final = (
    "/api/v1/offers.csv", "/api/v1/offers.ndjson", "/api/v1/offers.ics?upcoming=false", "/sitemap-offres-1-1.xml",
    "/api/v1/offers.ndjson?q=anglais+comptable", "/api/v1/offers.csv?q=zzzzqq+xxyyww",
)  # fmt: skip
ENOUGH: Final = 100_000  # bytes that a client reads before it disconnects between two pieces
SMALL_BUFFER: Final = 4_096  # of a client that does not read, so that the server is blocked soon
RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER: the connection is reset, not closed
MOST_SECONDS: Final = 5.0  # after which no context may be open
MOST_SLOWER: Final = 2.0  # factor by which the searches of others may slow down
GIVE_UP: Final = 90.0


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--engine", required=True)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--at-once", type=int, default=12)
    parser.add_argument("--idle-seconds", type=float, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    aim = others(options.url)
    idle = wait_idle(aim, options.idle_seconds)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        leaving = pool.apply_async(leave_all, (options.url, options.count, options.at_once, options.seed))
        beside = wait_beside(aim, lambda: not leaving.ready())
        statuses = leaving.get()
    seconds, open_at_once = _seconds_until_closed(options.engine)
    with urlopen(f"{options.url}/api/v1/offers.ndjson", timeout=120) as response:
        whole = len(response.read().splitlines()) == int(response.headers["X-Total-Count"])
    slower = beside.search / idle.search
    print(table(("beside", *HEAD), [("nothing", *idle.row()), (f"{options.count} exports left", *beside.row())]))
    print(f"\nanswers: {dict(sorted(statuses.items()))} (0: left before the answer)")
    print(f"searches p95: {slower:.2f} × idle (bar ≤ {MOST_SLOWER:.0f})")
    print(f"open contexts: {open_at_once} at once, 0 after {seconds:.1f} s (bar ≤ {MOST_SECONDS:.0f})")
    print(f"an export afterwards is {'whole' if whole else 'NOT WHOLE'}")
    return 0 if whole and slower <= MOST_SLOWER and seconds <= MOST_SECONDS else 1


def leave_all(url: str, count: int, at_once: int, seed: int, patience: float = 1.0) -> Counter[int]:
    """Start that many exports and disconnect each after ``patience`` at most; return the number of responses by
    status.
    """
    rng = random.Random(seed)
    return asyncio.run(_leave_all(url, at_once, patience, iter([(rng.choice(PATHS), rng) for _ in range(count)])))


async def _leave_all(
    url: str, at_once: int, patience: float, left: Iterator[tuple[str, random.Random]]
) -> Counter[int]:
    statuses: Counter[int] = Counter()

    async def one_after_the_other() -> None:
        for path, rng in left:
            statuses[await _begin_and_leave(url, path, rng, patience)] += 1

    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
    return statuses


async def _begin_and_leave(url: str, path: str, rng: random.Random, patience: float) -> int:
    """Return the status of the response, 0 if the client disconnects before it."""
    parts = urlsplit(url)
    connection = socket.socket()
    connection.setblocking(False)
    if rng.random() < 0.5:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    loop, patient = asyncio.get_running_loop(), rng.random() < 0.5
    if not patient:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    try:
        await loop.sock_connect(connection, (parts.hostname or "127.0.0.1", parts.port or 80))
        method = "HEAD" if rng.random() < 0.05 else "GET"
        await loop.sock_sendall(connection, f"{method} {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
        received = b""
        if rng.random() < 0.75:
            received = await loop.sock_recv(connection, SMALL_BUFFER)
        size = len(received)
        while patient and received and size < ENOUGH and method == "GET" and not received.endswith(b"0\r\n\r\n"):
            chunk = await loop.sock_recv(connection, ENOUGH)
            size += len(chunk)
            received = chunk and received
        await asyncio.sleep(rng.random() * patience)
        return int(received[9:12] or 0)
    finally:
        connection.close()


def _seconds_until_closed(engine: str) -> tuple[float, int]:
    began, first = time.monotonic(), open_contexts(engine)
    while open_contexts(engine) and time.monotonic() - began < GIVE_UP:
        time.sleep(0.1)
    return time.monotonic() - began, first


def open_contexts(engine: str) -> int:
    """Return the number of open search contexts on all nodes."""
    with urlopen(f"{engine}/_nodes/stats/indices/search", timeout=10) as response:
        nodes: dict[str, Any] = json.load(response)["nodes"]
    return sum(node["indices"]["search"]["open_contexts"] for node in nodes.values())


if __name__ == "__main__":
    sys.exit(main())
