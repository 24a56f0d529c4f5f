"""``python -m bench.app.words_cost URL OTHER_URL --titles FILE``: cost of query understanding.

Two apps over the same indices get the same job titles in turns, with all facets: this one, and one of a revision with
plain word search. FILE has the columns rome and appellation. Prints a table of milliseconds.
"""

import argparse
import csv
import http.client
import random
import statistics
import sys
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench.tables import table
from language.titles import base_title


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="of the app with understanding")
    parser.add_argument("other", help="of the app without")
    parser.add_argument("--titles", type=Path, required=True)
    parser.add_argument("--n", type=int, default=400)
    options = parser.parse_args()
    with options.titles.open(encoding="utf-8", newline="") as file:
        queries = [base_title(row["appellation"]) for row in csv.DictReader(file, delimiter=";")]
    random.Random(1).shuffle(queries)
    connections = [http.client.HTTPConnection(urlsplit(url).netloc) for url in (options.url, options.other)]
    times: list[list[float]] = [[], []]
    for number, query in enumerate(queries[: 2 * options.n]):
        for one, connection in enumerate(connections):
            spent = _ask(connection, query)
            if number >= options.n:  # the first half warms engine and apps; no title is asked twice
                times[one].append(spent)
    cuts = [(statistics.median(each), statistics.quantiles(each, n=20)[-1]) for each in times]
    rows: list[tuple[str, ...]] = [
        (name, f"{cut[0]:.1f}", f"{cut[1]:.1f}") for name, cut in zip(("with", "without"), cuts, strict=True)
    ]
    rows.append(("more", *(f"{a - b:+.1f}" for a, b in zip(*cuts, strict=True))))
    print(table(["understanding", "p50 ms", "p95 ms"], rows))
    return 0


def _ask(connection: http.client.HTTPConnection, query: str) -> float:
    began = time.perf_counter()
    connection.request("GET", "/api/v1/offers?" + urlencode({"q": query}))
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.client.OK:
        raise SystemExit(f"{query}: status {answer.status}")
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
