"""Error responses of the server itself: bad request, too large, too slow, too many connections."""

from collections.abc import Iterable
from http import HTTPStatus

from search_app.base.errors import AppError
from search_app.base.responses import to_bytes
from search_app.web.policies import SECURITY_HEADERS


def to_refusal(error: AppError, dated: Iterable[tuple[bytes, bytes]], *, bodiless: bool = False) -> bytes:
    """Return the complete response, after which the connection is closed; ``bodiless`` for a HEAD request."""
    body = to_bytes(error.to_json())
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}
    given = [f"{name}: {value}\r\n".encode() for name, value in (headers | SECURITY_HEADERS | error.headers()).items()]
    first = f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}\r\n".encode()
    return b"".join((first, *(b"%s: %s\r\n" % pair for pair in dated), *given, b"\r\n", b"" if bodiless else body))
