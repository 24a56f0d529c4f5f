"""``python -m bench.relevance URL TRUTH``: how well acronyms find their meaning in a served catalogue.

TRUTH is the flat truth file beside a feed. A result is right if its title contains the meaning of the acronym
(bench/acronyms.csv); only acronyms whose meaning is in the titles of at least ten offers are used. Prints a table of
P@10 with the share of queries with a right result among the first ten, and the failures. With ``--titles`` (columns
rome and appellation) it also says how many well-spelt job titles find less because a word of them is corrected.
"""

import argparse
import csv
import json
import random
import re
import statistics
import sys
import urllib.parse
import urllib.request
from collections import Counter
from pathlib import Path

from bench.tables import table
from language.titles import base_title
from language.words import fold

LIST = Path(__file__).parent / "acronyms.csv"
FEWEST = 10
SHOWN = 10


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("truth", type=Path)
    parser.add_argument("--titles", type=Path)
    parser.add_argument("--n", type=int, default=500, help="job titles asked")
    options = parser.parse_args()
    titles: dict[str, str] = {}
    codes: dict[str, list[str]] = {}
    with options.truth.open(encoding="utf-8") as lines:
        for line in lines:
            offer = json.loads(line)
            titles[offer["action"]], codes[offer["action"]] = fold(offer["title"]), offer["rome"]
    _acronyms(options.url, titles)
    if options.titles:
        _harm(options.url, options.titles, codes, options.n)
    return 0


def _acronyms(url: str, titles: dict[str, str]) -> None:
    distinct = list(titles.values())
    precisions: dict[str, float] = {}
    with LIST.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            right = re.compile(row["title"])
            if sum(bool(right.search(title)) for title in distinct) >= FEWEST:
                found = [titles[each] for each in _ask(url, row["query"])]
                precisions[row["query"]] = sum(bool(right.search(title)) for title in found) / SHOWN
    values = list(precisions.values())
    rows = [(len(values), f"{statistics.mean(values):.3f}", f"{statistics.mean(map(bool, values)):.3f}")]
    print(table(["acronyms", "P@10", "any right"], rows))
    print("\nbelow 0.8: " + ", ".join(f"{query} {value:.1f}" for query, value in precisions.items() if value < 0.8))


def _harm(url: str, path: Path, codes: dict[str, list[str]], n: int) -> None:
    carriers = Counter(code for of_offer in codes.values() for code in set(of_offer))
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if carriers[row["rome"]] >= FEWEST]
    random.Random(1).shuffle(rows)
    worse, better = [], 0
    for row in rows[:n]:
        query = base_title(row["appellation"])
        corrected, typed = (
            sum(row["rome"] in codes[each] for each in _ask(url, query, **more))
            for more in ({}, {"verbatim": "spelling"})
        )
        better += corrected > typed
        worse += [query] if corrected < typed else []
    asked = len(rows[:n])
    print(
        f"\nwell-spelt titles asked {asked}: worse by correction {len(worse) / asked:.1%}, better {better / asked:.1%}"
    )
    print(", ".join(worse))


def _ask(url: str, query: str, **more: str) -> list[str]:
    address = f"{url}/api/v1/offers?" + urllib.parse.urlencode({"q": query, "size": SHOWN, **more})
    with urllib.request.urlopen(address, timeout=30) as answer:
        return [offer["id"] for offer in json.load(answer)["results"]]


if __name__ == "__main__":
    sys.exit(main())
