"""``python -m bench.relevance URL TRUTH``: how well acronyms find what they stand for in a served catalogue.

TRUTH is the flat truth file beside a feed. A result is right if its title holds what the acronym stands for
(bench/acronyms.csv); only acronyms are asked of whose meaning ten offers or more have the title. Prints a table of P@10
with the share of queries in whose first ten anything is right, and what fails.
"""

import argparse
import csv
import json
import re
import statistics
import sys
import urllib.parse
import urllib.request
from pathlib import Path

from bench.tables import table
from mappings.words import fold

LIST = Path(__file__).parent / "acronyms.csv"
FEWEST = 10
SHOWN = 10


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("truth", type=Path)
    options = parser.parse_args()
    titles: dict[str, str] = {}
    with options.truth.open(encoding="utf-8") as lines:
        for line in lines:
            offer = json.loads(line)
            titles[offer["action"]] = fold(offer["title"])
    distinct = list(titles.values())
    precisions: dict[str, float] = {}
    with LIST.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            right = re.compile(row["title"])
            if sum(bool(right.search(title)) for title in distinct) >= FEWEST:
                found = [titles[each] for each in _ask(options.url, row["query"])]
                precisions[row["query"]] = sum(bool(right.search(title)) for title in found) / SHOWN
    values = list(precisions.values())
    rows = [(len(values), f"{statistics.mean(values):.3f}", f"{statistics.mean(map(bool, values)):.3f}")]
    print(table(["acronyms", "P@10", "any right"], rows))
    print("\nbelow 0.8: " + ", ".join(f"{query} {value:.1f}" for query, value in precisions.items() if value < 0.8))
    return 0


def _ask(url: str, query: str) -> list[str]:
    address = f"{url}/api/v1/offers?" + urllib.parse.urlencode({"q": query, "size": SHOWN})
    with urllib.request.urlopen(address, timeout=30) as answer:
        return [offer["id"] for offer in json.load(answer)["results"]]


if __name__ == "__main__":
    sys.exit(main())
