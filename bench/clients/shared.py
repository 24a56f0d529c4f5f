"""Answers that may be a second old beside fresh ones, and a hundred clients with the same request at once.

``python -m bench.clients.shared FRESH_URL SHARED_URL [--rate 40] [--seconds 12]`` over two apps of one catalogue, the
second with BOUSSOLE_ANSWER_SECONDS. Each address is asked in an open loop (``bench.clients.soak``), times count from
the planned start of each request. Then addresses of the second app for which it keeps no answer are requested by one
client, and by a hundred at the same time, while the searches of the engine that BOUSSOLE_OPENSEARCH_URL and
BOUSSOLE_INDEX_PREFIX name are counted.
"""

import argparse
import asyncio
import re
import time
from itertools import repeat
from statistics import median
from typing import Final

from bench.clients.soak import SHOWN, Watched, percentile, run_at
from bench.engine_address import engine_to_measure
from bench.http_client import Connection, exchange, get, target
from bench.seats.client import ask_engine
from bench.tables import table
from mappings.names import IndexNames
from mappings.settings import EngineSettings

ADDRESSES: Final = ("/", "/offres", "/domaines", "/metiers")  # and the first domain that the site has
DOMAIN: Final = re.compile(rb'href="(/domaines/[^"]+)"')
CLIENTS: Final = 100
FIRST_SIZE: Final = 15  # pages of so many results and more were not asked for by what came before


async def in_open_loop(fresh: str, shared: str, rate: float, seconds: float) -> str:
    """Return a table of response times of each address, fresh and shared."""
    rows: list[list[object]] = []
    first = Connection(target(fresh, ()))
    domain = DOMAIN.search(first.ask(get("/domaines")))
    first.close()
    for address in (*ADDRESSES, *([domain[1].decode()] if domain else [])):
        row: list[object] = [address]
        for url in (fresh, shared):
            requests = repeat((address, get(address)))
            await run_at(url, rate, 2, requests, Watched(), 1)
            seen = Watched()
            await run_at(url, rate, seconds, requests, seen, 2)
            if seen.errors:
                raise RuntimeError(f"{url}{address}: {len(seen.errors)} failed: {seen.errors[0]}")
            times = [ms for _, ms, _ in seen.answers]
            row.append(", ".join(f"{percentile(times, share):.1f}" for share in SHOWN))
        rows.append(row)
    return table(["address", "fresh: p50, p95, p99 ms", "at most a second old"], rows)


async def at_once(url: str, engine_url: str, alias: str, rounds: int) -> str:
    """Return what one client and a hundred wait for pages that were never asked for, and the engine's searches."""
    alone: list[float] = []
    together: list[float] = []
    searches: list[tuple[int, int]] = []
    single = Connection(target(url, ()))
    for number in range(rounds):
        size, pages = FIRST_SIZE + number % 5, 80 + 2 * (number // 5)
        counted = [_searches(engine_url, alias)]
        alone.append(single.timed(get(f"/api/v1/offers?size={size}&facet_size={pages}")))
        counted.append(_searches(engine_url, alias))
        request = get(f"/api/v1/offers?size={size}&facet_size={pages + 1}")
        together += await asyncio.gather(*await _prepared(url, request))
        counted.append(_searches(engine_url, alias))
        searches.append((counted[1] - counted[0], counted[2] - counted[1]))
        await asyncio.sleep(1.2)  # until nothing is kept any more
    single.close()
    one, hundred = percentile(alone, 0.95), percentile(together, 0.95)
    return (
        f"{rounds} pages: one client p50 {median(alone):.1f}, p95 {one:.1f} ms; {CLIENTS} at once p50 "
        f"{median(together):.1f}, p95 {hundred:.1f} ms, {hundred / one:.2f} times; searches on a shard for one client "
        f"and for {CLIENTS}: {sorted(set(searches))}"
    )


async def _prepared(url: str, request: bytes) -> list[asyncio.Task[float]]:
    """Return tasks on open connections that send the request when they first run."""
    aim = target(url, ())
    connections = [await asyncio.open_connection(aim.host, aim.port, limit=1 << 22) for _ in range(CLIENTS)]
    return [asyncio.create_task(_timed(reader, writer, request)) for reader, writer in connections]


async def _timed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> float:
    began = time.perf_counter()
    await exchange(reader, writer, request)
    took = (time.perf_counter() - began) * 1000
    writer.close()
    return took


def _searches(engine_url: str, alias: str) -> int:
    """Return how many searches the shards of the offers have answered so far."""
    found = ask_engine(engine_url, f"{alias}/_stats/search")
    return int(found["_all"]["total"]["search"]["query_total"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fresh", help="address of the app without kept answers")
    parser.add_argument("shared", help="address of the app with them")
    parser.add_argument("--rate", type=float, default=40, help="requests a second")
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--rounds", type=int, default=20, help="pages that many clients ask for at once")
    options = parser.parse_args()
    names = IndexNames(EngineSettings.from_environment().index_prefix)
    print(asyncio.run(in_open_loop(options.fresh, options.shared, options.rate, options.seconds)), flush=True)
    print(asyncio.run(at_once(options.shared, engine_to_measure(), names.offers, options.rounds)))


if __name__ == "__main__":
    main()
