"""A view of the engine is closed whatever happens to its reader, and few are open at once."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from typing import Any
from unittest.mock import AsyncMock, patch

import pytest

from engine.paging import View
from search_app.base.deadline import deadline
from search_app.base.errors import (
    AppError,
    EngineIncomplete,
    EngineOverloaded,
    EngineTimeout,
    ExportsFull,
    TooManyRequests,
)
from search_app.base.settings import Settings
from search_app.search.engine import scans as module
from search_app.search.engine import views
from search_app.search.engine.offers import OffersEngine
from search_app.search.engine.scans import Scan, Scans
from search_app.search.engine.shape import LiveShape
from search_app.search.engine.steps import read_step
from tests.unit.exports.export_samples import ViewsEngine, until

BODY = {"size": 100}
Play = Callable[[ViewsEngine, Scans], Awaitable[Any]]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAUSE", 0)


def played(play: Play, offers: int = 500, most: int = 9, most_of_client: int = 0) -> ViewsEngine:
    """Return the engine after a play, and after what was closed in the background; no view may be left open."""

    async def run() -> ViewsEngine:
        engine = ViewsEngine(offers)
        scans = Scans(engine, most, most_of_client)
        await play(engine, scans)
        await scans.views.drain()
        assert (engine.open, len(scans)) == (set(), 0)
        return engine

    return asyncio.run(run())


async def numbers_of(scan: Scan) -> list[bytes]:
    found: list[bytes] = []
    while step := await scan.next_step():
        found += map(bytes, step)
    return found


def test_a_scan_reads_every_offer_once_and_its_view_is_closed_with_the_last_step() -> None:
    async def play(engine: ViewsEngine, scans: Scans) -> None:
        scan = await scans.open(BODY, "a")
        assert scan.total == 500
        assert await numbers_of(scan) == [b'{"number":%d}' % number for number in range(500)]
        await until(lambda: not engine.open)  # its reader has not closed it yet
        assert len(scans) == 1
        scan.close()

    engine = played(play)
    assert [size for size, _ in engine.asked] == [50, 100, 100, 100, 100, 100]


def test_steps_grow_to_the_size_that_was_asked_for() -> None:
    async def play(_: ViewsEngine, scans: Scans) -> None:
        with await scans.open({"size": 250}, "a") as scan:
            assert len(await numbers_of(scan)) == 1_000

    assert [size for size, _ in played(play, offers=1_000).asked] == [50, 100, 200, 250, 250, 250]


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_scan_that_is_left_is_closed_once(steps: int) -> None:
    async def play(_: ViewsEngine, scans: Scans) -> None:
        with await scans.open(BODY, "a") as scan:
            for _step in range(steps):
                await scan.next_step()
        scan.close()

    assert len(played(play).opened) == 1


@pytest.mark.parametrize("call", ["open_view", "read_step"])
def test_a_scan_that_cannot_begin_leaves_no_view_and_no_place(call: str) -> None:
    async def play(engine: ViewsEngine, scans: Scans) -> None:
        engine.fails[call] = [EngineTimeout("late")]
        with pytest.raises(EngineTimeout):
            await scans.open(BODY, "a")
        assert len(scans) == 0
        engine.open.discard("view-0" if call == "open_view" else "")  # of a call that failed nobody knows the view

    played(play)


@pytest.mark.parametrize("call", ["open_view", "read_step"])
def test_a_scan_that_is_cancelled_while_the_engine_works_is_closed(call: str) -> None:
    async def play(engine: ViewsEngine, scans: Scans) -> None:
        engine.gates[call] = asyncio.Event()
        opening = asyncio.create_task(scans.open(BODY, "a"))
        await engine.reached.wait()
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        assert len(scans) == 0
        engine.gates[call].set()

    played(play)


def test_closing_is_tried_again_and_many_are_closed_together(caplog: pytest.LogCaptureFixture) -> None:
    async def play(engine: ViewsEngine, scans: Scans) -> None:
        opened = [await scans.open(BODY, "a") for _ in range(5)]
        engine.fails["close_views"] = [EngineTimeout("late"), EngineOverloaded("full")]
        for scan in opened:
            scan.close()

    played(play)
    assert caplog.records == []


def test_an_engine_that_cannot_close_views_is_told_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    async def play(engine: ViewsEngine, scans: Scans) -> None:
        engine.fails["close_views"] = [EngineTimeout("late")] * views.TRIES
        (await scans.open(BODY, "a")).close()
        await scans.views.drain()
        assert engine.open == {"view-0"}
        engine.open.clear()  # they expire
        (await scans.open(BODY, "a")).close()  # and later ones are closed

    played(play)
    assert [(row.levelno, row.getMessage()) for row in caplog.records] == [
        (logging.WARNING, "views of exports stay open until they expire: late"),
        (logging.WARNING, "views of exports stay open until they expire: well again after 1 failures"),
    ]


def test_no_more_scans_are_open_than_a_process_and_a_client_may_have() -> None:
    async def refusal(scans: Scans, client: str) -> AppError:
        with pytest.raises(AppError) as caught:
            await scans.open(BODY, client)
        return caught.value

    async def play(_: ViewsEngine, scans: Scans) -> None:
        first, second = await scans.open(BODY, "a"), await scans.open(BODY, "a")
        of_client = await refusal(scans, "a")
        assert (type(of_client), of_client.status, of_client.retry_after) == (TooManyRequests, 429, 10)
        third = await scans.open(BODY, "b")
        of_process = await refusal(scans, "c")
        assert (type(of_process), of_process.status, of_process.retry_after) == (ExportsFull, 503, 10)
        first.close()
        fourth = await scans.open(BODY, "c")
        for scan in (second, third, fourth):
            scan.close()

    assert len(played(play, most=3, most_of_client=2).opened) == 4  # whoever is refused opens none


def test_the_addresses_of_one_subscriber_are_one_client() -> None:
    async def play(_: ViewsEngine, scans: Scans) -> None:
        first = await scans.open(BODY, "2001:db8::1")
        with pytest.raises(TooManyRequests):
            await scans.open(BODY, "2001:db8::2")
        second = await scans.open(BODY, "::ffff:192.0.2.7")
        with pytest.raises(TooManyRequests):
            await scans.open(BODY, "192.0.2.7")
        other = await scans.open(BODY, "::ffff:192.0.2.8")
        for scan in (first, second, other):
            scan.close()

    assert len(played(play, most=9, most_of_client=1).opened) == 3


def test_an_engine_with_too_many_views_refuses_the_export_alone() -> None:
    async def play(engine: ViewsEngine, scans: Scans) -> None:
        engine.fails["open_view"] = [EngineOverloaded("Trop de recherches")]
        with pytest.raises(ExportsFull, match="exports pour le moteur"):
            await scans.open(BODY, "a")
        engine.open.clear()

    played(play)


def test_the_end_of_the_process_closes_all_and_no_export_ends_as_if_it_were_whole() -> None:
    async def play(_: ViewsEngine, scans: Scans) -> None:
        scan = await scans.open(BODY, "a")
        await scan.next_step()
        await scans.close()
        with pytest.raises(ExportsFull):
            await scan.next_step()
        with pytest.raises(ExportsFull):
            await scans.open(BODY, "a")

    played(play)


def test_a_view_is_kept_while_its_reader_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEEP_SECONDS", 0.01)

    async def play(engine: ViewsEngine, scans: Scans) -> None:
        with await scans.open(BODY, "a") as scan:
            await until(lambda: len(engine.asked) == 2)
            engine.fails["read_step"] = [EngineTimeout("late")]  # the next time is another try
            await until(lambda: len(engine.asked) == 4)
            assert await scan.next_step()
        asked = len(engine.asked)
        await scan.keep()
        assert len(engine.asked) == asked

    asked = played(play).asked
    assert (asked[0], set(asked[1:])) == ((50, "60s"), {(0, "60s")})


def test_a_view_whose_reader_is_fast_is_not_asked_about() -> None:
    async def play(engine: ViewsEngine, scans: Scans) -> None:
        with await scans.open(BODY, "a") as scan:
            await scan.keep()
            assert len(engine.asked) == 1

    played(play)


def test_an_engine_that_hangs_lets_no_export_wait_behind_another_without_end() -> None:
    async def play(engine: ViewsEngine, scans: Scans) -> None:
        engine.timeout = 0.01
        engine.gates["read_step"] = asyncio.Event()
        first = asyncio.create_task(scans.open(BODY, "a"))
        await engine.reached.wait()
        with pytest.raises(EngineTimeout):
            await scans.open(BODY, "b")
        engine.gates["read_step"].set()
        (await first).close()

    played(play)


def test_waiting_for_a_turn_ends_with_the_deadline_of_the_request() -> None:
    async def play(engine: ViewsEngine, scans: Scans) -> None:
        engine.gates["read_step"] = asyncio.Event()
        first = asyncio.create_task(scans.open(BODY, "a"))
        await engine.reached.wait()
        began = time.monotonic()
        with deadline(began + 0.01), pytest.raises(EngineTimeout):
            await scans.open(BODY, "b")
        assert time.monotonic() - began < engine.timeout / 2
        engine.gates["read_step"].set()
        (await first).close()

    played(play)


def test_closing_is_not_bound_by_the_deadline_of_a_request() -> None:
    deadline: ContextVar[bool] = ContextVar("deadline", default=False)

    async def play(engine: ViewsEngine, scans: Scans) -> None:
        deadline.set(True)
        scan = await scans.open(BODY, "a")
        close = engine.close_views

        async def close_views(views: Sequence[str]) -> None:
            assert not deadline.get()
            await close(views)

        engine.close_views = close_views  # type: ignore[method-assign]
        scan.close()
        await scans.views.drain()

    played(play)


def test_few_steps_are_asked_at_once() -> None:
    async def play(engine: ViewsEngine, scans: Scans) -> None:
        opened = [await scans.open(BODY, "a") for _ in range(5)]
        engine.gates["read_step"] = asyncio.Event()
        for scan in opened:
            await scan.next_step()  # the first one is there already
        reading = [asyncio.create_task(scan.next_step()) for scan in opened]
        await until(lambda: len(engine.asked) == 5 + module.STEPS_AT_ONCE)
        await asyncio.sleep(0)
        assert len(engine.asked) == 5 + module.STEPS_AT_ONCE
        engine.gates["read_step"].set()
        assert all(await asyncio.gather(*reading))
        for scan in opened:
            scan.close()

    played(play)


def test_a_step_that_lacks_its_total_is_no_answer() -> None:
    for answer in (b"{}", b"[]", b"null", b'{"hits":{"hits":[]}}', b'{"hits":{"total":{"value":1},"hits":[{}]}}'):
        with pytest.raises(ValueError, match=r"required field|Expected"):
            read_step(answer)


class Transport:
    """Answers in the engine's place, and keeps what it was asked."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str, dict[str, Any], Any]] = []

    async def perform_request(self, method: str, path: str, *, params: dict[str, Any], body: Any, **_: Any) -> bytes:
        self.asked.append((method, path, params, body))
        return self.answer


