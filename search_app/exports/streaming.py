"""What an export sends: headers that say how much will come, then its parts in pieces of a good size.

The view that the engine keeps for an export is closed whenever and however the answer ends: the ``with`` around it
needs no wait, so nothing can interrupt it.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
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

TOTAL: Final = "X-Total-Count"  # offers; exposed to scripts of other sites
FIRST_PIECE: Final = 4_000  # bytes: sent soon, so that whoever waits sees that something comes
PIECE: Final = 65_536  # bytes: few enough that a slow reader holds no memory, many enough to be worth a write
SCOPE_ABORT: Final = "boussole.abort"  # under which the server tells how to drop the connection
GONE_SECONDS: Final = 1.0  # within which the server tells that a connection which was cut is gone

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Form:
    """How an export is sent; one with a file name is saved by browsers instead of shown."""

    media_type: str
    file_name: str = ""

    def headers(self, total: int | None) -> dict[str, str]:
        """Return the headers; ``total`` is the number of offers, None where it is not told."""
        headers = {"Cache-Control": REVALIDATE}
        if total is not None:
            headers[TOTAL] = str(total)
        if self.file_name:
            headers["Content-Disposition"] = f'attachment; filename="{self.file_name}"'
        return headers


@dataclass(frozen=True, slots=True)
class Body:
    """What an export holds: what stands before and after the offers, and what is sent of each stored one."""

    to_parts: Callable[[Raw], Iterable[bytes]]
    head: bytes = b""
    tail: bytes = b""


class ReaderTooSlow(Exception):
    """The client did not read the whole in time."""


async def send_export(
    request: Request, search: ResolvedSearch, more: Iterable[str], form: Form, body_of: Callable[[Export], Body]
) -> Response:
    """Return all offers of a search in a form; a HEAD tells their number and opens nothing.

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
    """Return an answer of parts that are made while they are read; it closes the scan, here too if it fails."""
    services = services_of(request)
    seconds, total = services.settings.export_seconds, scan.total if total_told else None
    try:
        return ExportResponse(scan, form, body_of(), services.turns, seconds, total)
    except BaseException:
        scan.close()
        raise


def head_of(form: Form, total: int | None = None) -> Response:
    """Return the answer to a HEAD."""
    answer = Response(media_type=form.media_type, headers=form.headers(total))
    del answer.headers["Content-Length"]  # of the export, which nobody knows, not of this answer
    return answer


class ExportResponse(StreamingResponse):
    """Sends an export as long as its client reads it; cut short, and never ended, if it cannot be sent whole."""

    def __init__(self, scan: Scan, form: Form, body: Body, turns: Turns, seconds: float, total: int | None) -> None:
        super().__init__(to_pieces(scan, body, turns), media_type=form.media_type, headers=form.headers(total))
        self.scan = scan
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; back when all is sent or the client is gone."""
        with self.scan:
            try:
                await super().__call__(scope, receive, self._in_time(send))
            except (AppError, ReaderTooSlow) as error:
                if SCOPE_ABORT not in scope:
                    raise
                logger.warning("an export was cut short: %s", error)
                await _cut(scope, receive)

    def _in_time(self, send: Send) -> Send:
        """Bound the whole; how long a client may take nothing at all is the server's matter."""
        ends = time.monotonic() + self.seconds

        async def send_in_time(message: Message) -> None:
            left = ends - time.monotonic()
            try:
                if left <= 0:  # a message that need not wait is not timed out
                    raise TimeoutError
                async with asyncio.timeout(left):
                    await send(message)
            except TimeoutError:
                raise ReaderTooSlow(f"it was not read within {self.seconds:g} s") from None

        return send_in_time


async def _cut(scope: Scope, receive: Receive) -> None:
    """Drop the connection, so that its client sees that something is missing; back when the server knows."""
    scope[SCOPE_ABORT]()
    with suppress(TimeoutError):
        async with asyncio.timeout(GONE_SECONDS):
            while (await receive())["type"] != "http.disconnect":
                pass


async def to_pieces(scan: Scan, body: Body, turns: Turns) -> AsyncIterator[bytes]:
    """Yield an export piece by piece, made in turns with other exports."""
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
