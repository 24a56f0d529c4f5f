"""The census of a running app: ``python -m bench.census URL``.

Draws names of bodies with a seed and asks for each as it is, without accents in small letters, and with one slip (a
letter wrong, missing, added or two swapped; never the first); prints how often the body is among the first five. Texts
that are as near to the names of more than five bodies are left out. Then prints how long pages and answers take beside
those of the search.
Exit status 1 if a body is missing among the first five.
"""

import argparse
import random
import statistics
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import quote_plus

import httpx
import orjson
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bench.http_client import Connection, get, target
from bench.tables import table
from language.names import fold_name

FIRST: Final = 5
LONGEST: Final = 300  # characters of a query
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
TIMES: Final = 40
TIMED: Final = (
    ("search page", "/offres?q=soudeur&place=Toulouse&upcoming=true"),
    ("search page, no condition", "/offres?upcoming=true"),
    ("census page", "/organismes"),
    ("census page, name", "/organismes?q=afpa"),
    ("census page, name with a slip and town", "/organismes?q=maison+familliale+rurale+albi"),
    ("census page, place, certified, offers to come", "/organismes?place=Toulouse&qualiopi=any&offers=upcoming"),
    ("census page, domain, by number of offers", "/organismes?domain=230&sort=offers"),
    ("census JSON, 100 bodies", "/api/v1/providers?size=100"),
    ("open questions", "/organismes/ecarts"),
)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="address of the app")
    parser.add_argument("--names", type=int, default=400, help="names to draw; 0 measures times alone")
    parser.add_argument("--seed", type=int, default=18)
    options = parser.parse_args()
    with httpx.Client(base_url=options.url, timeout=60) as client:
        names = list(read_names(client)) if options.names else []
        rows, missed = measure_names(client, names, options.names, random.Random(options.seed)) if names else ([], [])
    print(table(["names", "asked", f"among the first {FIRST}", "share, %"], rows))
    for query, name, found in missed[:20]:
        print(f"  missed: {query!r} for {name!r}; first: {found!r}")
    print()
    print(table(["request", "p50 ms", "p95 ms"], time_requests(options.url)))
    return 1 if missed else 0


def read_names(client: httpx.Client) -> Iterator[tuple[str, str]]:
    """Yield SIREN and name of all bodies, other names included; of a body each folded name once."""
    with client.stream("GET", "/api/v1/providers.ndjson") as answer:
        for line in answer.iter_lines():
            body = orjson.loads(line)
            names = [name for name in (body["name"], *(each["name"] for each in body["also"])) if name]
            yield from ((body["siren"], name) for name in {fold_name(name): name for name in names}.values())


def measure_names(
    client: httpx.Client, names: list[tuple[str, str]], count: int, rnd: random.Random
) -> tuple[list[list[object]], list[tuple[str, str, Any]]]:
    """Return a row for each kind of spelling, and what was missed."""
    usable = [(siren, name) for siren, name in names if len(fold_name(name)) > 1]
    drawn = rnd.sample(usable, min(count, len(usable)))
    joined = [fold_name(name).replace(" ", "") for _, name in names]
    kinds: dict[str, Callable[[str], str]] = {
        "as they are": lambda name: name,
        "without accents, small": fold_name,
        "one slip": lambda name: slipped(fold_name(name), rnd),
    }
    rows: list[list[object]] = []
    missed: list[tuple[str, str, Any]] = []
    for kind, spell in kinds.items():
        found = asked = 0
        for siren, name in drawn:
            query = spell(name)[:LONGEST]
            if is_shared(query, joined, [each for each, _ in names]):
                continue
            asked += 1
            results = client.get(f"/api/v1/providers?size={FIRST}&q={quote_plus(query)}").json()["results"]
            if siren in [each["siren"] for each in results]:
                found += 1
            else:
                missed.append((query, name, [each["name"] for each in results]))
        rows.append([kind, asked, found, 100 * found / asked])
    return rows, missed


def is_shared(query: str, joined: list[str], sirens: list[str]) -> bool:
    """Tell whether more than five bodies have a name that is the text, or one slip away from it."""
    text = fold_name(query).replace(" ", "")
    near = process.extract(text, joined, scorer=OSA.distance, score_cutoff=1, limit=None)
    exact = {sirens[at] for _, distance, at in near if not distance}
    return len(exact) > FIRST or (not exact and len({sirens[at] for _, _, at in near}) > FIRST)


def slipped(name: str, rnd: random.Random) -> str:
    """Return a name with one slip, never in its first letter.

    >>> slipped("abcdef", random.Random(1)) != "abcdef", slipped("abcdef", random.Random(2))[0]
    (True, 'a')
    """
    while True:
        at, letter = rnd.randrange(1, len(name)), rnd.choice(LETTERS)
        kind = rnd.choice(("wrong", "missing", "added", "swapped"))
        if kind == "wrong":
            made = name[:at] + letter + name[at + 1 :]
        elif kind == "missing":
            made = name[:at] + name[at + 1 :]
        elif kind == "added":
            made = name[:at] + letter + name[at:]
        else:
            made = name[:at] + name[at : at + 2][::-1] + name[at + 2 :]
        if made != name:
            return made


def time_requests(url: str) -> list[list[object]]:
    """Return the times of each request, one after the other on one connection, the first ones not counted."""
    rows: list[list[object]] = []
    for name, path in TIMED:
        request = get(path)
        connection = Connection(target(url, [request]))
        times = [connection.timed(request) for _ in range(TIMES)][TIMES // 4 :]
        connection.socket.close()
        rows.append([name, statistics.median(times), statistics.quantiles(times, n=20)[-1]])
    return rows


if __name__ == "__main__":
    sys.exit(main())