def asked_of(transport: Transport, call: Callable[[OffersEngine], Awaitable[Any]]) -> Any:
    async def ask() -> Any:
        engine = OffersEngine.connect(Settings(index_prefix="test-"))
        await engine.close()
        with patch.object(engine.client, "transport", transport):
            return await call(engine)

    return asyncio.run(ask())


def test_a_view_and_its_steps_are_of_the_whole_index() -> None:
    opening, hits = Transport(b'{"pit_id":"v"}'), b'{"hits":{"total":{"value":0},"hits":[]},"_shards":{"failed":%d}}'
    with patch.object(LiveShape, "check", AsyncMock()):
        assert asked_of(opening, lambda engine: engine.open_view("60s")) == "v"
    params = {"keep_alive": "60s", "allow_partial_pit_creation": "false"}
    assert opening.asked == [("POST", "/test-offers/_search/point_in_time", params, None)]
    step, pit = Transport(hits % 0), {"pit": {"id": "v", "keep_alive": "60s"}}
    asked_of(step, lambda engine: engine.read_step(View.of("v", {}, "60s").next_page(1)))
    assert step.asked == [("POST", "/_search", {"allow_partial_search_results": "false"}, {"size": 1, **pit})]
    with pytest.raises(EngineIncomplete):
        asked_of(Transport(hits % 1), lambda engine: engine.read_step(View.of("v", {}, "60s").next_page(1)))


def test_a_view_that_could_not_be_closed_is_an_error() -> None:
    closing = Transport(b'{"pits":[{"successful":true,"pit_id":"a"},{"successful":true,"pit_id":"b"}]}')
    asked_of(closing, lambda engine: engine.close_views(["a", "b"]))
    assert closing.asked == [("DELETE", "/_search/point_in_time", {}, {"pit_id": ["a", "b"]})]
    half = Transport(b'{"pits":[{"successful":true,"pit_id":"a"},{"successful":false,"pit_id":"b"}]}')
    with pytest.raises(EngineIncomplete):
        asked_of(half, lambda engine: engine.close_views(["a", "b"]))
