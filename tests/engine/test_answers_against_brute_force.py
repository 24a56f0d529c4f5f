"""A thousand random requests over the fixtures: totals, counts, first sessions and order are those of brute force."""

from collections.abc import Iterator
from typing import Final

import pytest

from tests.engine.loaded import TODAY, LoadedApp, load_fixtures, serve
from tests.oracle.answer import answer
from tests.oracle.compare import Compared, report
from tests.oracle.draw import Drawer
from tests.oracle.fixture_truth import COMMUNES, DATA, FORMER_COMMUNES, fixture_row, identify, read_fixture_truth
from tests.oracle.places import load_gazetteer
from tests.oracle.query import read_query
from tests.oracle.rows import Row

REQUESTS_EACH: Final = 500
SHOWN: Final = 5


@pytest.fixture(scope="module", params=[1, 2], ids=["one shard", "two shards"])
def app(request: pytest.FixtureRequest, engine_url: str, module_index_prefix: str) -> Iterator[LoadedApp]:
    prefix = f"{module_index_prefix}{request.param}-"
    load_fixtures(engine_url, prefix, shards=request.param)
    with serve(engine_url, prefix) as app:
        yield app


def all_rows(app: LoadedApp) -> list[Row]:
    truths = read_fixture_truth(DATA / "truth.jsonl.gz")
    results = []
    for page in range(1, len(truths) // 100 + 2):
        results += app.search({"size": ["100"], "page": [str(page)]}).json()["results"]
    return [fixture_row(truth) for truth in identify(truths, results)]


def test_answers_are_those_of_brute_force(app: LoadedApp, request: pytest.FixtureRequest) -> None:
    gazetteer = load_gazetteer(COMMUNES, FORMER_COMMUNES)
    rows = all_rows(app)
    by_id = {row.id: row for row in rows}
    drawer = Drawer(rows, gazetteer, TODAY, seed=sum(map(ord, request.node.name)))
    wrong: list[str] = []
    asked = empty = 0
    while asked < REQUESTS_EACH:
        parameters = drawer.parameters()
        query = read_query(parameters, gazetteer)
        expected = answer(rows, query, TODAY)
        if expected.doubtful:
            continue
        asked += 1
        empty += expected.total == 0
        got = app.search(parameters)
        differences = (
            Compared(parameters, expected, got.json(), by_id, query.sort).differences()
            if got.status == 200
            else [f"status {got.status}: {got.text[:500]}"]
        )
        if differences:
            wrong.append(report(parameters, differences))
    assert empty < asked / 3, "the draws hardly find anything: they prove little"
    assert not wrong, f"{len(wrong)} of {asked} answers differ\n" + "\n".join(wrong[:SHOWN])
