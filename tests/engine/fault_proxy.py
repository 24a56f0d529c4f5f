"""Stands between a command and the engine, so that a test can make something go wrong at an exact moment."""

import http.client
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Asked:
    """One request on its way to the engine; ``count`` is how many of its kind (path without query) came, with it."""

    method: str
    path: str
    body: bytes
    count: int

    @property
    def is_offers_bulk(self) -> bool:
        """Whether it writes offers."""
        return self.path.partition("?")[0].endswith("offers/_bulk")


UNAUTHORIZED = b'{"error":{"type":"security_exception","reason":"missing authentication"},"status":401}'


class Hangup(Exception):
    """Raised by a rule: the connection is closed without an answer."""


# Returns (status, body) to answer in the engine's place, None to pass the request on; may do something else meanwhile.
Rule = Callable[[Asked], tuple[int, bytes] | None]


@contextmanager
def fault_proxy(
    engine_url: str, rule: Rule, *, tls: ssl.SSLContext | None = None, authorization: str = ""
) -> Iterator[str]:
    """Yield the address of a proxy that asks the rule about each request before it passes it on.

    With ``tls`` it speaks https; with ``authorization`` it answers 401 to requests that have another header, without
    asking the rule.
    """
    engine = urlsplit(engine_url)
    counts: dict[str, int] = {}
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            kind = self.path.partition("?")[0]
            if authorization and self.headers.get("authorization") != authorization:
                self._answer(401, UNAUTHORIZED)
                return
            with lock:
                counts[kind] = counts.get(kind, 0) + 1
                asked = Asked(self.command, self.path, body, counts[kind])
            try:
                answer = rule(asked) or self._pass_on(body)
            except Hangup:
                self.close_connection = True
                return
            self._answer(*answer)

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/json; charset=UTF-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def _pass_on(self, body: bytes) -> tuple[int, bytes]:
            connection = http.client.HTTPConnection(engine.hostname or "", engine.port, timeout=60)
            try:
                headers = {"content-type": self.headers.get("content-type") or "application/json"}
                connection.request(self.command, self.path, body or None, headers)
                response = connection.getresponse()
                return response.status, response.read()
            finally:
                connection.close()

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _handle  # noqa: N815 - names that the base class calls

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
