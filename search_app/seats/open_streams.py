"""Answers that stay open: written to when there is something, kept alive by one timer, ended by age or by the server.

What one costs while nothing happens decides how many a process can hold: a coroutine that waits for the client to
leave, and this object. Whoever writes is a task of its own that lives as long as there is something to write.
"""

import asyncio
import math
import random
import time
from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Final

from starlette.types import Receive, Send

from search_app.base.background import TaskHealth
from search_app.base.errors import StreamsFull, TooManyRequests

BEAT_SECONDS: Final = 15.0  # proxies cut connections that are silent for thirty or sixty
SLOTS: Final = 60  # a beat of thousands at the same moment would hold up everything else
JITTER: Final = 0.1  # of a stream's length: those that came together do not come back together
COMMENT: Final = b":\n\n"

_tasks: set[asyncio.Task[None]] = set()  # the event loop alone does not keep a task


class Stream:
    """One answer that has no end of its own; nothing is written before it was begun."""

    __slots__ = ("_send", "ended", "ends_at", "holder", "take", "writer")

    def __init__(self, send: Send, ends_at: float) -> None:
        self._send = send
        self.ends_at = ends_at
        self.take: Callable[[], bytes] | None = None
        self.ended = False
        self.writer: asyncio.Task[None] | None = None
        self.holder: asyncio.Task[None] | None = None

    def begin(self, first: bytes, take: Callable[[], bytes]) -> None:
        """Write the first bytes; from now on ``take`` returns what is next, nothing if there is nothing."""
        self.take = take
        self._write_soon(first)

    def wake(self) -> None:
        """Write what there is; while the client does not read, it gathers."""
        if not self.ended:
            self._write_soon(b"")

    def beat(self) -> None:
        """Write a comment, unless something is being written; a client that is gone is found out by it."""
        self._write_soon(COMMENT)

    def end(self) -> None:
        """Tell the client that this was all; it will come back and resume."""
        if not self.ended:
            self.ended = True
            self._write_soon(b"")
        elif self.holder is not None:  # it was told a beat ago, and has not even taken what came before
            self.holder.cancel()

    def _write_soon(self, first: bytes) -> None:
        if self.writer is None and self.take is not None:
            self.writer = asyncio.get_running_loop().create_task(self._write(first, self.take))
            _tasks.add(self.writer)
            self.writer.add_done_callback(_tasks.discard)

    async def _write(self, data: bytes, take: Callable[[], bytes]) -> None:
        try:
            while data or (data := take()):
                if not await self._put(data):
                    return
                data = b""
            if self.ended:
                await self._put(b"", more_body=False)
        finally:
            self.writer = None

    async def _put(self, data: bytes, *, more_body: bool = True) -> bool:
        """Send a piece; tells whether there is still somebody to send to."""
        try:
            await self._send({"type": "http.response.body", "body": data, "more_body": more_body})
        except (OSError, RuntimeError):  # servers raise either where the client is gone
            self.ended = True
            if self.holder is not None:
                self.holder.cancel()
            return False
        return True


class Streams:
    """All open streams of a process: how many there may be, when each gets a sign of life and when it ends."""

    def __init__(self, most: int, most_of_client: int, seconds: float) -> None:
        self._most = most
        self._most_of_client = most_of_client
        self._seconds = seconds
        self._beat_seconds = min(BEAT_SECONDS, seconds)
        self._slots: list[set[Stream]] = [set() for _ in range(SLOTS)]
        self._numbers = count()
        self._clients: Counter[str] = Counter()
        self._timer: asyncio.TimerHandle | None = None
        self._slot = 0
        self._closed = False
        self.health = TaskHealth("streams", "open streams get no sign of life")

    def __len__(self) -> int:
        return self._clients.total()

    def enter(self, client: str) -> None:
        """Take a place for a client; raises StreamsFull or TooManyRequests if there is none for now."""
        if self._closed or len(self) >= self._most:
            raise StreamsFull("Trop de pages suivent les places en direct. Réessayez dans un instant.")
        if self._most_of_client and self._clients[client] >= self._most_of_client:
            refusal = TooManyRequests("Trop de suivis des places en direct depuis cette adresse.")
            refusal.retry_after = math.ceil(StreamsFull.retry_after or 1)
            raise refusal
        self._clients[client] += 1

    def leave(self, client: str) -> None:
        """Give a place back."""
        self._clients[client] -= 1
        if not self._clients[client]:
            del self._clients[client]

    async def hold(self, stream: Stream, receive: Receive) -> None:
        """Keep a stream until its client leaves or it ends."""
        slot = self._slots[next(self._numbers) % SLOTS]
        slot.add(stream)
        self._start()
        stream.holder = asyncio.current_task()
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            if not stream.ended:
                raise
        finally:
            stream.ended = True
            slot.discard(stream)
            if stream.writer is not None:
                stream.writer.cancel()

    def new_end(self) -> float:
        """Return when a stream that begins now is to end."""
        return time.monotonic() + self._seconds * random.uniform(1 - JITTER, 1 + JITTER)

    def close(self) -> None:
        """End all streams at once, and take no more."""
        self._closed = True
        for slot in self._slots:
            for stream in slot:
                stream.end()
        if self._timer is not None:
            self._timer.cancel()

    def _start(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._beat_seconds / SLOTS, self._tick)

    def _tick(self) -> None:
        self._timer = None
        try:
            self._beat()
            self.health.succeeded()
        except Exception as error:
            self.health.failed(error)
        if len(self):
            self._start()

    def _beat(self) -> None:
        slot, self._slot = self._slots[self._slot], (self._slot + 1) % SLOTS
        now = time.monotonic()
        for stream in slot:
            if stream.ended or now >= stream.ends_at:
                stream.end()
            else:
                stream.beat()
