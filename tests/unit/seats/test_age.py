"""The setting for the age of seat figures, and the task of the app that applies it."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from mappings.settings import EngineSettings
from search_app.base.settings import Settings
from search_app.seats.age import AgeSweep
from search_app.web.app import create_app
from seats.projection.age import age_figures, is_due
from seats.projection.write import figures_to_left
from seats.statements.parse import Statement, parse_statement
from tests.unit.seats.test_statements import GOOD

NOWHERE = "http://127.0.0.1:9"  # the discard port: nothing answers there


def test_there_is_no_cutoff_unless_one_is_set_and_it_is_written_as_statements_are() -> None:
    assert EngineSettings().seats_cutoff() == ""
    cutoff = EngineSettings.from_environment({"BOUSSOLE_SEATS_MAX_AGE_DAYS": "30"}).seats_cutoff()
    expected = datetime.now(UTC) - timedelta(days=30)
    assert abs(datetime.fromisoformat(cutoff) - expected) < timedelta(minutes=1)
    line = b'{"session":"S","funder":"2","capacity":1,"available":1,"sequence":1,"observed_at":"%s"}' % cutoff.encode()
    statement = parse_statement(line, 1, datetime.now(UTC))
    assert isinstance(statement, Statement)
    assert statement.observed_at == cutoff  # so that texts compare as moments do


@pytest.mark.parametrize(
    ("cutoff", "left"),
    [
        ("", {"2": 3, "any": 3}),
        ("2026-11-22T18:25:00Z", {"2": 3, "any": 3}),  # observed at that very second: it counts
        ("2026-11-22T18:25:01Z", {}),
    ],
)
def test_a_figure_observed_before_the_cutoff_does_not_count(cutoff: str, left: dict[str, int]) -> None:
    assert figures_to_left([GOOD], ["2"], cutoff) == left


def test_the_app_looks_after_old_figures_as_soon_as_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = threading.Event()

    async def look(self: AgeSweep) -> float:
        looked.set()
        return 3600.0

    monkeypatch.setattr(AgeSweep, "look", look)
    with TestClient(create_app(Settings(opensearch_url=NOWHERE, engine_timeout=1))):
        assert looked.wait(10)


def test_an_engine_that_is_away_is_looked_for_again_soon() -> None:
    with TestClient(create_app(Settings(opensearch_url=NOWHERE, engine_timeout=1))) as client:
        last = time.monotonic() + 10
        (health,) = (each for each in client.app.state.task_health if each.name == "seats_age")  # type: ignore[attr-defined]
        while health.failures < 2:
            assert time.monotonic() < last
            time.sleep(0.01)
        assert health.succeeded_at is None


def test_steps_ask_the_engine_for_nothing_more_where_there_are_no_indices() -> None:
    names = create_app(Settings(opensearch_url=NOWHERE)).state.services.engine.names
    for steps in (is_due(names, lambda: ""), age_figures(names, lambda: "")):
        assert next(steps).path.startswith("/_cat/indices/")
        with pytest.raises(StopIteration):
            steps.send([])
