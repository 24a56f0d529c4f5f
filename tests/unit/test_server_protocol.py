"""The server's side of a connection, without sockets and without waiting: what comes in, what is sent, when it ends."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from search_app.connections import STATE, Connections
from search_app.seats_stream import SCOPE_END
from search_app.server_protocol import LINGER_BYTES, LINGER_SECONDS, MOST_HEADERS, MOST_PIPELINED, BoundedProtocol
from search_app.settings import Settings

GET = b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n"
LIMIT = 8_192
SETTINGS = Settings(head_bytes=LIMIT, head_seconds=10, stalled_seconds=60, shutdown_seconds=7, idle_seconds=5)


class Timer:
    def __init__(self, at: float, call: Callable[[], object]) -> None:
        self.at = at
        self.call = call
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Task:
    def add_done_callback(self, _: Callable[..., object]) -> None:
        """The test knows when it is done."""


class Loop:
    """Time that a test lets pass, and tasks that run only if it runs them."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[Timer] = []
        self.tasks: list[Coroutine[Any, Any, None]] = []

    def call_later(self, seconds: float, call: Callable[[], object]) -> Timer:
        self.timers.append(Timer(self.now + seconds, call))
        return self.timers[-1]

    def create_task(self, task: Coroutine[Any, Any, None]) -> "Task":
        self.tasks.append(task)
        return Task()

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        due = [timer for timer in self.timers if timer.at <= self.now]
        self.timers = [timer for timer in self.timers if timer.at > self.now]
        for timer in due:
            if not timer.cancelled:
                timer.call()


class Transport:
    """Keeps what is written, and how it ended: ``closed`` in order, ``cut`` at once."""

    def __init__(self) -> None:
        self.sent = b""
        self.end = ""
        self.whole = False
        self.reading = True

    def get_extra_info(self, name: str) -> Any:
        return ("192.0.2.7", 50_000) if name == "peername" else None

    def write(self, data: bytes) -> None:
        self.sent += data

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.whole = True

    def is_closing(self) -> bool:
        return bool(self.end)

    def close(self) -> None:
        self.end = self.end or "closed"

    def abort(self) -> None:
        self.end = "cut"

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True


class Line:
    """One connection with both its ends; ``ask`` is what the client sends."""

    def __init__(self, held: Connections | None = None) -> None:
        async def app(_scope: Any, _receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
            await send({"type": "http.response.body", "body": b"ok", "more_body": False})

        config = Config(app, log_config=None, lifespan="off", ws="none", timeout_keep_alive=SETTINGS.idle_seconds)
        config.load()
        self.loop, self.transport = Loop(), Transport()
        self.held = Connections(SETTINGS) if held is None else held
        state = {STATE: self.held}
        self.protocol = BoundedProtocol(config, ServerState(), state, _loop=self.loop)
        self.protocol.connection_made(self.transport)  # type: ignore[arg-type]

    def ask(self, *parts: bytes) -> None:
        for part in parts:
            if not self.transport.end:
                self.protocol.data_received(part)

    def answer(self) -> None:
        """Let the app answer what was asked, one after the other."""
        while self.loop.tasks:
            asyncio.run(self.loop.tasks.pop(0))

    @property
    def status(self) -> int:
        return int(self.transport.sent.split(b" ", 2)[1]) if self.transport.sent else 0

    @property
    def error(self) -> str:
        head, _, body = self.transport.sent.partition(b"\r\n\r\n")
        assert b"Content-Type: application/json" in head
        assert b"Connection: close" in head
        return str(json.loads(body)["error"]["code"])

    def leave(self) -> None:
        for task in self.loop.tasks:
            task.close()
        self.protocol.connection_lost(None)


def request(size: int) -> bytes:
    """A whole head that is counted as so many bytes."""
    return b"GET /x HTTP/1.1\r\nA: " + b"a" * (size - len("/x") - len("A") - 4) + b"\r\n\r\n"


def headers(number: int) -> bytes:
    return b"GET /x HTTP/1.1\r\n" + b"A: a\r\n" * number + b"\r\n"


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (request(LIMIT), 200), (request(LIMIT + 1), 431),
        (headers(MOST_HEADERS), 200), (headers(MOST_HEADERS + 1), 431),
        (b"nonsense\r\n\r\n", 400), (b"GET http://[ HTTP/1.1\r\n\r\n", 400),
    ],
)  # fmt: skip
def test_a_whole_head_is_answered_up_to_its_limits(head: bytes, status: int) -> None:
    line = Line()
    line.ask(head)
    line.answer()
    assert line.status == status
    line.leave()


