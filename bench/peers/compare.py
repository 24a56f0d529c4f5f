"""Both sides in turns: the time of each kind of request, then requests a second of eight clients."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import orjson

from bench.http_client import target, throughput
from bench.kinds import Drawn
from bench.peers.draws import Draws, Side, request_of
from bench.tables import table

CLIENTS: Final = 8
OF_CLIENTS: Final = ("words + start + seats", "radius + start + seats", "start + funder + seats, whole country")
ENOUGH: Final = 4000  # requests of a round with eight clients: more than are answered, so that none is repeated
SIDES: Final = (0, 1)
Spread = tuple[float, float]  # median and 95th percentile, ms


@dataclass
class Times:
    """Spreads of one kind, one for each round, and the hits of all its requests; of the app and of PostgreSQL."""

    spreads: tuple[list[Spread], list[Spread]] = field(default_factory=lambda: ([], []))
    hits: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))

    def row(self, kind: str) -> list[str]:
        """Return the row of the table: medians of the rounds."""
        (ours, our_tail), (theirs, their_tail) = (
            [statistics.median(spread[which] for spread in self.spreads[side]) for which in (0, 1)] for side in SIDES
        )
        hits = " / ".join(f"{statistics.median(of_side):.0f}" for of_side in self.hits)
        return [
            kind, hits, f"{ours:.1f} / {our_tail:.1f}", f"{theirs:.1f} / {their_tail:.1f}",
            f"{theirs / ours:.2f}", f"{their_tail / our_tail:.2f}",
        ]  # fmt: skip


def spread_of(milliseconds: Sequence[float]) -> Spread:
    """Return median and 95th percentile.

    >>> spread_of([1.0, 2.0, 9.0])
    (2.0, 9.0)
    """
    ordered = sorted(milliseconds)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def warm(sides: Sequence[Side], draws: Draws, each: int) -> None:
    """Ask requests of every kind that are not counted."""
    for kind in draws.kinds:
        for _ in range(each):
            _ask_both(sides, draws.new(kind), 0)


def one_client(sides: Sequence[Side], draws: Draws, rounds: int, each: int) -> str:
    """Return the table of all kinds; kinds alternate within a round, and the sides take turns in being first."""
    times = {kind: Times() for kind in draws.kinds}
    for number in range(rounds):
        taken: dict[str, tuple[list[float], list[float]]] = {kind: ([], []) for kind in draws.kinds}
        for turn in range(each):
            for kind in draws.kinds:
                for side, (spent, total) in enumerate(_ask_both(sides, draws.new(kind), turn)):
                    taken[kind][side].append(spent)
                    times[kind].hits[side].append(total)
        for kind, of_sides in taken.items():
            for side in SIDES:
                times[kind].spreads[side].append(spread_of(of_sides[side]))
        print(f"round {number + 1} of {rounds} done", flush=True)
    head = [
        "one client", "hits app / PostgreSQL", "app p50 / p95 ms", "PostgreSQL p50 / p95 ms", "PostgreSQL ÷ app, p50",
        "p95",
    ]  # fmt: skip
    return table(head, [times[kind].row(kind) for kind in draws.kinds])


def _ask_both(sides: Sequence[Side], drawn: Drawn, turn: int) -> list[tuple[float, int]]:
    """Return milliseconds and total of both sides, of which the first one alternates."""
    request = request_of(drawn)
    found = [(0.0, 0), (0.0, 0)]
    for side in SIDES if turn % 2 else SIDES[::-1]:
        began = time.perf_counter()
        body = sides[side].connection.ask(request)
        spent = (time.perf_counter() - began) * 1000
        found[side] = (spent, orjson.loads(body)["total"])
    return found


def many_clients(sides: Sequence[Side], draws: Draws, rounds: int, seconds: float) -> str:
    """Return the table of requests a second; each round has new requests, the same for both sides."""
    rows = []
    for kind in OF_CLIENTS:
        rates: tuple[list[float], list[float]] = ([], [])
        for number in range(rounds):
            requests = [request_of(draws.new(kind)) for _ in range(ENOUGH)]
            for side in SIDES if number % 2 else SIDES[::-1]:
                aim = target(sides[side].url, requests)
                rates[side].append(asyncio.run(throughput(aim, CLIENTS, seconds)))
        ours, theirs = map(statistics.median, rates)
        told = [f"{median:.1f} ({', '.join(f'{rate:.1f}' for rate in each)})" for median, each in
                ((ours, rates[0]), (theirs, rates[1]))]  # fmt: skip
        rows.append([kind, *told, f"{ours / theirs:.2f}"])
    head = [f"{CLIENTS} clients", "app requests/s (rounds)", "PostgreSQL requests/s (rounds)", "app ÷ PostgreSQL"]
    return table(head, rows)
