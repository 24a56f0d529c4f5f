"""A client of the stream of seats, as a program would write one: reads events one by one, each within a time."""

import json
import queue
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx

PATIENCE = 10.0  # seconds; an event comes within one


@dataclass(frozen=True)
class Heard:
    """One event; ``seats`` is its data."""

    number: int
    seats: dict[str, Any]


class Listener:
    """Reads a stream in a thread of its own."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._events: queue.Queue[Heard | None] = queue.Queue()
        self._lines = answer.iter_lines()
        # The stream is a promise from its first bytes on; only then may a test make a statement.
        self.retry = int(next(self._lines).removeprefix("retry: "))
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def next(self) -> Heard:
        """Return the next event; raises queue.Empty if there is none in time."""
        heard = self._events.get(timeout=PATIENCE)
        assert heard is not None, "the stream ended"
        return heard

    def next_of(self, sequence: int) -> Heard:
        """Return the first event of this sequence."""
        while (heard := self.next()).seats["sequence"] != sequence:
            pass
        return heard

    def rest(self) -> list[Heard]:
        """Return all events up to the end of the stream."""
        found = []
        while (heard := self._events.get(timeout=PATIENCE)) is not None:
            found.append(heard)
        return found

    def _read(self) -> None:
        fields: dict[str, str] = {}
        try:
            for line in self._lines:
                name, _, value = line.partition(": ")
                if line:
                    fields[name] = value
                elif "data" in fields:
                    assert fields["event"] == "seats"
                    self._events.put(Heard(int(fields["id"]), json.loads(fields["data"])))
                    fields = {}
        except (httpx.TransportError, httpx.StreamClosed):
            pass  # the test, or the app, is done with it
        self._events.put(None)


@contextmanager
def listening(
    address: str, sessions: Sequence[str], after: int | None = None, headers: dict[str, str] | None = None
) -> Iterator[Listener]:
    """Open a stream; raises AssertionError if the answer is not one."""
    query = {"session": list(sessions)} | ({} if after is None else {"last_event_id": [str(after)]})
    with (
        httpx.Client(timeout=httpx.Timeout(PATIENCE, read=60)) as client,
        client.stream("GET", f"{address}/api/v1/seats/stream", params=query, headers=headers) as answer,
    ):
        assert answer.status_code == 200, answer.read()
        try:
            yield Listener(answer)
        finally:
            # Closing alone does not end a connection that another thread is reading from.
            with suppress(OSError):
                answer.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
