"""Soak run at a share of the peak rate: detects drift, growth and leaks.

``python -m bench.clients.soak URL --pid PID [--minutes 30] [--share 0.7] [--statements] [--streams N]`` over an app
that serves a loaded catalogue; a part of ``make bench``. The peak is measured first (eight clients, each sends its next
request at once); then requests of all kinds (``bench.clients.mix``) arrive at random moments at that share of it. A
response time counts from the moment at which its request was due, so that a stall counts for every request that waits
behind it. Several shares, as in ``--share 0.3 0.5 0.7 0.8 0.9``, are run one after the other, ``--minutes`` each, and
shown by kind of request; a single one is watched for drift. ``--statements`` sends seat statements, too: the app must
run with BOUSSOLE_SEATS_TOKENS as in ``bench.seats.client``. Exit status 1 if a limit is exceeded or a request fails.
"""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, pairwise
from typing import Final
from zoneinfo import ZoneInfo

import psutil

from bench.clients.mix import Mix, Request
from bench.http_client import exchange, target, throughput
from bench.processes import App
from bench.tables import table

CLIENTS: Final = 8  # clients that measure the peak
CONNECTIONS: Final = 32  # connections for due requests: more than are ever in use below the peak
SHARE: Final = 0.7  # of the peak
SETTLE_SECONDS: Final = 60  # warm-up at the rate of the run, before anything is counted
PEAK_REQUESTS: Final = 4000  # distinct requests, in turn
SAMPLE_SECONDS: Final = 1.0
PARTS: Final = 6  # rows of the table
SHOWN: Final = (0.5, 0.95, 0.99)
MOST_DRIFT: Final = 0.10  # of the 99th percentile, last third over first
MOST_GROWTH: Final = 0.05  # of resident memory, last third over first
MOST_DESCRIPTORS: Final = 8  # more at the end than at the start: connections that happen to be open


