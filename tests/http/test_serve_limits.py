"""What strangers may do to the served process, over real sockets: heads without end, half a head, many connections.

Clients have addresses of their own: on Linux all of 127.0.0.0/8 is this machine.
"""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

from bench.clients.slow_heads import bothered, quantiles, timed
from bench.http_client import get
from tests.served import Served, serving_command

NO_ENGINE = "http://127.0.0.1:9"  # the discard port: nothing answers there
ME = "127.0.0.1"
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
TOKEN = "at-least-16-letters"
# Answered with « 100 Continue » when the app waits for the body, which then may take half a minute.
SLOW_POST = (
    f"POST /api/v1/seats HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/x-ndjson\r\n"
    "Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n"
).encode()
MOST, MOST_OF_CLIENT = 12, 8
MANY_BYTES = 32 * 2**20
BESIDE_SECONDS = 3.0  # in which a head without end grows to hundreds of MB if nothing stops it
SLOW_SECONDS = 0.5  # of one request beside slow heads: without limits it takes many seconds


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> str:
        return str(json.loads(self.body)["error"]["code"])


@pytest.fixture(scope="module", name="app")
def strict_app() -> Iterator[Served]:
    with serving_command(
        NO_ENGINE, "none-", HEAD_SECONDS="0.6", IDLE_SECONDS="2", SEATS_TOKENS=f"me:{TOKEN}",
        CONNECTIONS=str(MOST), CONNECTIONS_PER_CLIENT=str(MOST_OF_CLIENT),
    ) as served:  # fmt: skip
        yield served


def connect(app: Served, client: str = ME) -> socket.socket:
    port = int(app.address.rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(client, 0))


def read(connection: socket.socket) -> Answer | None:
    """Return the next answer, None if the connection was closed without one."""
    received = b""
    while b"\r\n\r\n" not in received:
        try:
            part = connection.recv(65_536)
        except ConnectionResetError:
            part = b""
        if not part:
            assert not received
            return None
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65_536)
    return Answer(int(first.split()[1]), headers, body)


def ask(app: Served, client: str = ME, request: bytes = GET) -> Answer | None:
    with connect(app, client) as connection:
        connection.sendall(request)
        return read(connection)


@contextmanager
def busy(app: Served, client: str, number: int) -> Iterator[None]:
    """Keep so many connections that the app is about to answer."""
    with ExitStack() as stack:
        for _ in range(number):
            connection = stack.enter_context(connect(app, client))
            connection.sendall(SLOW_POST)
            told = read(connection)
            assert told is not None
            assert told.status == 100
        yield


