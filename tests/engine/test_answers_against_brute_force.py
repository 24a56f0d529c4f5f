"""A thousand random requests over the fixtures: totals, counts, first sessions and order are those of brute force."""

from collections.abc import Iterator, Sequence
from itertools import count, islice
from typing import Any, Final

import httpx
import pytest

from tests.engine.loaded import TODAY, LoadedApp, load_fixtures, serve
from tests.oracle.answer import answer
from tests.oracle.compare import Compared, report
from tests.oracle.draw import Drawer, Drawn
from tests.oracle.fixture_truth import COMMUNES, DATA, FORMER_COMMUNES, fixture_row, identify, read_fixture_truth
from tests.oracle.places import Gazetteer, load_gazetteer
from tests.oracle.query import read_query
from tests.oracle.rows import Row

REQUESTS_EACH: Final = 500
SHOWN: Final = 5
# Segments searched in two threads whatever the machine: counts of large sets are inexact if shard_size is too small.
TWO_SLICES: Final = {
    "index.search.concurrent_segment_search.mode": "all",
    "index.search.concurrent.max_slice_count": 2,
}
WORDS: Final = ("soudeur", "anglais", "CAP cuisine", "secrétaire")


@pytest.fixture(scope="module", params=[1, 2], ids=["one shard", "two shards in two slices"])
def app(request: pytest.FixtureRequest, engine_url: str, module_index_prefix: str) -> Iterator[LoadedApp]:
    prefix = f"{module_index_prefix}{request.param}-"
    load_fixtures(engine_url, prefix, shards=request.param)
    if request.param > 1:
        httpx.put(f"{engine_url}/{prefix}offers/_settings", json=TWO_SLICES, timeout=60).raise_for_status()
    with serve(engine_url, prefix) as app:
        yield app


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
    truths = read_fixture_truth(DATA / "truth.jsonl.gz")
    return [fixture_row(truth) for truth in identify(truths, fetch_all(app))]


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
