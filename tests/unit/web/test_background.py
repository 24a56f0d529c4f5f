"""Work beside the requests is noted, done again, and told of, whatever it raises."""

import asyncio
import contextvars
import logging
import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final

import pytest
from prometheus_client import generate_latest
from starlette.testclient import TestClient

from search_app.base import background
from search_app.base.background import BACK_OFF, OnDemandTask, PeriodicTask, TaskHealth, pause_after
from search_app.base.errors import EngineUnavailable
from search_app.base.metrics import registry
from tests.away_engine import away_app

ROOT: Final = Path(__file__).parents[3]
BEGINS: Final = re.compile(r"create_task\(|ensure_future\(|call_later\(")


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 10))


def gauge(name: str, task: str) -> float:
    for line in generate_latest(registry).decode().splitlines():
        if line.startswith(f'boussole_background_{name}{{task="{task}"}}'):
            return float(line.rpartition(" ")[2])
    raise AssertionError(f"{name} of {task} is not among the metrics")


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - what holds is not told by an event
        await asyncio.sleep(0.001)


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "BACK_OFF", (0.0,))


def test_pauses_grow_to_the_longest() -> None:
    assert [pause_after(failures) for failures in (1, 2, 3, 99)] == [*BACK_OFF[:3], BACK_OFF[-1]]


@pytest.mark.parametrize("error", [EngineUnavailable("away"), KeyError("hits"), TimeoutError(), ValueError("{}")])
def test_a_keeper_goes_on_after_anything_and_tells_of_it(
    error: Exception, no_pause: None, caplog: pytest.LogCaptureFixture
) -> None:
    async def test() -> None:
        errors = [error] * 3
        turns = 0

        async def turn() -> float:
            nonlocal turns
            turns += 1
            if errors:
                raise errors.pop()
            return 0.0

        periodic = PeriodicTask(TaskHealth("a", "it fails"), turn)
        failed = gauge("failures_total", "a")
        periodic.start()
        await until(lambda: turns > 5)
        assert gauge("failures_total", "a") == failed + 3
        assert gauge("alive", "a") == 1
        assert gauge("last_success_timestamp_seconds", "a") > 0
        assert periodic.health.to_json()["failures"] == 0
        await periodic.close()

    with caplog.at_level(logging.WARNING):
        run(test)
    assert any("it fails" in message for message in caplog.messages)
    assert all(record.exc_info is not None for record in caplog.records if record.levelno >= logging.ERROR)


def test_a_task_that_was_ended_from_elsewhere_is_begun_anew(no_pause: None, caplog: pytest.LogCaptureFixture) -> None:
    async def test() -> None:
        turns = 0

        async def turn() -> float:
            nonlocal turns
            turns += 1
            return 3600.0

        periodic = PeriodicTask(TaskHealth("b", "it ends"), turn)
        periodic.start()
        await until(lambda: turns == 1)
        assert periodic._task is not None
        failed = gauge("failures_total", "b")
        periodic._task.cancel()
        await until(lambda: turns == 2)
        assert gauge("failures_total", "b") == failed + 1
        assert gauge("alive", "b") == 1
        await periodic.close()
        await asyncio.sleep(0.01)
        assert turns == 2
        assert not periodic.is_running

    run(test)
    assert caplog.messages


def test_a_keeper_that_is_stopped_and_started_has_one_task(no_pause: None) -> None:
    async def test() -> None:
        under_way = 0
        most = 0

        async def turn() -> float:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            try:
                await asyncio.sleep(0.001)
            finally:
                under_way -= 1
            return 0.0

        periodic = PeriodicTask(TaskHealth("c", "it"), turn)
        for _ in range(5):
            periodic.start()
            await asyncio.sleep(0.005)
            periodic.stop()
        await until(lambda: under_way == 0)
        assert most == 1

    run(test)


def test_a_keeper_ends_although_its_cancellation_was_taken_for_a_failure(no_pause: None) -> None:
    async def test() -> None:
        turns = 0

        async def turn() -> float:
            nonlocal turns
            turns += 1
            try:
                await asyncio.sleep(0.01)
            except asyncio.CancelledError as error:
                raise EngineUnavailable("late") from error
            return 0.0

        periodic = PeriodicTask(TaskHealth("f", "it"), turn)
        periodic.start()
        await until(lambda: turns == 1)
        await asyncio.wait_for(periodic.close(), 1)
        seen = turns
        await asyncio.sleep(0.05)
        assert turns == seen

    run(test)


def test_an_errand_is_done_once_at_a_time_and_its_failure_is_noted(caplog: pytest.LogCaptureFixture) -> None:
    async def test() -> None:
        go, done = asyncio.Event(), 0

        async def work() -> None:
            nonlocal done
            await go.wait()
            done += 1
            if done == 1:
                raise KeyError("hits")

        on_demand = OnDemandTask(TaskHealth("d", "it is not done"), work)
        on_demand.start()
        on_demand.start()
        go.set()
        await until(lambda: not on_demand.is_under_way)
        assert (done, on_demand.health.failures) == (1, 1)
        on_demand.start()
        await until(lambda: not on_demand.is_under_way)
        assert (done, on_demand.health.failures) == (2, 0)

    run(test)
    assert any("it is not done" in message for message in caplog.messages)


def test_work_beside_a_request_has_nothing_of_its_context() -> None:
    deadline = contextvars.ContextVar[str]("deadline", default="none")

    async def test() -> None:
        seen = []

        async def work() -> None:
            seen.append(deadline.get())

        deadline.set("of a request")
        on_demand = OnDemandTask(TaskHealth("e", "it"), work)
        on_demand.start()
        await until(lambda: not on_demand.is_under_way)
        assert seen == ["none"]

    run(test)


def test_the_metrics_tell_of_every_background_task_before_anything_was_asked() -> None:
    app = away_app()
    names = {
        "directory",
        "seats_writer",
        "seats_age",
        "seats_feed",
        "seats_sample",
        "streams",
        "exports",
        "exports_views",
    }
    assert {health.name for health in app.state.task_health} == names
    assert {gauge("alive", name) for name in names} == {1}
    with TestClient(app) as client:
        assert 'boussole_background_failures_total{task="directory"} ' in client.get("/metrics").text


# Modules that begin tasks or timers of their own, and why nothing goes on unseen there after an exception.
OTHERS: Final = {
    "alerts/desk.py": "a mail that asks to confirm: any failure is noted, and ``alerts send`` sends it",
    "base/at_once.py": "the work of a request is awaited by it, or cancelled with it",
    "seats/api.py": "the batches of a body are awaited by its request",
    "seats/stream.py": "what a client missed is read again after any failure",
    "seats/open_streams.py": "writes to one client; the timer of all notes what it raises and goes on",
    "search/finding.py": "both parts of a search are awaited by its request, or cancelled with it",
    "search/engine/views.py": "a view opened for a reader who leaves meanwhile is closed once it is known",
    "web/shared_answers.py": "requests that wait raise its exception; without one it is logged",
    "web/server/protocol.py": "timers of one connection",
}


def test_tasks_are_begun_by_keepers_and_errands_or_end_with_their_request() -> None:
    folder = ROOT / "search_app"
    modules = [path for path in folder.rglob("*.py") if BEGINS.search(path.read_text("utf-8"))]
    assert {path.relative_to(folder).as_posix() for path in modules} == {*OTHERS, "base/background.py"}
