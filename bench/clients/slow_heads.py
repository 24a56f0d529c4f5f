"""``python -m bench.clients.slow_heads URL``: search times while clients send incomplete or endless request heads.

Sends searches of all kinds to a running app, alone and beside 64 clients that send a byte of a head every tenth of a
second and one that sends an endless head as fast as it can; each reconnects when it is disconnected. Prints a table of
both in turns. Exit status 1 if the 95th percentile beside them is over twice that alone.
"""

import argparse
import asyncio
import json
import random
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from typing import Final
from urllib.parse import urlencode
from urllib.request import urlopen

from bench.http_client import Connection, get, target
from bench.kinds import Values, kinds
from bench.tables import table

SLOW: Final = 64
BYTE_SECONDS: Final = 0.1
BURST: Final = b"a" * 65_536
BAR: Final = 2.0
BOTHERING: Final = "bothering"  # printed by the process that sends heads when all clients have begun


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("--each", type=int, default=20, help="different searches of each kind")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow", type=int, default=SLOW, help="clients that send half a request")
    parser.add_argument("--bother", action="store_true", help="only send heads, until stopped")
    options = parser.parse_args()
    if options.bother:
        with suppress(KeyboardInterrupt):
            asyncio.run(_bother(options.url, options.slow))
        return 0
    requests = _searches(options.url, options.each)
    timed(options.url, requests)  # warm up
    alone: list[float] = []
    beside: list[float] = []
    for _ in range(options.rounds):
        alone += timed(options.url, requests)
        with bothered(options.url, options.slow):
            beside += timed(options.url, requests)
    rows = [[name, len(times), *quantiles(times)] for name, times in (("alone", alone), ("beside", beside))]
    print(table(["searches", "requests", "p50 ms", "p95", "most"], rows))
    ratio = quantiles(beside)[1] / quantiles(alone)[1]
    print(f"\np95 beside {options.slow} slow heads and an endless one: {ratio:.2f} × alone (bar: {BAR:g})")
    return int(ratio > BAR)


def timed(url: str, requests: Sequence[bytes]) -> list[float]:
    """Return how many milliseconds each answer took, one after the other over one connection."""
    connection = Connection(target(url, ()))
    try:
        return [connection.timed(request) for request in requests]
    finally:
        connection.close()


def quantiles(times: Sequence[float]) -> tuple[float, float, float]:
    """Return the median, the 95th percentile and the longest."""
    parts = statistics.quantiles(times, n=20)
    return parts[9], parts[18], max(times)


@contextmanager
def bothered(url: str, slow: int = SLOW) -> Iterator[None]:
    """Send heads from a separate process while the block runs."""
    command = [sys.executable, "-m", "bench.clients.slow_heads", url, "--bother", "--slow", str(slow)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        if process.stdout.readline().strip() != BOTHERING:
            raise RuntimeError(f"no heads could be sent to {url}")
        yield
        if process.poll() is not None:
            raise RuntimeError(f"the heads ended early, with status {process.returncode}")
    finally:
        process.kill()  # needs no clean-up
        process.communicate()


def _searches(url: str, each: int) -> list[bytes]:
    with urlopen(f"{url}/api/v1/offers?size=1", timeout=60) as answer:
        values = Values(json.load(answer)["facets"])
    rng = random.Random(1)
    draws = kinds(values, date.today()).values()
    return [get(f"/api/v1/offers?{urlencode(draw(rng))}") for draw in draws for _ in range(each)]


async def _bother(url: str, slow: int) -> None:
    begun: asyncio.Queue[None] = asyncio.Queue()
    clients = [asyncio.create_task(_slow(url, begun)) for _ in range(slow)]
    clients.append(asyncio.create_task(_endless(url, begun)))
    for _ in clients:
        await begun.get()
    print(BOTHERING, flush=True)
    await asyncio.gather(*clients)


async def _slow(url: str, begun: asyncio.Queue[None]) -> None:
    aim = target(url, ())
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(aim.host, aim.port)
            writer.write(b"GET /api/v1/offers?q=")
            begun.put_nowait(None)
            while not reader.at_eof() and not writer.is_closing():
                writer.write(b"a")
                await asyncio.sleep(BYTE_SECONDS)
            writer.close()
        await asyncio.sleep(0)


async def _endless(url: str, begun: asyncio.Queue[None]) -> None:
    aim = target(url, ())
    while True:
        with suppress(OSError):
            _, writer = await asyncio.open_connection(aim.host, aim.port)
            writer.write(b"GET /")
            begun.put_nowait(None)
            while not writer.is_closing():
                writer.write(BURST)
                await writer.drain()
        await asyncio.sleep(0)


if __name__ == "__main__":
    sys.exit(main())
