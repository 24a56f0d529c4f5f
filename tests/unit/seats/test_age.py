"""The setting for the age of seat figures, and the task of the app that applies it."""

import json
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from engine.lease import Lease
from mappings.settings import EngineSettings
from search_app.seats.age import AgeSweep
from seats.ledger.history import ensure_indices, fetch_history
from seats.projection.age import AGE, RELEASE, Aged, age_figures, fetch_cutoff, is_due
from seats.projection.write import figures_to_left
from seats.statements.parse import Statement, parse_statement
from seats.statements.producers import COMMAND
from tests.away_engine import away_app
from tests.unit.seats.seats_world import NAMES, World, statement
from tests.unit.seats.statements.test_statements import GOOD


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
    with TestClient(away_app()):
        assert looked.wait(10)


def test_an_engine_that_is_away_is_looked_for_again_soon() -> None:
    with TestClient(away_app()) as client:
        last = time.monotonic() + 10
        (health,) = (each for each in client.app.state.task_health if each.name == "seats_age")  # type: ignore[attr-defined]
        while health.failures < 2:
            assert time.monotonic() < last
            time.sleep(0.01)
        assert health.succeeded_at is None


def test_steps_ask_the_engine_for_nothing_more_where_there_are_no_indices() -> None:
    names = away_app().state.services.engine.names
    for steps in (is_due(names, lambda: ""), age_figures(names, lambda: "")):
        assert next(steps).path.startswith("/_cat/indices/")
        with pytest.raises(StopIteration):
            steps.send([])


OLD, YOUNG = "2026-11-01T08:00:00Z", "2026-11-20T08:00:00Z"
BETWEEN = "2026-11-10T08:00:00Z"  # a cutoff


def aged(world: World, cutoff: str, *, every: bool = False) -> Aged:
    world.refresh()
    found = world.fake.run(age_figures(NAMES, lambda: cutoff, every=every))
    world.refresh()
    return found


@pytest.fixture
def world() -> World:
    made = World()
    made.offer("A1", "S1", "S2")
    made.state(statement("S1", 3, 1, observed_at=OLD), statement("S2", 5, 1, observed_at=YOUNG))
    return made


def test_figures_between_two_cutoffs_stop_counting_and_count_again_when_it_is_taken_back(world: World) -> None:
    assert aged(world, BETWEEN) == Aged("done", "", BETWEEN, 1)  # the old one alone was looked at
    assert (world.left("S1"), world.left("S2")) == ({}, {"2": 5, "any": 5})
    assert world.fake.run(fetch_cutoff("x-offers-1")) == BETWEEN
    assert aged(world, BETWEEN) == Aged("same", BETWEEN, BETWEEN, 0)
    assert aged(world, "") == Aged("done", BETWEEN, "", 2)
    assert world.left("S1") == {"2": 3, "any": 3}


def test_cutoff_that_moves_on_looks_only_at_what_it_passed_and_every_looks_at_all(world: World) -> None:
    aged(world, BETWEEN)
    assert aged(world, "2026-11-15T08:00:00Z").figures == 0
    assert aged(world, "2026-11-21T08:00:00Z").figures == 1
    assert world.left("S2") == {}
    assert aged(world, "2026-11-21T08:00:00Z", every=True).figures == 2
    assert aged(world, "2026-11-02T08:00:00Z").figures == 1  # an earlier one: what counts under it


def test_figures_are_aged_by_one_process_and_not_while_some_are_released(world: World) -> None:
    for name in (AGE, RELEASE):
        other = Lease(NAMES.locks, name)
        world.fake.run(other.take())
        assert aged(world, BETWEEN).outcome == "busy"
        world.fake.run(other.give_back())
    assert aged(world, BETWEEN).outcome == "done"
    assert world.fake.documents(NAMES.locks) == {}


@pytest.mark.parametrize(
    ("applied", "cutoff", "due"),
    [
        ("", "", False),
        ("", BETWEEN, True),
        (BETWEEN, "", True),
        (BETWEEN, BETWEEN, False),
        (BETWEEN, "2026-11-10T08:29:59Z", False),
        (BETWEEN, "2026-11-10T08:30:00Z", True),
        (BETWEEN, "2026-11-10T07:59:59Z", True),
    ],
)
def test_cutoff_is_applied_again_after_half_an_hour_or_when_the_setting_changes(
    world: World, applied: str, cutoff: str, due: bool
) -> None:
    if applied:
        aged(world, applied)
    assert world.fake.run(is_due(NAMES, lambda: cutoff)) is due


def test_history_is_kept_for_thirty_days_by_week(world: World) -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    for week in ("2026w42", "2026w43", "2026w44"):
        world.fake.create(f"x-seats-history-{week}")
    world.fake.run(ensure_indices(NAMES, now, 0))
    weeks = {name.rpartition("-")[2] for name in world.fake.cluster.indices if "history" in name}
    assert weeks >= {"2026w43", "2026w44", "2026w48"}  # 24 October, thirty days before, is in the 43rd
    assert "2026w42" not in weeks


def test_indices_for_statements_have_the_copies_that_are_set() -> None:
    steps = ensure_indices(NAMES, datetime(2026, 11, 23, 12, tzinfo=UTC), 1)
    next(steps)
    made = [steps.send({})]
    with suppress(StopIteration):
        while True:
            made.append(next(steps))
    assert [each.path for each in made] == [
        f"/{NAMES.ledger}",
        f"/{NAMES.locks}",
        f"/{NAMES.seats_history('2026-11-23')}",
    ]
    assert all('"number_of_replicas": 1' in json.dumps(each.body) for each in made)


def test_index_that_another_process_creates_meanwhile_is_no_error() -> None:
    steps = ensure_indices(NAMES, datetime(2026, 11, 23, 12, tzinfo=UTC), 0)
    next(steps)
    created = steps.send({})
    assert (created.method, created.path, created.ignore) == ("PUT", f"/{NAMES.ledger}", (400,))


def test_history_tells_the_highest_sequence_first_and_nothing_older_than_thirty_days(world: World) -> None:
    world.state(statement("S1", 2, 3), statement("S1", 9, 2, "4"))
    now = datetime.now(UTC)
    told = world.fake.run(fetch_history(NAMES, "S1", now))
    assert [(row["sequence"], row["funder"]) for row in told] == [(3, "2"), (2, "4"), (1, "2")]
    assert not {"producer", "sources"} & {name for row in told for name in row}
    assert [row["producer"] for row in world.fake.run(fetch_history(NAMES, "S1", now, COMMAND))] == ["command"] * 3
    assert world.fake.run(fetch_history(NAMES, "S1", now + timedelta(days=31))) == []
