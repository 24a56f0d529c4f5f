"""Requests whose header and body name different revisions of the protocol: refused, whichever of both is the older one.

The package compares them only where the header names the stateless revision; by a header of the older one, or without
any, it would serve a stateless request as if it had been asked otherwise.
"""

from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from search_app.base.responses import JSON

HEADER: Final = "mcp-protocol-version"
OF_BODY: Final = "io.modelcontextprotocol/protocolVersion"
HEADER_MISMATCH: Final = -32020


def refusal_of_revision(request: Request, body: bytes) -> Response | None:
    """Return the refusal of a body that names another revision than the header, None if there is nothing to refuse."""
    try:
        told: Any = orjson.loads(body)
        named = told["params"]["_meta"][OF_BODY]
    except (orjson.JSONDecodeError, KeyError, TypeError, IndexError):
        return None  # of another shape: the protocol's own matter
    if named == request.headers.get(HEADER):
        return None
    number = told.get("id")
    error = {"code": HEADER_MISMATCH, "message": f"{HEADER} : n’est pas la révision que nomme le corps."}
    known = number if isinstance(number, str | int) and not isinstance(number, bool) else None
    answer = {"jsonrpc": "2.0", "id": known, "error": error}
    return Response(orjson.dumps(answer), 400, {"Cache-Control": "no-store"}, JSON)
