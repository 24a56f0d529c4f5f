"""``python -m bench.funding``: CPU of an offer's verdicts, over the offers of a loaded catalogue, without sockets.

Draws offers of the catalogue that BOUSSOLE_OPENSEARCH_URL and BOUSSOLE_INDEX_PREFIX name, and persons of whom
everything, half or nothing is known, and judges each offer for its earliest session: everything that the API does after
the engine has answered, up to the JSON. The rules are the project's. Exit status 1 if the slowest kind takes more
than MOST_MS at the 99th percentile.
"""

import argparse
import asyncio
import random
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from bench.tables import table
from funding import OWN_FUNDING, Person, StoredFunding, check_folder
from funding.facts.table import PERSON
from search_app.api.funding import to_answer
from search_app.base.responses import to_bytes
from search_app.base.settings import Settings
from search_app.funding.judging import judge_offer
from search_app.search.engine.offers import OffersEngine
from search_app.search.reference_data import Snapshot
from tests.funding.draw import draw_person

MOST_MS: Final = 5.0
KINDS: Final = ("everything known", "half known", "nothing known")


async def fetch_offers(settings: Settings, count: int, seed: int) -> list[dict[str, Any]]:
    """Return offers of the catalogue, the same ones for the same seed."""
    engine = OffersEngine.connect(settings)
    order = {"function_score": {"random_score": {"seed": seed, "field": "_seq_no"}}}
    body = {"size": count, "query": order, "_source": ["key"]}
    try:
        found = await engine.client.call("POST", f"/{engine.names.offers}/_search", body)
        return await engine.get_offers([hit["_source"]["key"] for hit in found["hits"]["hits"]])
    finally:
        await engine.close()


def draw(chance: random.Random, kind: str) -> Person:
    """Return a random person of whom that much is known."""
    person = draw_person(chance)
    share = {KINDS[0]: 0.0, KINDS[1]: 0.5, KINDS[2]: 1.0}[kind]
    return replace(person, **{name: None for name in PERSON if chance.random() < share})


def measure(offers: Sequence[dict[str, Any]], kind: str, seed: int) -> list[float]:
    """Return the milliseconds of CPU of each offer's verdicts."""
    snapshot = Snapshot(funding=StoredFunding(book=check_folder(OWN_FUNDING).reading.book))
    chance, today, times = random.Random(seed), Settings().current_day(), []
    for offer in offers:
        person = draw(chance, kind)
        began = time.process_time()
        to_bytes(to_answer(judge_offer(snapshot, offer, None, person, today), today))
        times.append(1000 * (time.process_time() - began))
    return times


def main() -> int:
    """Measure, print a table, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.funding", description=__doc__)
    parser.add_argument("--offers", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    offers = asyncio.run(fetch_offers(Settings.from_environment(), options.offers, options.seed))
    rows, slowest = [], 0.0
    for kind in KINDS:
        times = measure(offers, kind, options.seed)
        *_, p99 = statistics.quantiles(times, n=100)
        slowest = max(slowest, p99)
        rows.append([kind, f"{statistics.median(times):.2f}", f"{p99:.2f}", f"{max(times):.2f}"])
    print(table(["person", "median ms", "p99 ms", "most ms"], rows))
    return int(slowest > MOST_MS)


if __name__ == "__main__":
    sys.exit(main())
