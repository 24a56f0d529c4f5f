"""Drives steps with answers written by hand, where a test is about one answer of the engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import orjson

from engine.requests import Request, Steps

Answer = TypeVar("Answer")


def drive(steps: Steps[Answer], answers: Iterable[Any]) -> tuple[Answer, list[Request]]:
    """Return the result of steps that get these answers, one after the other, and the requests that they sent.

    Raises what the steps raise, and AssertionError if they ask for more, or for less.
    """
    left = iter(answers)
    asked: list[Request] = []
    answer: Any = None
    while True:
        try:
            request = steps.send(answer)
        except StopIteration as end:
            assert list(left) == [], f"fewer requests than answers: {[each.path for each in asked]}"
            result: Answer = end.value
            return result, asked
        asked.append(request)
        answer = next(left, None)
        assert answer is not None, f"no answer is left for {request.method} {request.path}"


def lines_of(request: Request) -> list[Any]:
    """Return the lines of a bulk request."""
    assert isinstance(request.body, bytes)
    return [orjson.loads(line) for line in request.body.splitlines()]


def items_of(operation: str, *statuses: int | tuple[int, str]) -> dict[str, Any]:
    """Return the answer to a bulk request of one kind of operation; a status may come with the type of its error."""
    return {"items": [{operation: _item(status)} for status in statuses]}


def _item(status: int | tuple[int, str]) -> dict[str, Any]:
    if isinstance(status, tuple):
        return {"status": status[0], "error": {"type": status[1], "reason": "the engine's reason"}}
    told: dict[str, Any] = {"status": status, "_seq_no": 7, "_primary_term": 1}
    return told | ({"error": {"type": "version_conflict", "reason": "newer"}} if status == 409 else {})
