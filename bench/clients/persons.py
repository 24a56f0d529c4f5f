"""A search with a person beside the same search without one, over HTTP, in turns, with values never asked before.

``python -m bench.clients.persons URL [--each 12] [--seed 1] [--day 2026-11-30]`` prints the median of each search by
GET, and how many times that the same search takes as ``POST /api/v1/offers/search`` for each person, without chosen
values of the facet ``funding`` and with ``paid``. Each search is asked in a random order of these: whichever comes
first fills the engine's cache of filters for the others.
"""

import argparse
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from statistics import median
from typing import Any, Final
from urllib.parse import urlencode

import orjson

from bench.http_client import Connection, get, post, target
from bench.kinds import Drawn, Values, no_condition, radius, window, words
from bench.tables import table

PERSONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "job seeker": {"status": "job_seeker"},
    "with a CPF": {"status": "job_seeker", "age": "30-34", "allowance": "are", "cpf_euros": 800},
    "employee": {
        "status": "employee", "age": "35-66", "contract": "cdi", "employer": "none", "seniority_24_months": True,
        "cpf_euros": 1500,
    },
}  # fmt: skip
CHOICES: Final[Sequence[Sequence[str]]] = ((), ("paid",))
WARM: Final = 4  # searches of each kind that are not counted


def searches(values: Values, day: date) -> dict[str, Callable[[random.Random], Drawn]]:
    """Return the searches by name; each draws values that are unlike those before."""

    def drawn(*draws: Callable[[random.Random], Drawn]) -> Callable[[random.Random], Drawn]:
        return lambda rng: {name: value for draw in (no_condition, *draws) for name, value in draw(rng).items()}

    def start(rng: random.Random) -> Drawn:
        return window(rng, day)

    def to_come(_: random.Random) -> Drawn:
        return {"upcoming": "true"}

    def code(name: str) -> Callable[[random.Random], Drawn]:
        return lambda rng: {name: values.draw(rng, name)}

    def seat(_: random.Random) -> Drawn:
        return {"seats": "1"}

    return {
        "no condition": drawn(),
        "sessions to come": drawn(to_come),
        "sessions to come, a région": drawn(to_come, code("region")),
        "start": drawn(start),
        "words": drawn(words),
        "radius": drawn(radius),
        "radius, start": drawn(radius, start),
        "start, funder, seats": drawn(start, code("funder"), seat),
    }


def _requests(drawn: Drawn, columns: Sequence[tuple[str, Sequence[str]]]) -> dict[int, bytes]:
    """Return the search by GET as -1, and that of each column; sizes differ, so that none repeats another."""
    asked = {-1: get(f"/api/v1/offers?{urlencode(drawn)}")}
    for number, (name, chosen) in enumerate(columns):
        body = {**drawn, "size": str(int(drawn["size"]) + number + 1), "person": PERSONS[name], "funding": chosen}
        asked[number] = post("/api/v1/offers/search", orjson.dumps(body))
    return asked


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--each", type=int, default=12, help="searches of a kind, each asked for every person")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--day", type=date.fromisoformat, default=date.today())
    options = parser.parse_args()
    connection = Connection(target(options.url, ()))
    values = Values(orjson.loads(connection.ask(get("/api/v1/offers?size=1")))["facets"])
    rng = random.Random(options.seed)
    columns = [(name, chosen) for chosen in CHOICES for name in PERSONS]
    rows = []
    for kind, draw in searches(values, options.day).items():
        times: dict[int, list[float]] = {number: [] for number in range(-1, len(columns))}
        for _ in range(WARM + options.each):
            requests = _requests(draw(rng), columns)
            for number in rng.sample(list(requests), len(requests)):
                times[number].append(connection.timed(requests[number]))
        plain, *posted = (median(each[WARM:]) for each in times.values())
        rows.append([kind, plain, *(f"{each / plain:.2f}" for each in posted)])
        print(kind, flush=True)
    head = ["search", "GET ms", *(f"{name}{', paid' if chosen else ''}" for name, chosen in columns)]
    print(table(head, rows))


if __name__ == "__main__":
    main()
