"""A minimal HTTP client with negligible cost, so that only the server is measured: prepared bytes over raw sockets."""

import asyncio
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Target:
    """A server and the requests that are sent to it, as bytes."""

    host: str
    port: int
    requests: Sequence[bytes]


def target(url: str, requests: Sequence[bytes]) -> Target:
    """Return a target for an address such as ``http://127.0.0.1:8000``."""
    parts = urlsplit(url)
    return Target(parts.hostname or "127.0.0.1", parts.port or 80, requests)


def get(path: str) -> bytes:
    """Return a GET request that keeps the connection."""
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\n\r\n".encode()


def post(path: str, body: bytes, kind: str = "application/json", token: str = "") -> bytes:
    """Return a POST request of JSON, or of another kind, that keeps the connection."""
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    head += f"Authorization: Bearer {token}\r\n" if token else ""
    return f"{head}\r\n".encode() + body


class Connection:
    """One kept connection, used by one caller."""

    def __init__(self, aim: Target) -> None:
        self.socket = socket.create_connection((aim.host, aim.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> bytes:
        """Send a request and return the body; raises RuntimeError if the status is not 200."""
        self.socket.sendall(request)
        received = bytearray()
        while not is_whole(received):
            chunk = self.socket.recv(1 << 18)
            if not chunk:
                raise RuntimeError(f"connection closed after {bytes(received[:200])!r}")
            received += chunk
        return checked_body(bytes(received))

    def timed(self, request: bytes) -> float:
        """Send a request and return how many milliseconds the whole answer took."""
        began = time.perf_counter()
        self.ask(request)
        return (time.perf_counter() - began) * 1000

    def close(self) -> None:
        self.socket.close()


def is_whole(received: bytes | bytearray) -> bool:
    """True if a response is complete: by its Content-Length, or by the last chunk."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = bytes(received[:end]).lower()
    at = head.find(b"content-length:")
    if at >= 0:
        return len(received) >= end + 4 + int(head[at + 15 :].split(b"\r\n", 1)[0])
    return received.endswith(b"0\r\n\r\n")


def checked_body(response: bytes) -> bytes:
    """Return the body of a complete response; raises RuntimeError if its status is not 200."""
    head, _, body = response.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"{head[:60]!r}: {body[:300]!r}")
    return body


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    """Send a request and return the body; raises ConnectionError if it is cut, RuntimeError unless it is 200."""
    writer.write(request)
    received = bytearray()
    while not is_whole(received):
        chunk = await reader.read(1 << 18)
        if not chunk:
            raise ConnectionError("closed by the server")
        received += chunk
    return checked_body(bytes(received))


async def throughput(aim: Target, clients: int, seconds: float) -> float:
    """Return the requests per second when that many clients each send the next request immediately."""
    deadline = time.perf_counter() + seconds
    began = time.perf_counter()
    counts = await asyncio.gather(*(_client(aim, number, clients, deadline) for number in range(clients)))
    return sum(counts) / (time.perf_counter() - began)


async def _client(aim: Target, number: int, step: int, deadline: float) -> int:
    reader, writer = await asyncio.open_connection(aim.host, aim.port, limit=1 << 22)
    done = 0
    while time.perf_counter() < deadline:
        await exchange(reader, writer, aim.requests[(number + done * step) % len(aim.requests)])
        done += 1
    writer.close()
    return done