@pytest.mark.parametrize(
    ("start", "again"),
    [(b"GET /", b"a" * 4_096), (b"GET / HTTP/1.1\r\nA: ", b"a" * 4_096), (b"GET / HTTP/1.1\r\n", b"A: a\r\n" * 500)],
    ids=["address", "one header", "headers"],
)
def test_a_head_without_end_is_a_431_that_its_client_can_read(app: Served, start: bytes, again: bytes) -> None:
    with connect(app) as connection:
        connection.sendall(start)
        with pytest.raises(ConnectionError):  # cut off, whatever its client may send
            connection.sendall(again * (MANY_BYTES // len(again)))
    with connect(app) as connection:  # one that stops when it has sent more than the limit can read the answer
        connection.sendall(start + again * 25)
        answer = read(connection)
    assert answer is not None
    assert (answer.status, answer.error) == (431, "head_too_large")
    assert answer.headers["connection"] == "close"


def test_half_a_head_is_a_408_in_time_and_nothing_at_all_is_closed_without_a_word(app: Served) -> None:
    with connect(app) as half, connect(app) as silent:
        half.sendall(GET[:-2])
        began = time.monotonic()
        answer = read(half)
        assert read(silent) is None
        assert time.monotonic() - began < 3
    assert answer is not None
    assert (answer.status, answer.error) == (408, "head_too_slow")


def test_an_idle_connection_has_a_time_of_its_own(app: Served) -> None:
    with connect(app) as connection:
        connection.sendall(GET)
        first = read(connection)
        connection.settimeout(0.9)  # longer than a head may take
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(10)
        connection.sendall(GET)
        second = read(connection)
        assert read(connection) is None
    assert (first and first.status, second and second.status) == (200, 200)


def test_hundreds_of_half_sent_requests_keep_nobody_out(app: Served) -> None:
    with ExitStack() as stack:
        for number in range(300):
            stack.enter_context(connect(app, f"127.0.1.{number % 250 + 1}")).sendall(GET[:-2])
        for client in ("127.0.1.1", "127.0.2.1"):
            answer = ask(app, client)
            assert answer is not None
            assert answer.status == 200


def test_a_client_with_too_many_answers_under_way_is_a_429_and_others_are_answered(app: Served) -> None:
    with busy(app, "127.0.0.2", MOST_OF_CLIENT):
        refused, other = ask(app, "127.0.0.2"), ask(app, "127.0.0.3")
    assert refused is not None
    assert other is not None
    assert (refused.status, refused.error, other.status) == (429, "too_many_requests", 200)
    assert int(refused.headers["retry-after"]) >= 1


def test_a_process_with_too_many_answers_under_way_is_a_503_until_one_ends(app: Served) -> None:
    with busy(app, ME, MOST - 1):  # a trusted proxy: no client
        with busy(app, "127.0.0.2", 1):
            refused = ask(app, "127.0.0.3")
        deadline = time.monotonic() + 5
        while (answer := ask(app, "127.0.0.3")) is None or answer.status == 503:
            assert time.monotonic() < deadline
    assert refused is not None
    assert (refused.status, refused.error, answer.status) == (503, "connections_full", 200)
    assert int(refused.headers["retry-after"]) >= 1


def test_others_are_answered_beside_64_slow_heads_and_an_endless_one() -> None:
    times: list[float] = []
    with serving_command(NO_ENGINE, "none-") as app, bothered(app.address):
        deadline = time.monotonic() + BESIDE_SECONDS
        while time.monotonic() < deadline:
            times += timed(app.address, [get("/api/v1/openapi.json")] * 5)
    assert quantiles(times)[1] < SLOW_SECONDS * 1_000


def test_what_is_forwarded_is_believed_of_trusted_proxies_only() -> None:
    def asked(app: Served, by: str, forwarded: str) -> int:
        head = (
            f"GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {forwarded}\r\nConnection: close\r\n\r\n"
        )
        answer = ask(app, by, head.encode())
        assert answer is not None
        return answer.status

    def scheme(app: Served, by: str) -> str:
        head = "GET /sitemap-pages.xml HTTP/1.1\r\nHost: site.example\r\nX-Forwarded-Proto: https\r\n\r\n"
        answer = ask(app, by, head.encode())
        assert answer is not None
        return answer.body.partition(b"://site.example/")[0].rpartition(b">")[2].decode()

    # One request in a hundred seconds: whoever is asked for again is refused.
    with serving_command(NO_ENGINE, "none-", RATE_LIMIT="0.01", TRUSTED_PROXIES="127.0.0.1, 127.0.9.0/24") as app:
        assert asked(app, "127.0.0.1", "198.51.100.6, 192.0.2.1") == 200
        assert asked(app, "127.0.0.1", "198.51.100.7, 192.0.2.1") == 429  # what the client itself said does not count
        assert asked(app, "127.0.9.7", "192.0.2.1, 127.0.9.8") == 429  # two proxies, one behind the other
        assert asked(app, "127.0.0.1", "192.0.2.2") == 200
        assert asked(app, "127.0.0.2", "192.0.2.3") == 200
        assert asked(app, "127.0.0.2", "192.0.2.4") == 429  # a stranger is known by its own address
        assert scheme(app, "127.0.9.9") == "https"
        assert scheme(app, "127.0.0.3") == "http"


def test_a_wrong_proxy_is_one_line_that_says_what_is_allowed(capfd: pytest.CaptureFixture[str]) -> None:
    with (
        pytest.raises(AssertionError, match="ended with status 2"),
        serving_command(NO_ENGINE, "x-", TRUSTED_PROXIES="proxy"),
    ):
        pass
    (line,) = capfd.readouterr().err.splitlines()
    assert "BOUSSOLE_TRUSTED_PROXIES='proxy'" in line
    assert "172.20.0.0/16" in line