@pytest.mark.parametrize(
    ("start", "again"),
    [
        (b"GET /", b"a" * 100), (b"GET / HTTP/1.1\r\nA: ", b"a" * 100), (b"GET / HTTP/1.1\r\n", b"a" * 100),
        (b"GET / HTTP/1.1\r\n", b"a: b\r\n" * 17), (b"", b"\r\n" * 50),
    ],
)  # fmt: skip
def test_a_head_without_end_is_refused_at_its_limit(start: bytes, again: bytes) -> None:
    line = Line()
    line.ask(start, *[again] * (LIMIT // len(again) - 1))
    assert line.status == 0
    line.ask(again, again)
    assert (line.status, line.error, line.transport.whole) == (431, "head_too_large", True)
    line.leave()


def test_a_refused_client_may_read_why_and_is_cut_after_that() -> None:
    line = Line()
    line.ask(b"nonsense\r\n\r\n")
    assert (line.status, line.transport.end, line.transport.whole) == (400, "", True)
    assert not line.transport.reading  # one that sends without end waits
    line.loop.pass_time(LINGER_SECONDS)
    assert line.transport.end == "cut"
    line.leave()


def test_a_client_that_is_refused_during_an_answer_may_not_send_without_end() -> None:
    line = Line()
    line.ask(GET, b"nonsense\r\n\r\n", b"a" * LINGER_BYTES)
    assert line.transport.end == ""
    line.ask(b"a")
    assert (line.transport.sent, line.transport.end) == (b"", "cut")
    line.leave()


def test_a_head_has_to_come_in_time_from_the_beginning_of_the_connection() -> None:
    line = Line()
    for part in (b"GET /", *[b"a"] * 8):  # each byte in time is not enough
        line.loop.pass_time(1)
        line.ask(part)
    line.loop.pass_time(0.9)
    assert line.status == 0
    line.loop.pass_time(0.2)
    assert (line.status, line.error) == (408, "head_too_slow")
    line.leave()


def test_a_connection_on_which_nothing_came_is_closed_without_a_word() -> None:
    line = Line()
    line.loop.pass_time(10)
    assert (line.transport.sent, line.transport.end) == (b"", "closed")
    line.leave()


def test_the_time_of_the_next_head_begins_with_its_first_byte() -> None:
    line = Line()
    line.ask(GET)
    line.answer()
    line.loop.pass_time(4)  # idle, which has a time of its own
    line.ask(b"GE")
    line.loop.pass_time(9.9)
    line.ask(b"T")
    assert (line.status, line.transport.end) == (200, "")
    line.transport.sent = b""
    line.loop.pass_time(0.1)
    assert (line.status, line.error) == (408, "head_too_slow")
    line.leave()


def test_an_idle_connection_is_closed_after_its_own_time() -> None:
    line = Line()
    line.ask(GET)
    line.answer()
    line.loop.pass_time(4.9)
    assert line.transport.end == ""
    line.loop.pass_time(0.1)
    assert line.transport.end == "closed"
    line.leave()


def test_an_answer_under_way_is_not_mixed_with_a_refusal() -> None:
    line = Line()
    line.ask(GET, b"nonsense\r\n\r\n")
    line.loop.pass_time(60)
    assert line.transport.sent == b""
    line.answer()
    assert line.transport.sent.count(b"HTTP/1.1") == 1
    assert (line.status, line.transport.end) == (200, "closed")
    line.leave()


def test_a_request_that_has_its_answer_gets_no_second_one() -> None:
    line = Line()
    line.ask(b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    line.answer()
    line.ask(b"0\r\nA: ", *[b"a" * 1_000] * 9)
    assert line.transport.sent.count(b"HTTP/1.1") == 1
    line.loop.pass_time(LINGER_SECONDS)
    assert line.transport.end == "cut"
    line.leave()


@pytest.mark.parametrize("rest", [b"5;" + b"a" * 9_000, b"0\r\nA: " + b"a" * 9_000, b"xyz\r\n"])
def test_a_broken_or_endless_frame_of_a_body_ends_the_connection(rest: bytes) -> None:
    line = Line()
    line.ask(b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", rest)
    assert (line.transport.sent, line.transport.end) == (b"", "cut")
    line.leave()


def test_a_body_of_any_length_is_no_head_and_headers_after_it_are_dropped() -> None:
    line = Line()
    line.ask(b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    line.ask(*[b"3e8\r\n" + b"a" * 1_000 + b"\r\n"] * 60, b"0\r\nAuthorization: Bearer x\r\n\r\n")
    assert line.protocol.headers == [(b"transfer-encoding", b"chunked")]
    line.answer()
    assert (line.status, line.transport.end) == (200, "")
    line.leave()


def test_a_body_that_is_not_read_any_more_has_a_time() -> None:
    line = Line()
    line.ask(b"POST /x HTTP/1.1\r\nContent-Length: 1000\r\n\r\n")
    line.answer()
    for _ in range(9):
        line.loop.pass_time(1)
        line.ask(b"a")
    assert (line.status, line.transport.end) == (200, "")
    line.loop.pass_time(1)
    assert line.transport.end == "cut"
    line.leave()


def test_a_connection_whose_body_came_after_the_answer_is_idle_then() -> None:
    line = Line()
    line.ask(b"POST /x HTTP/1.1\r\nContent-Length: 4\r\n\r\n")
    line.answer()
    line.ask(b"abcd")
    line.loop.pass_time(4.9)
    assert line.transport.end == ""
    line.loop.pass_time(0.1)
    assert line.transport.end == "closed"
    line.leave()


def test_so_many_requests_may_be_sent_before_they_are_answered() -> None:
    for number, answered in ((MOST_PIPELINED + 1, MOST_PIPELINED + 1), (MOST_PIPELINED + 2, 1)):
        line = Line()
        line.ask(GET * number)
        line.answer()
        assert line.transport.sent.count(b"200 OK") == answered
        line.leave()


def test_an_answer_of_which_the_client_takes_nothing_is_cut() -> None:
    line = Line()
    line.ask(GET)
    line.protocol.pause_writing()
    line.loop.pass_time(59)
    line.protocol.resume_writing()
    line.loop.pass_time(100)  # until the app has more to send
    assert line.transport.end == ""
    line.protocol.pause_writing()
    line.loop.pass_time(59)
    assert line.transport.end == ""
    line.loop.pass_time(1)
    assert line.transport.end == "cut"
    line.leave()


def test_what_is_left_of_an_answer_is_cut_if_its_client_does_not_take_it() -> None:
    line = Line()
    line.ask(GET)
    line.answer()
    line.loop.pass_time(5)
    assert line.transport.end == "closed"  # in order: what is left is still sent
    line.loop.pass_time(60)
    assert line.transport.end == "cut"
    line.leave()


def test_a_stopping_server_lets_answers_end_for_so_long() -> None:
    line = Line()
    line.ask(GET)
    line.protocol.pause_writing()
    line.protocol.shutdown()
    line.loop.pass_time(6.9)
    line.protocol.resume_writing()  # whoever goes on reading slowly gets no more time
    line.protocol.pause_writing()
    assert line.transport.end == ""
    line.loop.pass_time(0.1)
    assert line.transport.end == "cut"
    line.leave()


@pytest.mark.parametrize(("reads", "end"), [(True, ""), (False, "cut")])
def test_a_stopping_server_ends_a_stream_or_cuts_it_if_its_client_does_not_read(reads: bool, end: str) -> None:
    line, ended = Line(), []
    line.ask(GET, b"GE")  # a next head has begun
    line.protocol.cycle.scope[SCOPE_END] = lambda: ended.append(True)  # type: ignore[typeddict-unknown-key]
    if not reads:
        line.protocol.pause_writing()
    line.protocol.shutdown()
    assert (ended, line.transport.end) == ([True], end)
    line.leave()


def test_a_refused_connection_is_told_why_as_the_answer_to_its_request() -> None:
    held = Connections(SETTINGS.model_copy(update={"connections": 1}))
    busy, refused = Line(held), Line(held)  # the first waits, so it gives way
    assert busy.transport.end == "cut"
    refused.ask(GET)
    late = Line(held)
    late.ask(GET[:-2])
    assert late.status == 0
    late.ask(b"\r\n")
    assert (late.status, late.error) == (503, "connections_full")
    assert b"Retry-After: 5\r\n" in late.transport.sent
    for line in (busy, refused, late):
        line.leave()
    assert len(held) == 0


def test_a_connection_gives_way_again_when_it_is_answered() -> None:
    held = Connections(SETTINGS.model_copy(update={"connections": 1}))
    first = Line(held)
    first.ask(GET)
    first.answer()
    second = Line(held)
    assert (first.transport.end, second.transport.end) == ("cut", "")
    for line in (first, second):
        line.leave()


def test_a_request_for_another_protocol_is_answered_in_this_one_and_logged_nowhere(
    caplog: pytest.LogCaptureFixture,
) -> None:
    line = Line()
    line.ask(b"GET /x HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x05hello")
    line.answer()
    assert (line.status, line.transport.end) == (200, "closed")
    line.leave()
    line = Line()
    line.ask(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    assert line.status == 400
    line.leave()
    assert caplog.records == []
