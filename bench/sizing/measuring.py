"""Measures one installation: CPU of app and engine a search and a statement, sizes of indices and processes."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from statistics import median
from typing import Any, Final
from urllib.parse import urlencode

import orjson
import psutil

from bench.answers import fetch
from bench.http_client import Connection, get, target
from bench.kinds import Drawn, Values, kinds
from bench.processes import App
from bench.seats.client import Figure, ask_engine, draw_sessions, send
from bench.sizing.points import KindCost, Point
from mappings.names import IndexNames

IDLE_SECONDS: Final = 10.0  # how long what the processes take by themselves is watched
SETTLE_SECONDS: Final = 5.0  # until the last statements are projected and refreshed
BATCH: Final = 10  # statements of one request
BATCH_SECONDS: Final = 0.05  # from one request to the next


@dataclass(frozen=True)
class Cpu:
    """Seconds of CPU that app and engine have used."""

    app: float
    engine: float


class Meter:
    """Reads the CPU of app and engine; what they take while nothing is asked is subtracted."""

    def __init__(self, app: App, engine: Sequence[psutil.Process]) -> None:
        self.app = app
        self.engine = [member for each in engine for member in (each, *each.children(recursive=True))]
        before = self._read()
        time.sleep(IDLE_SECONDS)
        after = self._read()
        self.idle = Cpu((after.app - before.app) / IDLE_SECONDS, (after.engine - before.engine) / IDLE_SECONDS)

    def of(self, work: Callable[[], object]) -> Cpu:
        """Do some work and return the seconds of CPU that it took, without what is taken anyway."""
        began = time.perf_counter()
        took = self.with_idle(work)
        seconds = time.perf_counter() - began
        return Cpu(took.app - self.idle.app * seconds, took.engine - self.idle.engine * seconds)

    def with_idle(self, work: Callable[[], object]) -> Cpu:
        """Do some work and return the seconds of CPU that the processes used meanwhile."""
        before = self._read()
        work()
        after = self._read()
        return Cpu(after.app - before.app, after.engine - before.engine)

    def _read(self) -> Cpu:
        used = [each.cpu_times() for each in self.engine]
        return Cpu(self.app.cpu_seconds(), sum(times.user + times.system for times in used))


@dataclass(frozen=True)
class Course:
    """How much is asked: requests of each kind in a round, rounds, statements; and the day."""

    each: int
    rounds: int
    statements: int
    day: date
    seed: int


def measure(name: str, meter: Meter, engine_url: str, names: IndexNames, course: Course) -> Point:
    """Ask and state, and return what it took; the app must take the bench's token if statements are sent."""
    least_heap = [_heap(engine_url)]
    searches = _searches(meter, course, lambda: least_heap.append(_heap(engine_url)))
    stated = _statements(meter, engine_url, names, course) if course.statements else 0.0
    index = ask_engine(engine_url, f"{names.offers}/_stats/docs,store?level=shards")
    offers = index["_all"]["primaries"]
    ledger = ask_engine(engine_url, f"{names.ledger}/_stats/docs,store")["_all"]["primaries"]
    count = {"size": 0, "aggs": {"sessions": {"value_count": {"field": "session_keys"}}}}
    sessions = ask_engine(engine_url, f"{names.offers}/_search?request_cache=false", count)["aggregations"]["sessions"]
    return Point(
        name=name,
        day=course.day.isoformat(),
        offers=offers["docs"]["count"],
        sessions=sessions["value"],
        shards=index["_shards"]["total"],
        nodes=ask_engine(engine_url, "_cluster/health")["number_of_data_nodes"],
        index_bytes=offers["store"]["size_in_bytes"],
        statements=ledger["docs"]["count"],
        ledger_bytes=ledger["store"]["size_in_bytes"],
        heap_bytes=min(least_heap),
        app_bytes=meter.app.process.memory_info().rss,
        statement_ms=round(stated, 3),
        searches=searches,
    )


def _searches(meter: Meter, course: Course, after_round: Callable[[], None]) -> list[KindCost]:
    """Ask all kinds in turns, ``rounds`` times, with values that were never asked before."""
    rng = random.Random(course.seed)
    values = Values(fetch(meter.app, {"size": "1"})["facets"])
    drawing = kinds(values, course.day)
    connection = Connection(target(meter.app.url, ()))
    seen: dict[str, list[tuple[Cpu, list[float], list[float]]]] = {kind: [] for kind in drawing}
    for number in range(course.rounds + 1):
        for kind, draw in drawing.items():
            drawn = [draw(rng) for _ in range(course.each)]
            times: list[float] = []
            hits: list[float] = []
            took = meter.of(partial(_ask, connection, drawn, times, hits))
            if number:  # the first round warms
                seen[kind].append((took, times, hits))
        after_round()
    connection.close()
    return [_cost(kind, rounds) for kind, rounds in seen.items()]


def _ask(connection: Connection, drawn: Sequence[Drawn], milliseconds: list[float], hits: list[float]) -> None:
    for parameters in drawn:
        began = time.perf_counter()
        body = connection.ask(get(f"/api/v1/offers?{urlencode(parameters)}"))
        milliseconds.append((time.perf_counter() - began) * 1000)
        hits.append(orjson.loads(body)["total"])


def _cost(kind: str, rounds: Sequence[tuple[Cpu, list[float], list[float]]]) -> KindCost:
    times = sorted(each for _, some, _ in rounds for each in some)
    return KindCost(
        kind=kind,
        hits=median(each for _, _, some in rounds for each in some),
        app_ms=round(median(cpu.app * 1000 / len(some) for cpu, some, _ in rounds), 2),
        engine_ms=round(median(cpu.engine * 1000 / len(some) for cpu, some, _ in rounds), 2),
        p50_ms=round(times[len(times) // 2], 1),
        p95_ms=round(times[int(len(times) * 0.95)], 1),
    )


def _statements(meter: Meter, engine_url: str, names: IndexNames, course: Course) -> float:
    """Return the milliseconds of CPU of app and engine for a statement, until it is projected."""
    rng = random.Random(course.seed)
    sessions = draw_sessions(engine_url, names.offers, course.statements, rng)
    first = int(time.time() * 1000)

    def state() -> None:
        for start in range(0, len(sessions), BATCH):
            send(meter.app.url, [Figure(each, first + start) for each in sessions[start : start + BATCH]])
            time.sleep(BATCH_SECONDS)
        time.sleep(SETTLE_SECONDS)

    # With what is taken anyway: statements cause the merges that would be subtracted as such.
    took = meter.with_idle(state)
    return (took.app + took.engine) * 1000 / len(sessions)


def _heap(engine_url: str) -> int:
    """Return the heap in use on the node that uses most."""
    nodes: dict[str, Any] = ask_engine(engine_url, "_nodes/stats/jvm")["nodes"]
    return max(int(node["jvm"]["mem"]["heap_used_in_bytes"]) for node in nodes.values())
