"""Response times of a running app for other clients during a disturbance."""

import json
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle
from urllib.parse import urlencode
from urllib.request import urlopen

from bench.http_client import Connection, Target, get, target
from bench.kinds import Values, kinds

PAUSE = 0.02  # seconds between two requests, so that measuring adds little load
PINGS = 3  # for each search


@dataclass
class Waits:
    """Milliseconds of pings and of searches."""

    pings: list[float] = field(default_factory=list)
    searches: list[float] = field(default_factory=list)

    def row(self) -> tuple[int, float, float, int, float, float]:
        """Return number, median and 95th percentile of both."""
        return (*_cut(self.pings), *_cut(self.searches))

    @property
    def ping(self) -> float:
        """The median ping."""
        return statistics.median(self.pings)

    @property
    def search(self) -> float:
        """The 95th percentile of the searches."""
        return _cut(self.searches)[2]


HEAD = ("pings", "median ms", "p95 ms", "searches", "median ms", "p95 ms")


def others(url: str, seed: int = 1) -> Target:
    """Return searches of all kinds in random order, each with different values."""
    with urlopen(f"{url}/api/v1/offers?size=1", timeout=60) as response:
        values = Values(json.load(response)["facets"])
    rng = random.Random(seed)
    draws = list(kinds(values, date.today()).values())
    requests = [get(f"/api/v1/offers?{urlencode(rng.choice(draws)(rng))}") for _ in range(1_000)]
    return target(url, requests)


def wait_beside(aim: Target, going_on: Callable[[], bool]) -> Waits:
    """Ping and search in turns, as long as the disturbance lasts."""
    waits, ping = Waits(), get("/healthz")
    for request in cycle(aim.requests):
        if not going_on():
            return waits
        waits.pings += [_timed(aim, ping) for _ in range(PINGS)]
        waits.searches.append(_timed(aim, request))
    return waits


def _timed(aim: Target, request: bytes) -> float:
    """Return the milliseconds of one request over a new connection: a server may close an idle kept one."""
    time.sleep(PAUSE)
    began = time.perf_counter()
    connection = Connection(aim)
    connection.ask(request)
    connection.close()
    return (time.perf_counter() - began) * 1000


def wait_idle(aim: Target, seconds: float) -> Waits:
    """Ping and search for some seconds without disturbance; the first requests warm the app and are left out."""
    warm, end = time.monotonic() + seconds, time.monotonic() + 2 * seconds
    wait_beside(aim, lambda: time.monotonic() < warm)
    return wait_beside(aim, lambda: time.monotonic() < end)


def _cut(milliseconds: list[float]) -> tuple[int, float, float]:
    ordered = sorted(milliseconds)
    return len(ordered), ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
