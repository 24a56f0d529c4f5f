"""Two apps in turns: the same new requests of every kind to both, and how much sooner the second one answers.

``python -m bench.turns FIRST_URL SECOND_URL [--each 40] [--seed 1] [--day 2026-11-29]``, for two versions over the same
catalogue and the same day (BOUSSOLE_TODAY). No value is asked twice, so that no cache of answers or filters helps. Also
counts the answers that are equal: total, results in order and every facet. Measures whole requests over HTTP.
"""

import argparse
import random
import statistics
import time
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import orjson

from bench.http_client import Connection, get, target
from bench.kinds import Values, kinds
from bench.tables import table

WARM = 8  # requests of each kind that are not counted


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.turns", description=__doc__)
    parser.add_argument("first")
    parser.add_argument("second")
    parser.add_argument("--each", type=int, default=40, help="requests of each kind and app")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--day", type=date.fromisoformat, default=date.today())
    options = parser.parse_args()
    connections = [Connection(target(url, ())) for url in (options.first, options.second)]
    values = Values(_ask(connections[0], {"size": "1"})[1]["facets"])
    rng = random.Random(options.seed)
    rows = []
    for kind, draw in kinds(values, options.day).items():
        drawn = [draw(rng) for _ in range(WARM + options.each)]
        rows.append([kind, *_measure(connections, drawn)])
    head = ["kind", "first p50 / p95 ms", "second p50 / p95 ms", "first ÷ second, p50", "p95", "equal answers"]
    print(table(head, rows))


def _measure(connections: Sequence[Connection], drawn: Sequence[dict[str, str]]) -> list[str]:
    times: list[list[float]] = [[], []]
    equal = 0
    for number, parameters in enumerate(drawn):
        found: dict[int, Any] = {}
        for side in (0, 1) if number % 2 else (1, 0):
            spent, answer = _ask(connections[side], parameters)
            found[side] = (answer["total"], [row["id"] for row in answer["results"]], answer["facets"])
            if number >= WARM:
                times[side].append(spent)
        equal += number >= WARM and found[0] == found[1]
    (first, slow_first), (second, slow_second) = map(_spread, times)
    told = [f"{first:.1f} / {slow_first:.1f}", f"{second:.1f} / {slow_second:.1f}"]
    return [*told, f"{first / second:.2f}", f"{slow_first / slow_second:.2f}", f"{equal} of {len(drawn) - WARM}"]


def _ask(connection: Connection, parameters: dict[str, str]) -> tuple[float, Any]:
    request = get(f"/api/v1/offers?{urlencode(parameters)}")
    began = time.perf_counter()
    body = connection.ask(request)
    return (time.perf_counter() - began) * 1000, orjson.loads(body)


def _spread(times: Sequence[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
