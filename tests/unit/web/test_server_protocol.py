"""The server's side of a connection, without sockets and without waiting: what comes in, what is sent, when it ends."""

import asyncio
import json
import socket
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from search_app.base.settings import Settings
from search_app.seats.stream import SCOPE_END
from search_app.web.policies import SECURITY_HEADERS
from search_app.web.server.connections import STATE, Connections
from search_app.web.server.protocol import LINGER_BYTES, LINGER_SECONDS, MOST_HEADERS, MOST_PIPELINED, BoundedProtocol

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
        self.lost = False
        self.socket = Socket()

    def get_extra_info(self, name: str) -> Any:
        return self.socket if name == "socket" else None

    def write(self, data: bytes) -> None:
        if self.lost:
            raise RuntimeError("unable to perform operation on a closed transport")  # as uvloop does
        self.sent += data

    def get_write_buffer_size(self) -> int:
        return 0

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


async def short(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok", "more_body": False})


async def endless(_scope: Any, receive: Any, send: Any) -> None:
    """A stream: it ends when its client has left."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while (await receive())["type"] != "http.disconnect":
        await send({"type": "http.response.body", "body": b":", "more_body": True})
    await send({"type": "http.response.body", "body": b"too late", "more_body": False})


async def unmeasured(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for part in (b"one", b"", b"two"):
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b"end", "more_body": False})


async def unended(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"one", "more_body": True})


class Socket:
    """Keeps what was set of it."""

    def __init__(self) -> None:
        self.resets = False

    def getpeername(self) -> tuple[str, int]:
        return ("192.0.2.7", 50_000)

    getsockname = getpeername

    def setsockopt(self, _level: int, option: int, _value: bytes) -> None:
        self.resets = self.resets or option == socket.SO_LINGER


class Line:
    """One connection with both its ends; ``ask`` is what the client sends."""

    def __init__(self, held: Connections | None = None, app: Any = short) -> None:
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
        self.lose()

    def lose(self) -> None:
        """Let the client leave while answers are under way."""
        self.protocol.connection_lost(None)
        self.transport.end, self.transport.lost = self.transport.end or "closed", True


def request(size: int) -> bytes:
    """A whole head that is counted as so many bytes."""
    return b"GET /x HTTP/1.1\r\nHost: x\r\nA: " + b"a" * (size - len("/xHostxA") - 8) + b"\r\n\r\n"


def headers(number: int) -> bytes:
    return b"GET /x HTTP/1.1\r\nHost: x\r\n" + b"A: a\r\n" * (number - 1) + b"\r\n"


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
    line.ask(b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    line.answer()
    line.ask(b"0\r\nA: ", *[b"a" * 1_000] * 9)
    assert line.transport.sent.count(b"HTTP/1.1") == 1
    line.loop.pass_time(LINGER_SECONDS)
    assert line.transport.end == "cut"
    line.leave()


@pytest.mark.parametrize("rest", [b"5;" + b"a" * 9_000, b"0\r\nA: " + b"a" * 9_000, b"xyz\r\n"])
def test_a_broken_or_endless_frame_of_a_body_ends_the_connection(rest: bytes) -> None:
    line = Line()
    line.ask(b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", rest)
    assert (line.transport.sent, line.transport.end) == (b"", "cut")
    line.leave()


def test_a_body_of_any_length_is_no_head_and_headers_after_it_are_dropped() -> None:
    line = Line()
    line.ask(b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    line.ask(*[b"3e8\r\n" + b"a" * 1_000 + b"\r\n"] * 60, b"0\r\nAuthorization: Bearer x\r\n\r\n")
    assert line.protocol.headers == [(b"host", b"x"), (b"transfer-encoding", b"chunked")]
    line.answer()
    assert (line.status, line.transport.end) == (200, "")
    line.leave()


def test_a_body_that_is_not_read_any_more_has_a_time() -> None:
    line = Line()
    line.ask(b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
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
    line.ask(b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n")
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


@pytest.mark.parametrize("app", [short, endless, unmeasured])
@pytest.mark.parametrize("waiting", [0, 1, 2])
def test_an_answer_ends_when_its_client_leaves_whatever_waits_behind_it(
    app: Any, waiting: int, caplog: pytest.LogCaptureFixture
) -> None:
    line = Line(app=app)
    line.ask(GET, *[GET] * waiting)
    assert line.transport.reading  # or nobody would see it leave
    (under_way,) = line.loop.tasks
    line.lose()
    asyncio.run(asyncio.wait_for(under_way, 10))
    assert (line.transport.sent, len(line.loop.tasks), len(line.protocol.pipeline)) == (b"", 1, 0)
    assert caplog.records == []


def test_an_answer_that_waits_for_its_client_is_told_that_it_left_whatever_waits_behind_it() -> None:
    async def play() -> None:
        waits = asyncio.Event()

        async def app(_scope: Any, receive: Any, send: Any) -> None:
            waits.set()
            await endless(_scope, receive, send)

        line = Line(app=app)
        line.ask(GET, GET)
        under_way = asyncio.create_task(line.loop.tasks.pop(0))
        await waits.wait()  # it goes on until it has to wait for its client
        line.lose()
        ended, _ = await asyncio.wait({under_way}, timeout=5)
        assert ended
        assert b"too late" not in line.transport.sent

    asyncio.run(play())


def test_a_stopping_server_ends_the_answer_under_way_and_begins_none_that_waits() -> None:
    line, ended = Line(), []
    line.ask(GET, GET)
    assert line.protocol._running is not None
    line.protocol._running.scope[SCOPE_END] = lambda: ended.append(True)  # type: ignore[typeddict-unknown-key]
    line.protocol.shutdown()
    line.answer()
    assert (ended, line.transport.sent.count(b"200 OK"), line.transport.end) == ([True], 1, "closed")
    assert b"connection: close\r\n" in line.transport.sent
    line.leave()


def test_what_waits_behind_an_answer_is_bounded_in_bytes() -> None:
    line = Line()
    line.ask(GET, *[request(LIMIT)] * 2)
    line.answer()
    assert line.transport.sent.count(b"200 OK") == 3
    line.transport.sent = b""
    line.ask(GET, *[request(LIMIT)] * 3)
    line.answer()
    assert (line.transport.sent.count(b"200 OK"), line.transport.end) == (1, "closed")
    line.leave()
    line = Line()
    line.ask(GET, b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n", b"a" * 70_000)
    assert line.transport.reading  # or nobody would see the client leave
    line.answer()
    assert (line.transport.sent.count(b"HTTP/1.1"), line.transport.end) == (1, "closed")
    line.leave()


def test_a_broken_body_behind_an_answer_does_not_cut_it() -> None:
    line = Line()
    line.ask(GET, b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")
    line.answer()
    assert (line.transport.sent.count(b"200 OK"), line.transport.end) == (1, "closed")
    line.leave()


def test_http_1_0_gets_no_chunks_and_an_answer_that_ends_with_its_connection() -> None:
    line = Line(app=unmeasured)
    line.ask(b"GET /x HTTP/1.0\r\n\r\n")
    line.answer()
    head, _, body = line.transport.sent.partition(b"\r\n\r\n")
    assert (body, line.transport.end, line.transport.socket.resets) == (b"onetwoend", "closed", False)
    assert b"chunked" not in head
    assert b"\r\nconnection: close" in head
    line.leave()


def test_a_part_of_an_answer_to_http_1_0_does_not_pass_for_the_whole() -> None:
    line = Line(app=unended)
    line.ask(b"GET /x HTTP/1.0\r\n\r\n")
    line.answer()
    assert line.transport.sent.endswith(b"\r\n\r\none")
    assert (line.transport.end, line.transport.socket.resets) == ("cut", True)
    line.leave()


def test_a_length_that_is_told_holds_for_http_1_0_too() -> None:
    line = Line()
    line.ask(b"GET /x HTTP/1.0\r\n\r\n")
    line.answer()
    assert b"content-length: 2\r\n" in line.transport.sent
    assert line.transport.sent.endswith(b"\r\n\r\nok")
    line.leave()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /x HTTP/1.1\r\n\r\n", 400), (b"GET /x HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400),
        (b"GET /x HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", 400), (b"GET /x HTTP/1.0\r\n\r\n", 200),
        (b"GET /x HTTP/1.1\r\nHost:\r\n\r\n", 200),
        (b"GET /x\r\n\r\n", 400), (b"GET /x HTTP/2.0\r\nHost: x\r\n\r\n", 400),
        (b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", 200),
        (b"POST /x HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        *[
            (b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: %s\r\n\r\n0\r\n\r\n" % codings, 400)
            for codings in (
                b"gzip, chunked", b"identity\r\nTransfer-Encoding: chunked", b"chunked, chunked", b"xchunked",
                b"chunked\r\nTransfer-Encoding: chunked", b"identity", b"gzip", b"",
            )
        ],
    ],
)  # fmt: skip
def test_a_head_that_two_servers_could_read_differently_is_refused(head: bytes, status: int) -> None:
    line = Line()
    line.ask(head + GET)
    line.answer()
    assert line.status == status
    assert (b"200 OK" in line.transport.sent, line.transport.whole) == (status == 200, status != 200)
    line.leave()


@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
@pytest.mark.parametrize(
    ("rest", "status"), [(b" /x HTTP/1.1\r\n", 408), (b" /x HTTP/1.1\r\n\r\n", 400), (b" /" + b"x" * 9_000, 431)]
)
def test_every_refusal_has_the_headers_of_every_answer_and_to_a_head_no_body(
    method: bytes, rest: bytes, status: int
) -> None:
    line = Line()
    line.ask(method + rest)
    line.loop.pass_time(10)
    head, _, body = line.transport.sent.partition(b"\r\n\r\n")
    assert line.status == status
    for name, value in SECURITY_HEADERS.items():
        assert f"{name}: {value}\r\n".encode() in head
    assert bool(body) is (method == b"GET")
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
    line.ask(b"GET /x HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x05hello")
    line.answer()
    assert (line.status, line.transport.end) == (200, "closed")
    line.leave()
    line = Line()
    line.ask(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    assert line.status == 400
    line.leave()
    assert caplog.records == []
