"""Random persons and searches over the fixtures: the facet, totals, sessions and counts are those of brute force."""

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any, Final
from unittest.mock import patch

import pytest

from funding.book import Book
from funding.facts.person import NAMES, Person
from funding.facts.stored import offer_facts, session_facts
from search_app.search.funding.fact_sets import FactSets
from search_app.search.reference_data import ReferenceData, Snapshot
from search_app.search.service import Services
from tests.engine.loaded import TODAY, LoadedApp
from tests.funding.draw import draw_person, to_posted
from tests.oracle.draw import Drawer, Drawn
from tests.oracle.fixture_truth import COMMUNES, DATA, FORMER_COMMUNES, fixture_row, identify, read_fixture_truth
from tests.oracle.payment import ORDER, Facts, Payers, expect, expect_row
from tests.oracle.places import Gazetteer, load_gazetteer
from tests.oracle.query import read_query
from tests.oracle.rows import Row
from tests.oracle.trainings import keys_of

SEARCHES: Final = int(os.environ.get("FUNDING_SEARCHES", "60"))  # of each kind and index
COUNTED: Final = ("recruiting", "seats", "funder", "level", "region", "mode")
OTHERWISE_READ: Final = 12  # random searches of which the app knows other offers
ROWS_CHECKED: Final = 3  # of the lists of one answer: each is a search of its own by brute force


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(COMMUNES, FORMER_COMMUNES)


@pytest.fixture(scope="module")
def results(app: LoadedApp) -> list[dict[str, Any]]:
    """All offers as results."""
    found: list[dict[str, Any]] = []
    for page in count(1):
        answered = app.search({"size": ["100"], "page": [str(page)]}).json()
        found += answered["results"]
        if len(found) >= answered["total"]:
            return found
    raise AssertionError


@pytest.fixture(scope="module")
def stored(app: LoadedApp, results: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The stored offers by number."""
    services: Services = app.app.state.services
    assert app.client.portal is not None
    keys = [each["key"] for each in results]
    found: list[dict[str, Any]] = app.client.portal.call(services.engine.get_offers, keys)
    return {each["id"]: each for each in found}


@pytest.fixture(scope="module")
def facts(stored: dict[str, dict[str, Any]]) -> dict[str, Facts]:
    return {
        number: (offer_facts(each), {s["id"]: session_facts(s, each.get("entry")) for s in each.get("sessions", ())})
        for number, each in stored.items()
    }


@pytest.fixture(scope="module")
def rows(results: list[dict[str, Any]]) -> list[Row]:
    rows = [fixture_row(truth) for truth in identify(read_fixture_truth(DATA / "truth.jsonl.gz"), results)]
    keys = keys_of({row.id: row for row in rows}, {each["id"]: each["training"]["key"] for each in results})
    return [replace(row, answers_to={**row.answers_to, "training": frozenset((keys[row.training],))}) for row in rows]


@pytest.fixture(scope="module")
def book(app: LoadedApp) -> Book:
    book = known(app).funding.book
    assert book.schemes, "no rules are loaded"
    return book


def known(app: LoadedApp) -> Snapshot:
    """Return the reference data of the app; in its event loop, where it may start to read them again."""
    services: Services = app.app.state.services

    async def ask() -> Snapshot:
        return services.reference.known()

    assert app.client.portal is not None
    return app.client.portal.call(ask)


def post(app: LoadedApp, drawn: Drawn, person: Person, chosen: list[str]) -> dict[str, Any]:
    body = {**drawn, "person": to_posted(person), "funding": chosen, "size": ["100"]}
    answered = app.client.post("/api/v1/offers/search", json=body)
    assert answered.status_code == 200, answered.text
    found: dict[str, Any] = answered.json()
    return found


def draws(drawer: Drawer, chance: random.Random) -> Iterator[tuple[Drawn, Person, list[str]]]:
    """Yield searches, half of them where conditions of one session meet, half with chosen values."""
    for number in count():
        drawn = drawer.crossed() if number % 2 else drawer.parameters()
        chosen = chance.sample(ORDER, chance.randint(1, 3)) if chance.random() < 0.6 else []
        yield (
            {name: texts for name, texts in drawn.items() if name not in ("sort", "page")},
            draw_person(chance),
            chosen,
        )


def test_filter_is_that_of_brute_force(
    app: LoadedApp, rows: list[Row], facts: dict[str, Facts], book: Book, gazetteer: Gazetteer
) -> None:
    chance = random.Random(20261130)
    searches = draws(Drawer(rows, gazetteer, TODAY, seed=19), chance)
    seen: set[str] = set()
    checked = found = 0
    while checked < SEARCHES:
        drawn, person, chosen = next(searches)
        query, payers = read_query(drawn, gazetteer), Payers(book, person, TODAY, facts)
        expected = expect(rows, query, payers, frozenset(chosen))
        if expected.doubtful:
            continue
        told = f"{drawn} {[(n, v) for n in NAMES if (v := getattr(person, n)) is not None]} {chosen}"
        got = post(app, drawn, person, chosen)
        assert {row["value"]: row["count"] for row in got["facets"]["funding"]} == {
            value: expected.counts[value] for value in ORDER
        }, told
        assert got["total"] == len(expected.values), told
        for result in got["results"]:
            assert result["funding"] == expected.values[result["id"]], (told, result["id"])
            matching = [each["id"] for each in result["sessions"] if each["matches"]]
            assert sorted(matching) == sorted(expected.sessions[result["id"]]), (told, result["id"])
        lists = [(name, row) for name in COUNTED for row in got["facets"].get(name, ())]
        for name, row in chance.sample(lists, min(ROWS_CHECKED, len(lists))):
            wanted = expect_row(rows, query, payers, frozenset(chosen), name, row["value"])
            assert row["count"] == wanted, (told, name, row)
        checked += 1
        found += got["total"] > 0
        seen |= {value for value in ORDER if expected.counts[value]}
    assert seen == set(ORDER)
    assert found > SEARCHES / 3


@pytest.mark.parametrize(
    "read",
    [
        lambda known: replace(known, fact_sets=FactSets()),
        lambda known: replace(known, fact_sets=FactSets(known.fact_sets.terms[::2])),
        lambda known: replace(known, earliest=date(2028, 1, 1)),
    ],
    ids=["no set", "half of the sets", "no session before 2028"],
)
def test_answer_is_the_same_where_other_offers_were_read(
    app: LoadedApp, rows: list[Row], gazetteer: Gazetteer, read: Callable[[Snapshot], Snapshot]
) -> None:
    told = known(app)
    assert told.fact_sets.terms
    chance = random.Random(7)
    searches = draws(Drawer(rows, gazetteer, TODAY, seed=7), chance)
    asked = [next(searches) for _ in range(OTHERWISE_READ)]
    asked += [({}, draw_person(chance), [value]) for value in ORDER]
    expected = [post(app, *each) for each in asked]
    with patch.object(ReferenceData, "current", lambda _: read(told)):
        found = [post(app, *each) for each in asked]
    for search, answered, wanted in zip(asked, found, expected, strict=True):
        for part in ("total", "facets", "results"):
            assert answered[part] == wanted[part], search
