"""One request and its answer over a connection of its own; a body that is cut, endless or dripping is a fault."""

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import BinaryIO, Final

from indexer.harvest.faults import SourceFault, one_line
from indexer.harvest.fetch.targets import Target

AGENT: Final = "Boussole-harvester/1 (documents of vocational guidance)"
ACCEPTED: Final = "application/xml, application/atom+xml, application/rss+xml, application/feed+json, */*;q=0.5"
PART: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one answer: bytes decompressed, seconds, and the least rate of a body once ``patience`` is over.

    ``run`` is the seconds after which no further request of a harvest is made, ``stored`` the bytes that its
    records and rejects may take on disk.
    """

    body: int = 32_000_000
    connect: float = 10.0
    idle: float = 60.0  # until the first byte, and between two
    whole: float = 180.0
    patience: float = 20.0
    least_rate: int = 200  # bytes a second, on average
    run: float = 21_600.0
    stored: int = 5_000_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; ``url`` is the last one asked, header names are in lower case."""

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Unreachable(SourceFault):
    """No connection, or one that was lost: worth one repetition."""


class _Connection(http.client.HTTPConnection):
    """A connection to the numeric address of a target, by TLS under its name."""

    def __init__(self, target: Target, bounds: Bounds) -> None:
        super().__init__(target.host, target.port, timeout=bounds.idle)
        self._target, self._bounds = target, bounds
        self._open: socket.socket | None = None  # the library forgets its own one when the answer begins

    def connect(self) -> None:
        self._open = socket.create_connection((self._target.numeric, self._target.port), self._bounds.connect)
        if self._target.secure:
            self._open = _tls().wrap_socket(self._open, server_hostname=self._target.host)
        self._open.settimeout(self._bounds.idle)
        self.sock = self._open

    def cut(self) -> None:
        """End whatever is waited for."""
        if self._open is not None:
            with suppress(OSError):
                self._open.shutdown(socket.SHUT_RDWR)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def ask(target: Target, bounds: Bounds, into: BinaryIO | None = None) -> Answer:
    """Return the answer to a GET; raises SourceFault if it does not come whole within the bounds."""
    shown = one_line(target.url)
    with closing(_Connection(target, bounds)) as connection, _watch(connection, bounds.whole) as expired:
        try:
            connection.connect()
            headers = {"User-Agent": AGENT, "Accept": ACCEPTED, "Accept-Encoding": "gzip", "Connection": "close"}
            connection.request("GET", target.path, headers=headers | {"Host": target.host_header})
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            if into is not None:
                into.seek(0)
                into.truncate()
            parts: list[bytes] = []
            write = parts.append if into is None else into.write
            for part in _decoded(_parts(answer, bounds), told.get("content-encoding", ""), bounds.body):
                write(part)
        except BadBody as error:
            raise SourceFault(f"{shown}: {error}") from None
        except (http.client.HTTPException, OSError, ValueError, zlib.error) as error:
            if expired.is_set():
                raise SourceFault(f"{shown}: not whole after {bounds.whole:.0f} s") from None
            if isinstance(error, TimeoutError):
                raise SourceFault(f"{shown}: nothing came for {bounds.idle:.0f} s") from None
            reason = one_line(str(error)) or type(error).__name__
            if isinstance(error, zlib.error | ValueError):
                raise SourceFault(f"{shown}: cannot be read ({reason})") from None
            raise Unreachable(f"{shown}: the connection failed or was cut ({reason})") from None
        if expired.is_set():
            raise SourceFault(f"{shown}: not whole after {bounds.whole:.0f} s")
        return Answer(target.url, answer.status, told, b"".join(parts))


class BadBody(Exception):
    """The body cannot be used; the message says why."""


@contextmanager
def _watch(connection: _Connection, seconds: float) -> Iterator[threading.Event]:
    """Cut the connection after some seconds, whatever it waits for; the event says that this happened."""
    expired = threading.Event()

    def cut() -> None:
        expired.set()
        connection.cut()

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield expired
    finally:
        timer.cancel()


def _parts(answer: http.client.HTTPResponse, bounds: Bounds) -> Iterator[bytes]:
    """Yield the body as it comes; raises BadBody if it is cut, too large or dripping."""
    if answer.length is not None and answer.length > bounds.body:
        raise BadBody(f"{answer.length} bytes, at most {bounds.body} are read")
    began, size = time.monotonic(), 0
    while part := answer.read1(PART):
        size += len(part)
        if size > bounds.body:
            raise BadBody(f"more than {bounds.body} bytes")
        lasted = time.monotonic() - began
        if lasted > bounds.patience and size < bounds.least_rate * lasted:
            raise BadBody(f"too slow: {size} bytes in {lasted:.0f} s")
        yield part
    if answer.length:
        raise BadBody(f"cut: {answer.length} of its bytes are missing")


def _decoded(parts: Iterator[bytes], encoding: str, most: int) -> Iterator[bytes]:
    """Yield a body decompressed; raises BadBody if it is cut, larger than it may be, or of another encoding."""
    if encoding.strip().lower() in ("", "identity"):
        yield from parts
        return
    if encoding.strip().lower() not in ("gzip", "x-gzip"):
        raise BadBody(f"encoded as {one_line(encoding, 40)!r}, which was not asked for")
    yield from inflate(parts, most)


def inflate(parts: Iterator[bytes], most: int) -> Iterator[bytes]:
    """Yield gzip data decompressed; raises BadBody if it is cut or longer than ``most`` bytes."""
    size, inflater = 0, zlib.decompressobj(wbits=31)
    for compressed in parts:
        part = compressed
        while not inflater.eof:
            plain = inflater.decompress(part, PART)
            size += len(plain)
            if size > most:
                raise BadBody(f"more than {most} bytes when decompressed")
            yield plain
            part = inflater.unconsumed_tail
            if not part and len(plain) < PART:  # nothing is left inside either
                break
    if not inflater.eof:
        raise BadBody("cut: its compressed data does not end")
