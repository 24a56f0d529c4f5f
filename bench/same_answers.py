"""Regression check: records answers of the API, requests them again, and compares them field by field.

``python -m bench.same_answers URL FILE`` writes FILE if it does not exist; else it sends the same requests, prints each
field that differs, and exits with status 1 if there is one. Both times the app must use the same day (BOUSSOLE_TODAY)
and the same catalogue.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator
from datetime import date
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import psutil

from bench.answers import fetch
from bench.kinds import TOWNS, WORDS, Values, kinds
from bench.processes import App

VARYING: Final = frozenset(
    {"took", "engine_ms", "seats_checkpoint", "age_days", "explain"}
)  # between two identical apps
MOST_TOLD: Final = 40
PLACES: Final = ("Albi", "81", "Occitanie", "75012", "Saint-Denis", "2A")


def draw_addresses(url: str, number: int, seed: int) -> Iterator[str]:
    """Yield addresses of searches of every kind, offers, suggestions, places, exports and the map."""
    app = App(url, psutil.Process())
    first = fetch(app, {"size": "100"})
    rng = random.Random(seed)
    drawn = list(kinds(Values(first["facets"]), date(2026, 11, 28)).values())
    keys = [row["key"] for row in first["results"]]
    for count in range(number):
        asked = {
            **rng.choice(drawn)(rng),
            **rng.choice(({}, {}, {"group": "training"}, {"sort": "start"}, {"page": "2"})),
        }
        if "lat" not in asked and rng.random() < 0.3:
            asked |= {"place": rng.choice(PLACES), "remote": rng.choice(("include", "only", "exclude"))}
        match count % 10:
            case 0:
                yield f"/api/v1/offers/{rng.choice(keys)}"
            case 1:
                yield f"/api/v1/suggest?q={quote(rng.choice(WORDS)[: rng.randint(2, 8)])}"
            case 2:
                yield f"/api/v1/places?q={quote(rng.choice(PLACES))}"
            case 3:
                lat, lon = rng.choice(TOWNS)
                yield f"/api/v1/offers.ndjson?{urlencode({'lat': lat, 'lon': lon, 'radius': 5})}"
            case _:
                yield f"/api/v1/offers?{urlencode(asked)}"


def ask(connection: HTTPConnection, address: str) -> Any:
    """Return the answer as values: JSON, lines of JSON, or text; without fields that vary."""
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
    except (RemoteDisconnected, ConnectionResetError):  # kept alive for some seconds: comparing took longer
        connection.close()
        connection.request("GET", address)
        answer = connection.getresponse()
    text = answer.read().decode()
    if "ndjson" in address:
        return [json.loads(line) for line in text.splitlines()]
    return {"status": answer.status, "body": json.loads(text)}


def differences(before: Any, after: Any, where: str = "") -> Iterator[str]:
    """Yield each field that differs.

    >>> list(differences({"a": [1, 2], "took": 1}, {"a": [1, 3], "took": 2}))
    ['.a[1]: 2 -> 3']
    """
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted({*before, *after} - VARYING):
            if name not in before or name not in after:
                yield f"{where}.{name}: {'gone' if name in before else 'new'}"
            else:
                yield from differences(before[name], after[name], f"{where}.{name}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differences(one, other, f"{where}[{number}]")
    elif before != after:
        yield f"{where}: {str(before)[:100]} -> {str(after)[:100]}"


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("file", type=Path)
    parser.add_argument("--number", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    connection = HTTPConnection(urlsplit(options.url).netloc, timeout=60)
    if not options.file.exists():
        rows = [[each, ask(connection, each)] for each in draw_addresses(options.url, options.number, options.seed)]
        options.file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        print(f"{len(rows)} answers recorded")
        return 0
    found = []
    recorded = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines()]
    for address, before in recorded:
        found += [f"{address} {each}" for each in differences(before, ask(connection, address))]
    print(f"{len(recorded)} answers compared, {len(found)} fields differ", *found[:MOST_TOLD], sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
