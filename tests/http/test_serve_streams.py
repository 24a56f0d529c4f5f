"""Streams of the served process over real sockets: what is pipelined behind one, who leaves, how it stops."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.served import Served, serving_command

STREAMS = 6
STREAM = b"GET /api/v1/seats/stream?session=S1 HTTP/1.1\r\nHost: x\r\n\r\n"
NEXT = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
BIG = b"POST /api/v1/seats HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n" + b"a" * 100_000
STOP_SECONDS = 20  # for answers under way: a stream that gets its end needs none of it
LEAVE_SECONDS = 5.0  # well below a beat of fifteen
NOTHING = json.dumps({"error": {"type": "index_not_found_exception"}, "status": 404}).encode()


class Empty(BaseHTTPRequestHandler):
    """An engine that holds nothing yet: streams can be followed."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(NOTHING)))
        self.end_headers()
        self.wfile.write(NOTHING if self.command != "HEAD" else b"")

    do_POST = do_PUT = do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def empty_engine() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module", name="app")
def app_over_an_empty_engine() -> Iterator[Served]:
    with empty_engine() as engine, serving_command(
        engine, "none-", STREAMS=str(STREAMS), SHUTDOWN_SECONDS=str(STOP_SECONDS)
    ) as served:  # fmt: skip
        yield served


def connect(app: Served) -> socket.socket:
    port = int(app.address.rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def until(connection: socket.socket, what: bytes) -> bytes:
    """Return what came up to something, or to the end of the connection."""
    received = b""
    while what not in received and (part := connection.recv(65_536)):
        received += part
    return received


def status(connection: socket.socket, request: bytes = STREAM) -> int:
    connection.sendall(request)
    return int(until(connection, b"\r\n\r\n").split()[1])


@contextmanager
def followed(app: Served, behind: bytes, *, later: bool) -> Iterator[list[socket.socket]]:
    """Keep every stream that there may be, each with something pipelined behind it."""
    with ExitStack() as stack:
        connections = [stack.enter_context(connect(app)) for _ in range(STREAMS)]
        assert [status(one, STREAM if later else STREAM + behind) for one in connections] == [200] * STREAMS
        for one in connections:
            one.sendall(behind if later else b"")
        yield connections


def test_http_1_0_reads_a_stream_without_chunks(app: Served) -> None:
    with connect(app) as connection:
        connection.sendall(STREAM.replace(b"HTTP/1.1", b"HTTP/1.0"))
        head, _, body = until(connection, b"\n\n").partition(b"\r\n\r\n")
    assert b"connection: close" in head.lower()
    assert b"chunked" not in head
    assert body.startswith(b"retry: ")
    assert b"\r" not in body


def test_who_leaves_frees_its_stream_at_once_whatever_is_pipelined_behind_it(
    app: Served, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()  # what the app says of an empty engine at its start
    for behind, later in ((NEXT, False), (NEXT * 3, True), (STREAM, False), (BIG, True), (NEXT[:-2], True)):
        with followed(app, behind, later=later), connect(app) as one_more:
            assert status(one_more) == 503
        deadline = time.monotonic() + LEAVE_SECONDS
        places = 0
        while places < STREAMS:  # all places, not one
            assert time.monotonic() < deadline, (behind[:40], later, places)
            with ExitStack() as stack:
                told = [status(stack.enter_context(connect(app))) for _ in range(STREAMS)]
            places = told.count(200)
        while True:  # those of the last look are given back as well
            with connect(app) as probe:
                if status(probe) == 200:
                    break
            assert time.monotonic() < deadline
    assert capfd.readouterr().err == ""


def test_a_stopping_server_ends_streams_in_order_whatever_is_pipelined_behind_them(
    app: Served, capfd: pytest.CaptureFixture[str]
) -> None:
    with followed(app, NEXT + STREAM, later=False) as connections:
        assert app.stop() < STOP_SECONDS / 2
        for one in connections:
            assert until(one, b"never").endswith(b"0\r\n\r\n")
    assert capfd.readouterr().err == ""
