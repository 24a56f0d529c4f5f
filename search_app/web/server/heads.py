"""Checks of request heads beyond those of the server's parser: one host, one framing, a known version.

A proxy and this server must not interpret one request differently (request smuggling).
"""

from collections.abc import Iterable
from typing import Final

from search_app.base.errors import AppError, BadRequest

VERSIONS: Final = frozenset({"1.0", "1.1"})


def fault_of(version: str, headers: Iterable[tuple[bytes, bytes]]) -> AppError | None:
    """Return why a head is refused, None if it is accepted; header names are in lower case."""
    if version not in VERSIONS:
        return BadRequest("Seuls HTTP/1.1 et HTTP/1.0 sont compris.")
    hosts, codings = 0, []
    for name, value in headers:
        if name == b"host":
            hosts += 1
        elif name == b"transfer-encoding":
            codings.append(value.strip().lower())
    if hosts > 1 or (not hosts and version == "1.1"):
        return BadRequest("Un en-tête Host est nécessaire, et un seul.")
    if codings and (codings != [b"chunked"] or version == "1.0"):
        return BadRequest("Transfer-Encoding : seul « chunked » est compris, une fois, en HTTP/1.1.")
    return None
