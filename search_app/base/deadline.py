"""One deadline for all that a request asks of the engine, however many calls and retries that takes.

Without it each call would have the whole time-out for itself, and an answer made of four would take four of them. It
holds until the head of the answer is sent: the steps of an export that follow have the time-out each.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST_SECONDS: Final = 0.001  # a call whose time is over fails at once; 0 would mean no time-out to the client


@dataclass(slots=True)
class Deadline:
    """The moment, of ``time.monotonic``, by which the engine must have answered."""

    at: float = math.inf


_deadline: ContextVar[Deadline] = ContextVar("_deadline", default=Deadline())  # noqa: B039 - never changed


def seconds_left(limit: float) -> float:
    """Return how long a call may take: ``limit``, or what is left until the deadline, if that is less."""
    return max(LEAST_SECONDS, min(limit, _deadline.get().at - time.monotonic()))


@contextmanager
def deadline(at: float) -> Iterator[None]:
    """Let a block have a deadline of its own, instead of the one of the request."""
    token = _deadline.set(Deadline(at))
    try:
        yield
    finally:
        _deadline.reset(token)


class DeadlineMiddleware:
    """ASGI middleware: gives each request its deadline, and lifts it when the answer begins."""

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