@dataclass
class Watched:
    """Observations: (second since the start, milliseconds, kind) of each response; (second, bytes, descriptors) of the
    app.
    """

    answers: list[tuple[float, float, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    process: list[tuple[float, int, int]] = field(default_factory=list)


async def run_at(url: str, rate: float, seconds: float, requests: Iterator[Request], seen: Watched, seed: int) -> None:
    """Send requests at random moments, ``rate`` a second on average; times go to ``seen``."""
    due: asyncio.Queue[tuple[float, Request] | None] = asyncio.Queue()
    began = time.perf_counter()
    workers = [asyncio.create_task(_send_due(url, due, began, seen)) for _ in range(CONNECTIONS)]
    rng = random.Random(seed)
    moment = began
    while moment < began + seconds:
        moment += rng.expovariate(rate)
        await asyncio.sleep(moment - time.perf_counter())
        due.put_nowait((moment, next(requests)))
    for _ in workers:
        due.put_nowait(None)
    await asyncio.gather(*workers)


async def _send_due(url: str, due: asyncio.Queue[tuple[float, Request] | None], began: float, seen: Watched) -> None:
    aim = target(url, ())
    reader, writer = await asyncio.open_connection(aim.host, aim.port, limit=1 << 22)
    while (job := await due.get()) is not None:
        moment, (kind, request) = job
        try:
            await exchange(reader, writer, request)
        except (OSError, RuntimeError) as error:
            seen.errors.append(str(error)[:200])
            reader, writer = await asyncio.open_connection(aim.host, aim.port, limit=1 << 22)
        seen.answers.append((moment - began, (time.perf_counter() - moment) * 1000, kind))
    writer.close()


async def watch_process(app: App, seen: Watched) -> None:
    """Record memory and descriptors of the app until cancelled."""
    began = time.perf_counter()
    while True:
        await asyncio.sleep(SAMPLE_SECONDS)
        seen.process.append((time.perf_counter() - began, app.process.memory_info().rss, app.process.num_fds()))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which that share of the values lies.

    >>> percentile([3.0, 1.0, 2.0], 0.5)
    2.0
    """
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def soak(app: App, options: argparse.Namespace) -> bool:
    """Measure the peak, run at each share of it, print the results; return whether every limit was met."""
    today = datetime.now(ZoneInfo("Europe/Paris")).date()
    mix = Mix(app, today, options.seed, statements=options.statements)
    requests = mix.requests()
    some = target(app.url, [request for _, request in islice(requests, PEAK_REQUESTS)])
    await throughput(some, CLIENTS, 10)  # a fresh engine is slower
    peak = sorted([await throughput(some, CLIENTS, 10) for _ in range(3)])[1]
    seconds, good = options.minutes * 60, True
    async with mix.streams(options.streams) as received:
        await run_at(app.url, peak * options.share[0], min(SETTLE_SECONDS, seconds), requests, Watched(), options.seed)
        for number, share in enumerate(options.share, 1):
            print(f"\n## {options.minutes:g} min at {share:.0%} of the peak of {peak:.0f} requests/s\n", flush=True)
            seen = Watched()
            watcher = asyncio.create_task(watch_process(app, seen))
            await run_at(app.url, peak * share, seconds, requests, seen, options.seed + number)
            watcher.cancel()
            good &= report(seen, seconds) if len(options.share) == 1 else report_kinds(seen)
        if options.streams:
            print(f"\n{options.streams} streams, {sum(received):,} bytes received, {received.count(0)} without any")
    return good


def report_kinds(seen: Watched) -> bool:
    """Print the times by kind of request; return whether none failed."""
    by_kind: dict[str, list[float]] = {"all": [ms for _, ms, _ in seen.answers]}
    for _, ms, kind in seen.answers:
        by_kind.setdefault(kind, []).append(ms)
    rows = [[kind, len(times), *(percentile(times, each) for each in SHOWN)] for kind, times in by_kind.items()]
    print(table(["kind", "answers", *(f"p{100 * each:g} ms" for each in SHOWN)], rows), flush=True)
    print(f"\nerrors {len(seen.errors)}", *seen.errors[:3])
    return not seen.errors


def report(seen: Watched, seconds: float) -> bool:
    """Print the parts of the run and the limits; return whether every limit was met."""
    edges = [seconds * number / PARTS for number in range(PARTS)] + [float("inf")]
    rows = [_row(seen, begin, end) for begin, end in pairwise(edges)]
    print(table(["from minute", "answers", "p50 ms", "p99 ms", "resident MiB", "descriptors"], rows), flush=True)
    third = seconds / 3

    def change(pick: Callable[[float, float], float]) -> float:
        return pick(seconds - third, float("inf")) / pick(0, third) - 1

    drift = change(lambda begin, end: percentile([ms for at, ms, _ in seen.answers if begin <= at < end], 0.99))
    growth = change(lambda begin, end: _mean([size for at, size, _ in seen.process if begin <= at < end]))
    more = seen.process[-1][2] - seen.process[0][2]
    good = not seen.errors and drift < MOST_DRIFT and growth < MOST_GROWTH and more <= MOST_DESCRIPTORS
    errors = len(seen.errors)
    print(f"\np99 {drift:+.1%}, memory {growth:+.1%}, descriptors {more:+d}, errors {errors}", *seen.errors[:3])
    return good


def _row(seen: Watched, begin: float, end: float) -> list[object]:
    times = [ms for at, ms, _ in seen.answers if begin <= at < end]
    samples = [(size, open_) for at, size, open_ in seen.process if begin <= at < end]
    memory = _mean([size for size, _ in samples]) / (1 << 20)
    p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
    return [f"{begin / 60:g}", len(times), p50, p99, memory, max(open_ for _, open_ in samples)]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--pid", type=int, required=True, help="process of the app")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--share", type=float, nargs="+", default=[SHARE], help="of the peak")
    parser.add_argument("--statements", action="store_true", help="send seat statements")
    parser.add_argument("--streams", type=int, default=0, help="streams of seats that stay open")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    app = App(options.url, psutil.Process(options.pid))
    return 0 if asyncio.run(soak(app, options)) else 1


if __name__ == "__main__":
    sys.exit(main())
