"""``python -m bench.app.suggestions``: response times of suggestions and places for typed prefixes, as a table.

Asks a running app for the suggestions of two letters, takes names from them, and types prefixes of these: 2 to 12
letters, of the whole name or from one of its words on, half of them with a slip. No prefix is used twice.
``--synthetic`` needs no app: it measures time and memory of a suggester of national size in this process.
"""

import argparse
import json
import random
import resource
import string
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from bench.http_client import Connection, get, target
from bench.tables import table
from language.lexicon import Lexicon
from mappings.reference import Reference
from search_app.search.suggest import Suggester

SHORTEST, LONGEST = 2, 12  # letters
SHORTEST_SLIP = 4
MEBIBYTE = 1 << 20
TITLES, PROVIDERS = 50_000, 60_000
HEAD = ["asked", "kind", "requests", "p50 ms", "p95", "p99", "most"]

Typed = dict[str, list[str]]  # as written, with a slip -> prefixes


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--each", type=int, default=600, help="different beginnings of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--synthetic", action="store_true", help="a suggester of national size, without an app")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    print(table(HEAD, _synthetic(rng, options.each) if options.synthetic else _served(options.url, rng, options.each)))


def _served(url: str, rng: random.Random, each: int) -> Iterator[list[object]]:
    for path, names_of in (("/api/v1/suggest", _suggested_names), ("/api/v1/places", _place_names)):
        names = sorted({name for letters in _pairs() for name in names_of(_fetch(url, path, letters))})
        connection = Connection(target(url, ()))
        for kind, beginnings in _typed(names, rng, each).items():
            requests = [get(f"{path}?{urlencode({'q': beginning})}") for beginning in beginnings]
            yield [path, kind, len(requests), *_quantiles([connection.timed(request) for request in requests])]
        connection.close()


def _pairs() -> Iterator[str]:
    return map("".join, product(string.ascii_lowercase, repeat=2))


def _fetch(url: str, path: str, letters: str) -> Any:
    size = {"size": "20"} if path.endswith("suggest") else {}
    with urlopen(f"{url}{path}?{urlencode({'q': letters} | size)}", timeout=60) as response:
        return json.load(response)


def _suggested_names(answer: dict[str, list[dict[str, Any]]]) -> list[str]:
    return [row["label"] for rows in answer.values() for row in rows]


def _place_names(answer: dict[str, list[dict[str, Any]]]) -> list[str]:
    return [name for place in answer["places"] for name in (place["name"], *place["postal_codes"])]


def _typed(names: Sequence[str], rng: random.Random, each: int) -> Typed:
    """Return that many different prefixes of each kind."""
    return {
        "as it is written": _distinct(lambda: _beginning(rng.choice(names), rng, SHORTEST), each),
        "with a slip": _distinct(lambda: _slip(_beginning(rng.choice(names), rng, SHORTEST_SLIP), rng), each),
    }


def _distinct(draw: Callable[[], str], count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[draw()] = None
    return list(found)


def _beginning(name: str, rng: random.Random, shortest: int) -> str:
    words = name.split()
    start = rng.choice((0, rng.randrange(len(words))))
    return " ".join(words[start:])[: rng.randint(shortest, LONGEST)].strip() or name


def _slip(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text))
    head, tail = text[:at], text[at:]
    letter = rng.choice(string.ascii_lowercase)
    swapped = head + tail[1:2] + tail[:1] + tail[2:]
    return rng.choice((head + tail[1:], swapped, head + letter + tail[1:], head + letter + tail))


def _synthetic(rng: random.Random, each: int) -> Iterator[list[object]]:
    lexicon, reference = _national(rng)
    before, began = _resident(), time.process_time()
    suggester = Suggester(lexicon, reference)
    seconds, mebibytes = time.process_time() - began, (_resident() - before) / MEBIBYTE
    print(f"{TITLES} titles, {PROVIDERS} providers: made in {seconds:.1f} s of CPU, {mebibytes:.0f} MiB resident\n")
    names = [*(title for title, _ in lexicon.titles), *reference.providers.values()]
    for kind, beginnings in _typed(names, rng, each).items():
        times = []
        for beginning in beginnings:
            began = time.process_time()
            suggester.suggest(beginning, 5)
            times.append((time.process_time() - began) * 1000)
        yield ["Suggester alone, CPU time", kind, len(times), *_quantiles(times)]


def _resident() -> int:
    """Return the resident memory of this process, in bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def _national(rng: random.Random) -> tuple[Lexicon, Reference]:
    """Return invented titles and company names, with the word frequencies of a natural language."""
    words = ["".join(rng.choices("aeiourstlnmcdpbgvfhjq", k=rng.randint(3, 11))) for _ in range(30_000)]
    weights = [1 / (rank + 5) for rank in range(len(words))]

    def name() -> str:
        return " ".join(rng.choices(words, weights, k=rng.randint(2, 8)))

    providers = {f"{100_000_000 + number}": name() for number in range(PROVIDERS)}
    lexicon = Lexicon(
        titles=[(name(), rng.randint(1, 500)) for _ in range(TITLES)],
        providers={siren: rng.randint(1, 500) for siren in providers},
    )
    return lexicon, Reference(providers=providers)


def _quantiles(milliseconds: Sequence[float]) -> list[object]:
    ordered = sorted(milliseconds)
    at = (0.5, 0.95, 0.99)
    return [*(f"{ordered[int(len(ordered) * share)]:.2f}" for share in at), f"{ordered[-1]:.2f}"]


if __name__ == "__main__":
    main()
