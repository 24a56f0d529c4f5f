"""Following the ledger for all who listen: when it is asked, and which number a page may go on from."""

import asyncio
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

import pytest

from engine.requests import Steps
from mappings.names import IndexNames
from search_app.base.errors import EngineTimeout, EngineUnavailable, NothingLoaded
from search_app.search.engine.offers import WRITE_SECONDS, OffersEngine
from search_app.seats import changes as changes_module
from search_app.seats.changes import SAMPLE_SECONDS, SETTLE_SECONDS, SeatChanges


class FakeEngine(OffersEngine):
    """Answers as an engine whose ledger has no statement beyond ``checkpoint``, or fails as it is told to."""

    def __init__(self) -> None:
        self.names = IndexNames("x-")
        self.timeout = 10
        self.checkpoint = 0
        self.failure: Exception | None = None
        self.asked: list[str] = []

    async def run(self, steps: Steps[Any], seconds: float = WRITE_SECONDS) -> Any:
        try:
            request = next(steps)
            while True:
                request = steps.send(await self._answer(request.path))
        except StopIteration as end:
            return end.value

    async def _answer(self, path: str) -> dict[str, Any]:
        await asyncio.sleep(0)
        self.asked.append(path.rpartition("/")[2])
        if self.failure is not None:
            raise self.failure
        if path.endswith("_stats"):
            copy = {"routing": {"primary": True}, "seq_no": {"local_checkpoint": self.checkpoint}}
            return {"indices": {"x-seats": {"shards": {"0": [copy]}}}}
        return {"hits": {"hits": []}}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1_000.0]
    monkeypatch.setattr(changes_module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def run(test: Callable[[SeatChanges, FakeEngine], Coroutine[None, None, None]]) -> None:
    async def whole() -> None:
        engine = FakeEngine()
        changes = SeatChanges(engine, lambda change: b"")
        await asyncio.wait_for(test(changes, engine), 10)
        await changes.close()

    asyncio.run(whole())


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_a_page_goes_on_from_a_number_that_was_known_ten_seconds_ago(clock: list[float]) -> None:
    async def test(changes: SeatChanges, engine: FakeEngine) -> None:
        told = []
        for checkpoint in (10, 20, 30, 40):
            engine.checkpoint = checkpoint
            changes.settled_checkpoint()
            await settle()
            told.append(changes.settled_checkpoint())
            clock[0] += SETTLE_SECONDS
        assert told == [-1, 10, 20, 30]
        engine.checkpoint = 3  # another ledger
        changes.settled_checkpoint()
        await settle()
        assert changes.settled_checkpoint() == -1

    run(test)


def test_many_pages_ask_for_the_number_once_in_a_while_and_never_wait_for_it(clock: list[float]) -> None:
    async def test(changes: SeatChanges, engine: FakeEngine) -> None:
        for _ in range(50):
            changes.settled_checkpoint()
        await settle()
        assert engine.asked == ["_stats"]
        engine.failure = EngineUnavailable("away")
        clock[0] += SAMPLE_SECONDS + 1
        assert changes.settled_checkpoint() == -1
        await settle()
        assert engine.asked == ["_stats", "_stats"]

    run(test)


@pytest.mark.parametrize("failure", [None, NothingLoaded("none")])
def test_whoever_begins_to_listen_waits_for_the_ledger_and_the_last_to_leave_ends_the_polling(
    failure: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes_module, "POLL_SECONDS", 0.0)

    async def test(changes: SeatChanges, engine: FakeEngine) -> None:
        engine.failure = failure
        first = await changes.subscribe(["a"], lambda: None, held=False)
        second = await changes.subscribe(["a"], lambda: None, held=False)
        changes.unsubscribe(first)
        before = len(engine.asked)
        await settle()
        assert len(engine.asked) > before
        changes.unsubscribe(second)
        await settle()
        before = len(engine.asked)
        await settle()
        assert len(engine.asked) == before
        engine.failure = None
        again = await changes.subscribe(["a"], lambda: None, held=True)
        await changes.catch_up(again, -1)
        changes.unsubscribe(again)

    run(test)


@pytest.mark.parametrize("failure", [EngineUnavailable("away"), KeyError("hits")])
def test_nobody_begins_to_listen_while_the_ledger_cannot_be_followed_and_those_who_did_go_on(
    failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes_module, "POLL_SECONDS", 0.0)
    monkeypatch.setattr(changes_module, "LONGEST_PAUSE", 0.0)

    async def test(changes: SeatChanges, engine: FakeEngine) -> None:
        engine.timeout = 0.05
        first = await changes.subscribe(["a"], lambda: None, held=False)
        changes.periodic._longest = 0.0
        engine.failure = failure
        await settle()
        with pytest.raises(EngineTimeout):
            await changes.subscribe(["a"], lambda: None, held=True)
        assert changes.periodic.health.failures > 1
        assert len(changes.hub) == 1
        engine.failure = None
        engine.timeout = 10
        changes.unsubscribe(await changes.subscribe(["a"], lambda: None, held=True))
        assert changes.periodic.is_running
        changes.unsubscribe(first)
        assert not changes.periodic.is_running

    run(test)
