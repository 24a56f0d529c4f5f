"""Open streams of server-sent events: written on demand, kept alive by one timer, ended by age or at shutdown.

The number of streams per process depends on the cost of an idle one: a coroutine that waits for the disconnect, and one
object. Writing is done by a task that lives only while there is something to write.
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

BEAT_SECONDS: Final = 15.0  # proxies cut connections that are silent for thirty or sixty seconds
SLOTS: Final = 60  # keep-alives are spread over these: thousands at the same moment would block the loop
JITTER: Final = 0.1  # of a stream's length, so that clients that connected together do not reconnect together
COMMENT: Final = b":\n\n"

_tasks: set[asyncio.Task[None]] = set()  # the event loop keeps only weak references to tasks


class Stream:
    """One open stream; nothing is written before ``begin``."""

    __slots__ = ("_send", "ended", "ends_at", "holder", "take", "writer")

    def __init__(self, send: Send, ends_at: float) -> None:
        self._send = send
        self.ends_at = ends_at
        self.take: Callable[[], bytes] | None = None
        self.ended = False
        self.writer: asyncio.Task[None] | None = None
        self.holder: asyncio.Task[None] | None = None

    def begin(self, first: bytes, take: Callable[[], bytes]) -> None:
        """Write the first bytes; afterwards ``take`` returns the next bytes, empty if there are none."""
        self.take = take
        self._write_soon(first)

    def wake(self) -> None:
        """Write what is available; events accumulate while the client does not read."""
        if not self.ended:
            self._write_soon(b"")

    def beat(self) -> None:
        """Write a comment as keep-alive, unless a write is in progress; detects a disconnected client."""
        self._write_soon(COMMENT)

    def end(self) -> None:
        """Send the end event; the client reconnects and resumes."""
        if not self.ended:
            self.ended = True
            self._write_soon(b"")
        # the end event was sent one beat ago, and the client has not even read what preceded it
        elif self.holder is not None:
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
        """Send bytes; tell whether the client is still connected."""
        try:
            await self._send({"type": "http.response.body", "body": data, "more_body": more_body})
        except (OSError, RuntimeError):  # depending on the server, the error for a disconnected client
            self.ended = True
            if self.holder is not None:
                self.holder.cancel()
            return False
        return True


class Streams:
    """All open streams of a process: their limits, keep-alives and ends."""

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
        """Reserve a place for a client; raises StreamsFull or TooManyRequests if there is none."""
        if self._closed or len(self) >= self._most:
            raise StreamsFull("Trop de pages suivent les places en direct. Réessayez dans un instant.")
        if self._most_of_client and self._clients[client] >= self._most_of_client:
            refusal = TooManyRequests("Trop de suivis des places en direct depuis cette adresse.")
            refusal.retry_after = math.ceil(StreamsFull.retry_after or 1)
            raise refusal
        self._clients[client] += 1

    def leave(self, client: str) -> None:
        """Release a place."""
        self._clients[client] -= 1
        if not self._clients[client]:
            del self._clients[client]

    async def hold(self, stream: Stream, receive: Receive) -> None:
        """Keep a stream until its client disconnects or it ends."""
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
        """Return the time at which a stream that begins now ends."""
        return time.monotonic() + self._seconds * random.uniform(1 - JITTER, 1 + JITTER)

    def close(self) -> None:
        """End all streams and accept no more."""
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
