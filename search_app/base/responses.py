"""HTTP answers: JSON by msgspec, with an ETag so that what did not change is not sent again."""

import hashlib
from collections.abc import Callable
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from search_app.base.errors import AppError

# Seats change at any second: whoever keeps a copy has to ask whether it still holds.
REVALIDATE = "no-cache"
JSON = "application/json"
# Bytes; smaller answers are not worth the work. The middleware that compresses adds ``Vary`` from here on.
LEAST_COMPRESSED: Final = 1000
_encode = msgspec.json.Encoder().encode


def to_bytes(value: Any) -> bytes:
    """Return compact JSON of structures, dataclasses, dates and plain values."""
    return _encode(value)


def tag_of(content: bytes) -> str:
    """Return the ETag of the data of an answer."""
    return f'"{hashlib.sha1(content, usedforsecurity=False).hexdigest()}"'


def is_known(etag: str, if_none_match: str) -> bool:
    """Tell whether the value of a client's If-None-Match names an ETag, whether as a weak one or not.

    >>> is_known('"a"', 'W/"a", "b"'), is_known('"a"', "*"), is_known('"a"', "")
    (True, True, False)
    """
    known = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in known or "*" in known


def conditional(
    request: Request, etag: str, make_body: Callable[[], bytes], media_type: str, cache_control: str = REVALIDATE
) -> Response:
    """Return the body with its ETag, or 304 if the client has the same; then the body is not built."""
    headers = {"ETag": etag, "Cache-Control": cache_control}
    if is_known(etag, request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(make_body(), media_type=media_type, headers=headers)


def cacheable(request: Request, body: bytes, media_type: str, cache_control: str = REVALIDATE) -> Response:
    """Return the body with its ETag, or 304 without it if the client has the same."""
    return conditional(request, tag_of(body), lambda: body, media_type, cache_control)


def json_response(request: Request, value: Any, stable: Any = None) -> Response:
    """Return a value as JSON with its ETag.

    ``stable`` is the value without the parts that may differ between equal answers, and determines the ETag; by default
    the value does.
    """
    if stable is None:
        return cacheable(request, to_bytes(value), JSON)
    return conditional(request, tag_of(to_bytes(stable)), lambda: to_bytes(value), JSON)


def precompressed(
    request: Request, plain: bytes, compressed: bytes, media_type: str, headers: dict[str, str]
) -> Response:
    """Return a file in gzip where the client reads that, else as it is; ``Vary`` says so once."""
    if "gzip" in request.headers.get("accept-encoding", ""):
        gzipped = headers | {"Vary": "Accept-Encoding", "Content-Encoding": "gzip"}
        return Response(compressed, media_type=media_type, headers=gzipped)
    vary = {"Vary": "Accept-Encoding"} if len(plain) < LEAST_COMPRESSED else {}
    return Response(plain, media_type=media_type, headers=headers | vary)


def json_error(error: AppError) -> Response:
    """Return an error in the one JSON shape, never to be kept."""
    return Response(to_bytes(error.to_json()), error.status, error.headers(), JSON)
