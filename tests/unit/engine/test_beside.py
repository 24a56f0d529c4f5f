"""Requests beside each other are sent at the same time; an error is raised when all have ended."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest
from opensearchpy.exceptions import NotFoundError

from engine.blocking import Engine
from engine.bulk import Outcome, write_groups
from engine.client import AsyncEngine
from engine.errors import EngineError
from engine.fake import FakeEngine
from engine.requests import Request, Steps, ask_together

SECONDS = 5.0  # until a request that waits for another one gives up


def three(*paths: str) -> Steps[Any]:
    first, *others = (Request("GET", path) for path in paths)
    return (yield replace(first, beside=tuple(others)))


def drive(steps: Steps[Any], told: Callable[[Request], Any]) -> tuple[Any, int]:
    """Return the result of steps, and how often they asked."""
    number, answer_now = 0, None
    while True:
        try:
            request = steps.send(answer_now)
        except StopIteration as end:
            return end.value, number
        number += 1
        answer_now = told(request)


def answer(path: str, ended: list[str]) -> bytes:
    ended.append(path)
    if path == "/missing":
        raise NotFoundError(404, "", {})
    return orjson.dumps({"told": path})


class Meeting:
    """A transport on which no request is answered before all have arrived."""

    def __init__(self, number: int) -> None:
        self.barrier = threading.Barrier(number)
        self.ended: list[str] = []

    def perform_request(self, _: str, path: str, **__: Any) -> bytes:
        self.barrier.wait(SECONDS)
        return answer(path, self.ended)


class AsyncMeeting:
    """The same, awaited."""

    def __init__(self, number: int) -> None:
        self.missing = number
        self.all_here = asyncio.Event()
        self.ended: list[str] = []

    async def perform_request(self, _: str, path: str, **__: Any) -> bytes:
        self.missing -= 1
        if not self.missing:
            self.all_here.set()
        await asyncio.wait_for(self.all_here.wait(), SECONDS)
        return answer(path, self.ended)


def run(blocking: bool, *paths: str) -> tuple[Any, list[str]]:
    """Return the answers to requests beside each other, or the error, and which of them ended."""

    async def run_asynchronously() -> tuple[Any, list[str]]:
        meeting = AsyncMeeting(len(paths))
        try:
            return await AsyncEngine(meeting, SECONDS).run(three(*paths)), meeting.ended
        except EngineError as error:
            return error, meeting.ended

    if not blocking:
        return asyncio.run(run_asynchronously())
    meeting = Meeting(len(paths))
    try:
        return Engine(meeting).run(three(*paths)), meeting.ended
    except EngineError as error:
        return error, meeting.ended


@pytest.mark.parametrize("blocking", [True, False])
def test_requests_beside_each_other_are_under_way_at_once_and_answered_in_their_order(blocking: bool) -> None:
    told, _ = run(blocking, "/a", "/b", "/c")
    assert told == [{"told": "/a"}, {"told": "/b"}, {"told": "/c"}]


@pytest.mark.parametrize("blocking", [True, False])
def test_an_error_of_one_of_them_is_raised_when_all_have_ended(blocking: bool) -> None:
    error, ended = run(blocking, "/a", "/missing", "/c")
    assert isinstance(error, EngineError)
    assert sorted(ended) == ["/a", "/c", "/missing"]


def test_bulk_requests_are_sent_two_at_a_time_and_outcomes_are_those_of_their_groups() -> None:
    keys = [str(number) for number in range(7)]
    groups = [orjson.dumps({"create": {"_id": key}}) + b"\n{}\n" for key in keys]
    fake = FakeEngine()
    fake.put("x", {"0": {}, "3": {}, "6": {}})
    steps = write_groups("/x/_bulk", groups, at_once=2)
    asked: list[int] = []

    def told(request: Request) -> Any:
        asked.append(1 + len(request.beside))
        answers = [
            orjson.loads(fake.answer(each.method, each.path, {}, each.body)) for each in (request, *request.beside)
        ]
        return answers if request.beside else answers[0]

    items, _ = drive(steps, told)
    assert asked == [2, 2]
    present = [key for key, (item,) in zip(keys, items, strict=True) if item.outcome is Outcome.CONFLICT]
    assert present == ["0", "3", "6"]


def test_any_number_of_requests_is_asked_two_at_a_time_and_none_is_asked_of_none() -> None:
    asked: list[tuple[str, ...]] = []
    pauses: list[float] = []

    def told(request: Request) -> Any:
        paths = tuple(each.path for each in (request, *request.beside))
        asked.append(paths)
        pauses.append(request.pause)
        return list(paths) if request.beside else paths[0]

    requests = [Request("GET", path) for path in "abcde"]
    assert drive(ask_together(requests, 0.5), told) == (["a", "b", "c", "d", "e"], 3)
    assert asked == [("a", "b"), ("c", "d"), ("e",)]
    assert pauses == [0.5, 0.0, 0.0]
    assert drive(ask_together([]), told) == ([], 0)
