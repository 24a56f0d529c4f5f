"""All that a request asks of the engine ends with one time-out, and a batch of statements with its own."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Any

import pytest
from opensearchpy import exceptions as client_errors

from search_app.base import errors
from search_app.base.deadline import LEAST_SECONDS, DeadlineMiddleware, deadline, seconds_left
from search_app.base.settings import Settings
from search_app.search.engine.offers import OffersEngine
from search_app.seats.writer import SeatsWriter
from seats.statements.producers import COMMAND
from seats.statements.tally import SeatsAnswer

Send = Callable[[Any], Awaitable[None]]


def test_a_call_has_its_own_limit_or_what_is_left() -> None:
    assert seconds_left(5) == 5
    with deadline(time.monotonic() + 1):
        assert 0.5 < seconds_left(5) <= 1
        assert seconds_left(0.1) == 0.1
    with deadline(time.monotonic() - 1):
        assert seconds_left(5) == LEAST_SECONDS
    assert seconds_left(5) == 5


def test_a_deadline_holds_until_the_answer_begins() -> None:
    left: list[float] = []

    async def app(scope: Any, receive: Any, send: Send) -> None:
        left.append(seconds_left(60))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        left.append(seconds_left(60))
        left.append(await asyncio.create_task(in_a_task()))

    async def in_a_task() -> float:
        return seconds_left(60)

    async def send(message: Any) -> None:
        """Take it."""

    async def receive() -> Any:
        raise AssertionError

    asyncio.run(DeadlineMiddleware(app, 2)({"type": "http"}, receive, send))
    assert 1 < left[0] <= 2
    assert left[1:] == [60, 60]
    assert seconds_left(60) == 60


class LostConnections:
    """Loses the connection after a while, and notes how long each attempt might have taken."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.limits: list[float] = []

    async def perform_request(self, *_: Any, timeout: float, **__: Any) -> None:  # noqa: ASYNC109 - the library's name
        self.limits.append(timeout)
        await asyncio.sleep(min(self.seconds, timeout))
        if timeout <= self.seconds:
            raise client_errors.ConnectionTimeout("TIMEOUT", "late", OSError())
        raise client_errors.ConnectionError("N/A", "reset", OSError())


def test_a_second_attempt_has_the_time_that_the_first_left(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask() -> LostConnections:
        engine = OffersEngine.connect(Settings(engine_timeout=0.2))
        await engine.close()
        transport = LostConnections(0.12)
        monkeypatch.setattr(engine.client, "transport", transport)
        began = time.monotonic()
        with pytest.raises(errors.EngineTimeout):
            await engine.search_offers({})
        assert time.monotonic() - began < 0.5
        return transport

    first, second = asyncio.run(ask()).limits
    assert 0.15 < first <= 0.2
    assert second <= 0.09


class Hanging(OffersEngine):
    """Never answers, until it is told to."""

    def __init__(self) -> None:
        made = OffersEngine.connect(Settings())
        super().__init__(made.client, made.names, 5)
        self.answers = asyncio.Event()
        self.seconds = 0.0

    async def run(self, steps: Any, seconds: float = 30) -> Any:
        await self.answers.wait()
        await asyncio.sleep(self.seconds)
        return 0


async def record(writer: SeatsWriter) -> str:
    with closing(SeatsAnswer()) as answer:
        try:
            await writer.record([], COMMAND, answer)
        except errors.EngineTimeout:
            return "late"
        return "stored"


def test_batches_that_wait_for_a_hanging_engine_fail_together_and_not_one_after_the_other() -> None:
    async def test() -> None:
        engine = Hanging()
        writer = SeatsWriter(engine, lambda: "", 0.2, 0)
        began = time.monotonic()
        assert set(await asyncio.gather(*(record(writer) for _ in range(40)))) == {"late"}
        assert time.monotonic() - began < 0.2 + 0.5
        engine.answers.set()
        assert await record(writer) == "stored"
        await engine.close()

    asyncio.run(test())


def test_batches_wait_for_their_turn_as_long_as_others_get_on() -> None:
    async def test() -> None:
        engine = Hanging()
        engine.answers.set()
        engine.seconds = 0.01
        writer = SeatsWriter(engine, lambda: "", 0.3, 0)
        began = time.monotonic()
        assert set(await asyncio.gather(*(record(writer) for _ in range(200)))) == {"stored"}
        assert time.monotonic() - began > 0.3  # longer than one of them may take
        await engine.close()

    asyncio.run(test())
