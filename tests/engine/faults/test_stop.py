"""An app that is told to stop is gone in the time that is set, whatever its clients do."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from search_app.web.app import CLOSE_SECONDS
from tests.engine.fault_proxy import Asked, fault_proxy
from tests.served import Served, serving_command

SECONDS = 1
MARGIN = 3.0  # for the end of the process itself, on a busy machine
EXPORT = b"GET /api/v1/offers.ndjson HTTP/1.1\r\nHost: x\r\n\r\n"
STREAM = b"GET /api/v1/seats/stream?session=x HTTP/1.1\r\nHost: x\r\n\r\n"
TOKEN = "at-least-16-letters"
STATEMENT = json.dumps(
    {
        "session": "S1",
        "funder": "2",
        "capacity": 9,
        "available": 3,
        "sequence": 1,
        "observed_at": "2026-11-22T10:00:00Z",
    }
)
STILL = 25  # looks at the buffers in a row that find them unchanged
LAST_CHUNK = b"0\r\n\r\n"


def connect(app: Served, receive_buffer: int = 0) -> socket.socket:
    connection = socket.socket()
    connection.settimeout(10)
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.connect(("127.0.0.1", int(app.address.rpartition(":")[2])))
    return connection


def await_full(connection: socket.socket) -> None:
    """Wait until the server can send no more: what lies in the buffers of both sides grows no longer."""
    before, unchanged = "", 0
    deadline = time.monotonic() + 20
    while unchanged < STILL:
        assert time.monotonic() < deadline
        time.sleep(0.02)
        now = queues(connection.getsockname()[1])
        unchanged = unchanged + 1 if now == before else 0
        before = now


def queues(port: int) -> str:
    """Return what the system tells of the buffers at both ends of the connection with this port."""
    lines = Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]
    rows = [line.split() for line in lines]
    return str([row[4] for row in rows if f":{port:04X}" in row[1] or f":{port:04X}" in row[2]])


def read_all(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.fixture(name="app", params=["1", "2"], ids=["one process", "two workers"])
def stopping_app(request: pytest.FixtureRequest, engine_url: str, loaded_prefix: str) -> Iterator[Served]:
    with serving_command(engine_url, loaded_prefix, WORKERS=request.param, SHUTDOWN_SECONDS=str(SECONDS)) as app:
        yield app


def test_a_client_that_does_not_read_its_export_does_not_keep_the_app(app: Served) -> None:
    with connect(app, 4_096) as export, connect(app) as half, connect(app) as stream:
        export.sendall(EXPORT * 12)  # more than the buffers of both sides hold
        assert export.recv(1)
        half.sendall(EXPORT[:-2])
        stream.sendall(STREAM)
        assert stream.recv(1_024)
        await_full(export)
        took = app.stop()
        assert read_all(stream).endswith(LAST_CHUNK)
        assert read_all(half) == b""
    assert took < SECONDS + MARGIN


def test_an_answer_that_its_client_reads_is_whole(engine_url: str, loaded_prefix: str) -> None:
    with serving_command(engine_url, loaded_prefix, SHUTDOWN_SECONDS="9") as app, connect(app, 4_096) as export:
        export.sendall(EXPORT)
        export.recv(1)
        assert app.process is not None
        app.process.terminate()
        assert read_all(export).endswith(LAST_CHUNK)


def test_an_engine_that_hangs_does_not_keep_the_app(engine_url: str, index_prefix: str) -> None:
    hanging, reached, released = threading.Event(), threading.Event(), threading.Event()

    def rule(_: Asked) -> tuple[int, bytes] | None:
        if hanging.is_set():
            reached.set()
            released.wait(3 * MARGIN)
        return None

    settings = {"SHUTDOWN_SECONDS": str(SECONDS), "ENGINE_TIMEOUT": "60", "SEATS_TOKENS": f"me:{TOKEN}"}
    with fault_proxy(engine_url, rule) as proxied, serving_command(proxied, index_prefix, **settings) as app:
        answer = httpx.post(
            f"{app.address}/api/v1/seats", content=STATEMENT, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30
        )  # from now on the app owes the engine a last word: that nothing is left undone
        assert answer.json()["accepted"] == 1
        hanging.set()
        with connect(app) as search:
            search.sendall(EXPORT)
            assert reached.wait(10)
            took = app.stop()
        released.set()
    assert took < SECONDS + CLOSE_SECONDS + MARGIN
