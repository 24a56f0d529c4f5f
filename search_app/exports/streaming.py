"""Streams an export: headers with the number of offers, then its parts in pieces of suitable size.

The point in time of an export is closed however the response ends: the ``with`` around it never awaits, so it cannot be
interrupted.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from itertools import chain
from typing import Final

from msgspec import Raw
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from search_app.base.errors import AppError
from search_app.base.rates import host_of
from search_app.base.responses import REVALIDATE
from search_app.base.turns import Turns
from search_app.search.engine.scans import Scan
from search_app.search.resolved import ResolvedSearch
from search_app.search.service import Export, services_of

TOTAL: Final = "X-Total-Count"  # number of offers; exposed to scripts of other sites
FIRST_PIECE: Final = 4_000  # bytes: sent soon, so that the client sees progress
PIECE: Final = 65_536  # bytes: small enough for slow clients, large enough to be worth a write
SCOPE_ABORT: Final = "boussole.abort"  # scope key of the server's function that drops the connection
GONE_SECONDS: Final = 1.0  # time until the server reports that a dropped connection is gone

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Form:
    """Content type of an export; one with a file name is saved by browsers instead of displayed."""

    media_type: str
    file_name: str = ""

    def headers(self, total: int | None) -> dict[str, str]:
        """Return the headers; ``total`` is the number of offers, None if unknown."""
        headers = {"Cache-Control": REVALIDATE}
        if total is not None:
            headers[TOTAL] = str(total)
        if self.file_name:
            headers["Content-Disposition"] = f'attachment; filename="{self.file_name}"'
        return headers


@dataclass(frozen=True, slots=True)
class Body:
    """Content of an export: text before and after the offers, and the conversion of each stored one."""

    to_parts: Callable[[Raw], Iterable[bytes]]
    head: bytes = b""
    tail: bytes = b""


class ReaderTooSlow(Exception):
    """The client did not read the whole export in time."""


async def send_export(
    request: Request, search: ResolvedSearch, more: Iterable[str], form: Form, body_of: Callable[[Export], Body]
) -> Response:
    """Return all offers of a search in a form; a HEAD returns their number and opens nothing.

    ``more`` are stored fields that the body reads beside those of a result. Raises ExportsFull, TooManyRequests,
    EngineError.
    """
    services = services_of(request)
    if request.method == "HEAD":
        return head_of(form, await services.export_total(search))
    export = await services.export(search, tuple(more), host_of(request))
    return stream(request, export.scan, form, lambda: body_of(export))


def stream(
    request: Request, scan: Scan, form: Form, body_of: Callable[[], Body], *, total_told: bool = True
) -> Response:
    """Return a response of parts computed while they are read; it closes the scan, also on failure."""
    services = services_of(request)
    seconds, total = services.settings.export_seconds, scan.total if total_told else None
    try:
        return ExportResponse(scan, form, body_of(), services.turns, seconds, total)
    except BaseException:
        scan.close()
        raise


def head_of(form: Form, total: int | None = None) -> Response:
    """Return the response to a HEAD."""
    answer = Response(media_type=form.media_type, headers=form.headers(total))
    del answer.headers["Content-Length"]  # that of this response, while the export's is unknown
    return answer


class ExportResponse(StreamingResponse):
    """Sends an export as long as its client reads it; visibly interrupted if it cannot be completed."""

    def __init__(self, scan: Scan, form: Form, body: Body, turns: Turns, seconds: float, total: int | None) -> None:
        super().__init__(to_pieces(scan, body, turns), media_type=form.media_type, headers=form.headers(total))
        self.scan: AbstractContextManager[object] = scan
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; return when all is sent or the client is gone."""
        with self.scan:
            try:
                await super().__call__(scope, receive, self._in_time(send))
            except (AppError, ReaderTooSlow) as error:
                if SCOPE_ABORT not in scope:
                    raise
                logger.warning("an export was cut short: %s", error)
                await _cut(scope, receive)

    def _in_time(self, send: Send) -> Send:
        """Limit the total duration; stalled clients are the server's responsibility."""
        ends = time.monotonic() + self.seconds

        async def send_in_time(message: Message) -> None:
            left = ends - time.monotonic()
            try:
                if left <= 0:  # a send that does not block is not timed out
                    raise TimeoutError
                async with asyncio.timeout(left):
                    await send(message)
            except TimeoutError:
                raise ReaderTooSlow(f"it was not read within {self.seconds:g} s") from None

        return send_in_time


async def _cut(scope: Scope, receive: Receive) -> None:
    """Drop the connection, so that the client sees that the export is incomplete; return when it is dropped."""
    scope[SCOPE_ABORT]()
    with suppress(TimeoutError):
        async with asyncio.timeout(GONE_SECONDS):
            while (await receive())["type"] != "http.disconnect":
                pass


async def to_pieces(scan: Scan, body: Body, turns: Turns) -> AsyncIterator[bytes]:
    """Yield an export piece by piece, in turns with other exports."""
    waiting = [body.head]
    size, enough = len(body.head), FIRST_PIECE
    while records := await scan.next_step():
        await turns.take()
        for part in chain.from_iterable(map(body.to_parts, records)):
            waiting.append(part)
            size += len(part)
            if size >= enough:
                yield b"".join(waiting)
                waiting, size, enough = [], 0, PIECE
                await turns.take()
            elif turns.spent():
                await turns.take()
    waiting.append(body.tail)
    yield b"".join(waiting)
