"""Ask a running app who pays, for random persons and searches over a generated catalogue, and compare with the rules.

    BOUSSOLE_OPENSEARCH_URL=… BOUSSOLE_INDEX_PREFIX=… python -m bench.funding.check DIR --url http://127.0.0.1:8000 \\
        --n 200 --communes FILE --former-communes FILE --employment-zones FILE

The options are those of ``bench.check_truth``. The rules are the project's own; the facts of the offers are read from
the engine, what the searches find from the truth file. Exit status 0 if nothing differs.
"""

import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import httpx

from bench.check_truth import parser, read_rows
from bench.engine_address import engine_to_measure
from funding import OWN_FUNDING, read_book, read_texts
from funding.book import Book
from funding.facts.person import Person
from funding.facts.stored import offer_facts, session_facts
from mappings.names import IndexNames
from mappings.settings import EngineSettings
from tests.funding.draw import draw_person, hide, to_posted
from tests.oracle.draw import Drawer, Drawn
from tests.oracle.feed_truth import UNTOLD
from tests.oracle.payment import ORDER, Facts, Payers, expect, expect_row
from tests.oracle.places import Gazetteer
from tests.oracle.query import read_query
from tests.oracle.rows import Row

PAGE: Final = 1_000  # offers of one request to the engine
COUNTED: Final = ("seats", "funder", "recruiting", "region")
ROWS: Final = 1  # of these lists, of one answer: each is a search of its own
HIDDEN: Final = (0, 0.3, 0.8)  # shares of the facts of a person that are not told
Search = tuple[Drawn, Person, Sequence[str]]


@dataclass(frozen=True)
class Checker:
    """What each process needs; shared by fork."""

    rows: Sequence[Row]
    gazetteer: Gazetteer
    facts: dict[str, Facts]
    book: Book
    today: date
    url: str

    def check(self, search: Search) -> list[str] | None:
        """Return the differences; None if rounding decides whether an offer is inside the radius."""
        drawn, person, chosen = search
        payers = Payers(self.book, person, self.today, self.facts)
        query = read_query(drawn, self.gazetteer)
        expected = expect(self.rows, query, payers, frozenset(chosen))
        if expected.doubtful:
            return None
        body = {**drawn, "person": to_posted(person), "funding": [*chosen], "size": ["100"]}
        answered = httpx.post(f"{self.url}/api/v1/offers/search", json=body, timeout=60)
        if answered.status_code != httpx.codes.OK:
            return [f"{body}: status {answered.status_code}: {answered.text[:300]}"]
        got = answered.json()
        counts = {row["value"]: row["count"] for row in got["facets"]["funding"]}
        pairs: list[tuple[str, Any, Any]] = [
            ("counts", counts, {value: expected.counts[value] for value in ORDER}),
            ("total", got["total"], len(expected.values)),
        ]
        for result in got["results"]:
            number = result["id"]
            matching = sorted(each["id"] for each in result["sessions"] if each["matches"])
            pairs.append((f"value of {number}", result["funding"], expected.values.get(number)))
            pairs.append((f"sessions of {number}", matching, sorted(expected.sessions.get(number, ()))))
        lists = [(name, row) for name in COUNTED for row in got["facets"].get(name, ())]
        for name, row in random.Random(str(body)).sample(lists, min(ROWS, len(lists))):
            wanted = expect_row(self.rows, query, payers, frozenset(chosen), name, row["value"])
            pairs.append((f"{name} {row['value']}", row["count"], wanted))
        return [f"{body}: {name}: {found}, expected {wanted}" for name, found, wanted in pairs if found != wanted]


_checker: Checker


def _check(search: Search) -> list[str] | None:
    return _checker.check(search)


def read_facts() -> dict[str, Facts]:
    """Return what the stored offers and their sessions tell, by number."""
    index = IndexNames(EngineSettings.from_environment().index_prefix).offers
    body: dict[str, Any] = {"size": PAGE, "sort": [{"key": "asc"}]}
    facts: dict[str, Facts] = {}
    with httpx.Client(timeout=60) as client:
        while True:
            answered = client.post(f"{engine_to_measure()}/{index}/_search", json=body).raise_for_status()
            hits = answered.json()["hits"]["hits"]
            if not hits:
                return facts
            for stored in (hit["_source"] for hit in hits):
                sessions = {each["id"]: session_facts(each, stored.get("entry")) for each in stored.get("sessions", ())}
                facts[stored["id"]] = offer_facts(stored), sessions
            body["search_after"] = hits[-1]["sort"]


def searches(drawer: Drawer, seed: int) -> Iterator[Search]:
    """Yield random searches, half of them where conditions of one session meet, six in ten with chosen values."""
    chance, number = random.Random(seed), 0
    while True:
        number += 1
        drawn = drawer.crossed() if number % 2 else drawer.parameters()
        chosen = chance.sample(ORDER, chance.randint(1, 3)) if chance.random() < 0.6 else []
        asked = {name: texts for name, texts in drawn.items() if name not in ("sort", "page", "size")}
        yield asked, hide(chance, draw_person(chance), chance.choice(HIDDEN)), chosen


def main() -> int:
    """Run from the command line."""
    global _checker  # noqa: PLW0603 - inherited by the worker processes, too large to be sent to them
    options = parser(str(__doc__)).parse_args()
    gazetteer, rows = read_rows(options)
    book = read_book(read_texts(OWN_FUNDING)).book
    assert book is not None
    _checker = Checker(rows, gazetteer, read_facts(), book, options.today, options.url)
    drawer = Drawer(rows, gazetteer, options.today, options.seed, entry_levels=False, trainings=False, untold=UNTOLD)
    drawn = [search for search, _ in zip(searches(drawer, options.seed), range(options.n), strict=False)]
    began, wrong, doubtful = time.monotonic(), 0, 0
    with ProcessPoolExecutor(options.processes) as pool:
        for differences in pool.map(_check, drawn, chunksize=2):
            doubtful += differences is None
            if differences:
                wrong += 1
                print("\n".join(differences[:5]), flush=True)
    print(
        f"{len(rows)} actions, {options.n} persons and searches, {time.monotonic() - began:.0f} s: {wrong} differ"
        f" ({doubtful} not compared: an offer within 2 m of the radius)"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
