"""One deadline for all engine calls of a request, retries included.

Without it each call would have the whole time-out, and a response made from four calls could take four time-outs. The
deadline ends when the response head is sent: each later step of an export has the whole time-out again.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST_SECONDS: Final = 0.001  # a call after the deadline must fail at once; the client takes 0 for "no time-out"


@dataclass(slots=True)
class Deadline:
    """The value of ``time.monotonic`` by which the engine must have answered."""

    at: float = math.inf


_deadline: ContextVar[Deadline] = ContextVar("_deadline", default=Deadline())  # noqa: B039 - never changed


def seconds_left(limit: float) -> float:
    """Return the time-out of the next call: ``limit``, or the time until the deadline if that is shorter."""
    return max(LEAST_SECONDS, min(limit, _deadline.get().at - time.monotonic()))


@contextmanager
def deadline(at: float) -> Iterator[None]:
    """Set a deadline for a block, instead of that of the request."""
    token = _deadline.set(Deadline(at))
    try:
        yield
    finally:
        _deadline.reset(token)


@contextmanager
def paused() -> Iterator[None]:
    """Add the time that a block takes to the deadline of the request."""
    until, began = _deadline.get(), time.monotonic()
    try:
        yield
    finally:
        if until.at < math.inf:
            until.at += time.monotonic() - began


class DeadlineMiddleware:
    """ASGI middleware: sets the deadline of each request and lifts it when the response starts."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        until = Deadline(time.monotonic() + self.seconds)

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                until.at = math.inf
            await send(message)

        token = _deadline.set(until)
        try:
            await self.app(scope, receive, send_on)
        finally:
            _deadline.reset(token)
