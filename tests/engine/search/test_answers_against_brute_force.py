"""A thousand random requests over the fixtures: totals, counts, first sessions and order are those of brute force."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, islice
from typing import Any, Final
from urllib.parse import urlencode

import pytest

from search_app.search.query import members, trainings
from tests.engine.loaded import TODAY, LoadedApp
from tests.oracle.answer import answer
from tests.oracle.compare import Compared, report
from tests.oracle.draw import Drawer, Drawn
from tests.oracle.fixture_truth import COMMUNES, DATA, FORMER_COMMUNES, fixture_row, identify, read_fixture_truth
from tests.oracle.places import Gazetteer, load_gazetteer
from tests.oracle.query import read_query
from tests.oracle.rows import Row
from tests.oracle.trainings import keys_of

REQUESTS_EACH: Final = 500
SHOWN: Final = 5
PAGE: Final = 7  # trainings of one page: few, so that there are many pages
WORDS: Final = ("soudeur", "anglais", "CAP cuisine", "secrétaire")


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(COMMUNES, FORMER_COMMUNES)


def fetch_all(app: LoadedApp, **parameters: str) -> list[dict[str, Any]]:
    """Return the results of all pages."""
    results: list[dict[str, Any]] = []
    for page in count(1):
        asked = {name: [value] for name, value in parameters.items()} | {"size": ["100"], "page": [str(page)]}
        answered = app.search(asked).json()
        results += answered["results"]
        if len(results) >= answered["total"] or not answered["results"]:
            return results
    raise AssertionError


@pytest.fixture(scope="module")
def rows(app: LoadedApp) -> list[Row]:
    """The rows of the truth, with the keys that the app made for their trainings."""
    results = fetch_all(app)
    rows = [fixture_row(truth) for truth in identify(read_fixture_truth(DATA / "truth.jsonl.gz"), results)]
    keys = keys_of({row.id: row for row in rows}, {each["id"]: each["training"]["key"] for each in results})
    return [replace(row, answers_to={**row.answers_to, "training": frozenset((keys[row.training],))}) for row in rows]


def check(app: LoadedApp, parameters: Drawn, rows: Sequence[Row], gazetteer: Gazetteer) -> tuple[int, str] | None:
    """Return the total and what differs, as a text that is empty if nothing does; None if rounding decides."""
    query = read_query(parameters, gazetteer)
    expected = answer(rows, query, TODAY)
    if expected.doubtful:
        return None
    got = app.search(parameters)
    if got.status != 200:
        return expected.total, report(parameters, [f"status {got.status}: {got.text[:500]}"])
    by_id = {row.id: row for row in rows}
    differences = Compared(parameters, expected, got.json(), by_id, query.sort).differences()
    return expected.total, report(parameters, differences) if differences else ""


def check_many(
    app: LoadedApp, drawn: Iterator[tuple[Drawn, Sequence[Row]]], gazetteer: Gazetteer, number: int
) -> tuple[list[str], int]:
    """Return what differs in that many requests, and how many have results."""
    checked = (check(app, parameters, rows, gazetteer) for parameters, rows in drawn)
    told = list(islice((one for one in checked if one is not None), number))
    return [text for _, text in told if text], sum(total > 0 for total, _ in told)


def test_answers_are_those_of_brute_force(
    app: LoadedApp, rows: list[Row], gazetteer: Gazetteer, request: pytest.FixtureRequest
) -> None:
    drawer = Drawer(rows, gazetteer, TODAY, seed=len(request.node.name))
    wrong, found = check_many(app, ((drawer.parameters(), rows) for _ in count()), gazetteer, REQUESTS_EACH)
    assert found > REQUESTS_EACH * 2 / 3, "the requests hardly find anything: they prove little"
    assert not wrong, f"{len(wrong)} of {REQUESTS_EACH} answers differ\n" + "\n".join(wrong[:SHOWN])


def test_answers_are_those_of_brute_force_where_conditions_on_a_session_meet(
    app: LoadedApp, rows: list[Row], gazetteer: Gazetteer, request: pytest.FixtureRequest
) -> None:
    drawer = Drawer(rows, gazetteer, TODAY, seed=len(request.node.name) + 1)
    wrong, found = check_many(app, ((drawer.crossed(), rows) for _ in count()), gazetteer, REQUESTS_EACH)
    assert found > REQUESTS_EACH / 2, "the requests hardly find anything: they prove little"
    assert not wrong, f"{len(wrong)} of {REQUESTS_EACH} answers differ\n" + "\n".join(wrong[:SHOWN])


def test_filters_and_counts_are_exact_beside_words(app: LoadedApp, rows: list[Row], gazetteer: Gazetteer) -> None:
    """What words alone find is taken from the app; what filters keep of it, and every count, from brute force."""
    drawer = Drawer(rows, gazetteer, TODAY, seed=7)
    for words in WORDS:
        found = {result["id"] for result in fetch_all(app, q=words)}
        assert found, words
        rows_found = [row for row in rows if row.id in found]
        drawn = ((drawer.parameters() | {"q": [words]}, rows_found) for _ in count())
        wrong, _ = check_many(app, drawn, gazetteer, REQUESTS_EACH // 25)
        assert not wrong, "\n".join(wrong[:SHOWN])


ORDERS: Final[Sequence[dict[str, str]]] = (
    {"sort": "start"},
    {"sort": "seats", "funder": "2"},
    {"sort": "distance", "lat": "43.6", "lon": "1.44", "radius": "300"},
    {"sort": "start", "place": "Occitanie", "upcoming": "true"},
    {"q": "anglais"},
    {"q": "CAP", "upcoming": "true"},
)


@pytest.mark.parametrize("asked", ORDERS, ids=str)
def test_pages_of_trainings_are_the_list_of_offers_with_each_training_where_its_best_offer_is(
    app: LoadedApp, asked: dict[str, str]
) -> None:
    offers = fetch_all(app, **asked)
    best = {offer["training"]["key"]: offer["id"] for offer in reversed(offers)}
    expected = [offer["id"] for offer in offers if best[offer["training"]["key"]] == offer["id"]]
    pages = range(1, len(expected) // PAGE + 3)  # one beyond the last
    address = f"/api/v1/offers?{urlencode(asked)}&group=training&size={PAGE}&page="
    got = [result["id"] for page in pages for result in app.get(f"{address}{page}").json()["results"]]
    assert 2 * PAGE < len(expected) < len(offers)
    assert got == expected


def test_a_training_narrows_a_search_to_as_many_offers_as_its_result_told(app: LoadedApp) -> None:
    asked = "place=Albi&radius=100&upcoming=true"
    results = app.get(f"/api/v1/offers?{asked}&group=training&size=100").json()["results"]
    several = [result["training"] for result in results if result["training"]["offers"] > 1]
    assert several
    for told in several:
        narrowed = app.get(f"/api/v1/offers?{asked}&training={told['key'].upper()}&sort=distance").json()
        assert narrowed["total"] == told["offers"]
        assert {each["training"]["key"] for each in narrowed["results"]} == {told["key"]}
        assert narrowed["results"][0]["distance_km"] == told["nearest_km"]


def test_trainings_are_counted_in_parts_where_they_are_too_many_for_one_request(
    app: LoadedApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    for query in ("", "region=76&upcoming=true", "q=anglais", "region=06&seats=900"):
        whole = app.get(f"/api/v1/offers?group=training&size=1&{query}").json()
        with monkeypatch.context() as few:
            for module in (trainings, members):
                few.setattr(module, "MOST_AT_ONCE", 20)
            parts = app.get(f"/api/v1/offers?group=training&size=1&{query}").json()
        assert parts["trainings"] == whole["trainings"], query
    assert whole["trainings"] == 0
