"""The model: CPU a search from shards and offers; bytes an offer and a statement.

A search takes a fixed part (the request, the page of results), a part for each shard that is asked, and a part in
proportion to the offers of all shards; each kind of search has its own. What the app takes does not depend on the
catalogue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite, log
from statistics import fmean
from typing import Final

import numpy as np

from bench.sizing.points import BadPoints, Point

MILLION: Final = 1_000_000
BUSY: Final = 0.5  # share of the processors that searches and statements may take: the rest is for peaks and loads
HEAP_BYTES: Final = 4 << 30  # of the engine on each node
SYSTEM_BYTES: Final = 2 << 30  # of the system and the app on each node
TAKEN_BYTES: Final = HEAP_BYTES + SYSTEM_BYTES
FREE_DISK: Final = 0.8  # the engine moves shards away from disks that are fuller than 85 %
WORST: Final = 1.4  # measured ÷ model, CPU of a search, where they differ most at a point that was not fitted
LEAST_NODES: Final = 3  # that elect a manager without the one that is lost
MOST_SHARDS: Final = 1_000  # of an index; OpenSearch takes 1,024


@dataclass(frozen=True)
class Line:
    """Milliseconds of CPU of one kind of search: ``fixed``, for each shard, and for each million offers."""

    fixed: float
    shard: float
    million: float

    def at(self, offers: float, shards: int) -> float:
        """Return the milliseconds on all shards together."""
        return self.fixed + self.shard * shards + self.million * offers / MILLION


@dataclass(frozen=True)
class Model:
    """What was fitted: a line for each kind of search; bytes an offer, a statement; milliseconds a statement."""

    lines: dict[str, Line]
    app_ms: float
    offer_bytes: float
    statement_bytes: float
    statement_ms: float

    def engine_ms(self, offers: float, shards: int) -> float:
        """Return the engine's CPU a search, all kinds equally often."""
        return fmean(line.at(offers, shards) for line in self.lines.values())

    def slowest_ms(self, offers_per_shard: float) -> float:
        """Return what the dearest kind takes if each shard has a core of its own: the others do not delay it."""
        return max(line.at(offers_per_shard, 1) for line in self.lines.values())


@dataclass(frozen=True)
class Need:
    """What an installation must hold and answer; ``most_ms`` is the longest time of a search on one shard."""

    offers: int
    statements: int  # in the ledger
    searches_per_second: float
    statements_per_second: float
    replicas: int = 1
    most_ms: float = 100.0
    cores: int = 4  # of a node
    memory_bytes: int = 16 << 30  # of a node


@dataclass(frozen=True)
class Plan:
    """What the model says: shards, processors that are busy on average, nodes, disk of all nodes in bytes."""

    shards: int
    busy_cores: float
    nodes: int
    held_by: str  # what the number of nodes follows from: processors, memory, or the election of a manager
    index_bytes: int
    disk_bytes: int


def fit(points: Sequence[Point]) -> Model:
    """Return the model of some points; raises BadPoints unless they have the same kinds and tell shards from offers."""
    kinds = [each.kind for each in points[0].searches]
    if any([each.kind for each in point.searches] != kinds for point in points):
        raise BadPoints("the points have different kinds of search")
    stated = [point for point in points if point.statements]
    measured = [point.statement_ms for point in points if point.statement_ms]
    return Model(
        lines={kind: _line(points, number) for number, kind in enumerate(kinds)},
        app_ms=fmean(point.app_ms for point in points),
        offer_bytes=fmean(point.index_bytes / point.offers for point in points),
        statement_bytes=fmean(point.ledger_bytes / point.statements for point in stated) if stated else 0.0,
        statement_ms=fmean(measured) if measured else 0.0,
    )


def _line(points: Sequence[Point], number: int) -> Line:
    """Return the line with the least squares of relative errors: a large point does not outweigh a small one."""
    measured = np.array([point.searches[number].engine_ms for point in points])
    told = np.array([[1.0, point.shards, point.offers / MILLION] for point in points]) / measured[:, None]
    found, _, rank, _ = np.linalg.lstsq(told, np.ones(len(points)), rcond=None)
    if rank < told.shape[1]:
        raise BadPoints("a line needs three points that differ in offers and in shards")
    return Line(*(float(each) for each in found))


def error_at(model: Model, point: Point) -> float:
    """Return by how much the model's CPU a search differs from the measured one, as a share of it."""
    measured = point.app_ms + point.engine_ms
    return (model.app_ms + model.engine_ms(point.offers, point.shards)) / measured - 1


def exponent(small: Point, large: Point) -> float:
    """Return the exponent of growth of CPU a search between two points: 1 is in proportion to the offers."""
    measured = [point.app_ms + point.engine_ms for point in (small, large)]
    return log(measured[1] / measured[0]) / log(large.offers / small.offers)


def plan(model: Model, need: Need, times: float = 1.0) -> Plan:
    """Return what a need takes if searches take so many times what the model says; raises BadPoints if that is
    impossible.
    """
    _check(need)
    shards = _shards(model, need)
    search_ms = times * (model.app_ms + model.engine_ms(need.offers, shards))
    statement_ms = model.statement_ms * (1 + need.replicas)  # each copy writes the offer and the ledger's entry
    busy = (need.searches_per_second * search_ms + need.statements_per_second * statement_ms) / 1000
    index_bytes = ceil(need.offers * model.offer_bytes)
    copies = 1 + need.replicas
    by_cause = {
        "processors": ceil(busy / (BUSY * need.cores)),
        "memory": ceil(copies * index_bytes / (need.memory_bytes - TAKEN_BYTES)),
        "election": LEAST_NODES if need.replicas else 1,
    }
    cause = max(by_cause, key=lambda name: by_cause[name])
    # A rebuild, or a load of everything anew, has a second index of offers beside the live one.
    held = copies * (2 * index_bytes + need.statements * model.statement_bytes)
    return Plan(shards, busy, by_cause[cause], cause, index_bytes, ceil(held / FREE_DISK))


def _check(need: Need) -> None:
    """Raise BadPoints unless the numbers of a need are those of an installation."""
    amounts = (need.offers, need.statements, need.searches_per_second, need.statements_per_second, need.replicas)
    if not all(isfinite(each) and each >= 0 for each in amounts) or need.offers < 1:
        raise BadPoints("a plan needs one offer or more, and no number below 0")
    if not (need.most_ms > 0 and need.cores > 0):
        raise BadPoints("a plan needs cores, and a time for a search")
    if need.memory_bytes <= TAKEN_BYTES:
        raise BadPoints(f"a node needs more than {TAKEN_BYTES >> 30} GiB: so much is for heap, system and app")


def _shards(model: Model, need: Need) -> int:
    for shards in range(1, MOST_SHARDS + 1):
        if model.slowest_ms(need.offers / shards) <= need.most_ms:
            return shards
    raise BadPoints(f"not even {MOST_SHARDS:,} shards answer within {need.most_ms:g} ms")
