"""``/api/v1/seats``: takes seat statements and returns their history."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message

from mappings.keys import key_of
from search_app.base.errors import BadForm, TooManyRequests, TooSlow, Unauthorized, UnsupportedForm
from search_app.base.rates import RateLimiter
from search_app.base.responses import REVALIDATE, cacheable, to_bytes
from search_app.search.service import services_of
from search_app.seats.writer import SeatsWriter
from seats.ledger.history import fetch_history
from seats.statements.entries import Entries
from seats.statements.forms import CsvForm, Numbered, Read, UnusableForm, read_ndjson
from seats.statements.lines import LineSplitter
from seats.statements.producers import Producer
from seats.statements.record import STATEMENTS_AT_ONCE
from seats.statements.tally import SeatsAnswer

FORMS: Final[Mapping[str, Callable[[], Read]]] = {
    "": lambda: read_ndjson,
    "application/x-ndjson": lambda: read_ndjson,
    "application/json": lambda: read_ndjson,
    "application/x-www-form-urlencoded": lambda: read_ndjson,  # curl's default content type
    "text/plain": lambda: read_ndjson,
    "text/csv": CsvForm,
}
AHEAD: Final = 3  # batches of one request that may be in writing while the next one is read
FEW: Final = 1_000  # rejected lines up to which the answer is sent in one piece
# seconds without data after which received lines are written, so that a slow sender's statements become visible too
QUIET: Final = 0.25
GRACE: Final = 30.0  # seconds that any body may take
SLOWEST: Final = 1_000.0  # bytes per second that a longer body must reach on average


def seats_routes() -> list[Route]:
    """Return the routes of statements and their history."""
    return [
        Route("/api/v1/seats", post_seats, methods=["POST"]),
        Route("/api/v1/seats/{session:path}/history", history),
    ]


@dataclass(frozen=True, slots=True)
class SeatsIntake:
    """Entry point of statements: the writer of this process, and the rate limit of wrong tokens."""

    writer: SeatsWriter
    wrong_tokens: RateLimiter


def _intake(request: Request) -> SeatsIntake:
    intake: SeatsIntake = request.app.state.seats_intake
    return intake


def _admit(request: Request) -> Producer:
    """Return the producer of a request; raises Unauthorized, or TooManyRequests after many wrong tokens of one client.

    A valid token is always accepted: other clients behind the same address cannot lock its owner out.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    producers = services_of(request).settings.producers
    producer = producers.find(token.strip().encode()) if scheme.lower() == "bearer" else None
    if producer is not None:
        return producer
    wait = _intake(request).wrong_tokens.wait_for(request.client.host if request.client else "", time.monotonic())
    if wait:
        refusal = TooManyRequests("Trop de jetons faux. Réessayez dans un instant.")
        refusal.retry_after = math.ceil(wait)
        raise refusal
    if not producers.tokens:
        raise Unauthorized("Cette installation ne reçoit pas de places : BOUSSOLE_SEATS_TOKENS n’est pas réglé.")
    raise Unauthorized("Un jeton valable est nécessaire : « Authorization: Bearer … ».")


def _form_of(request: Request) -> Read:
    kinds = request.headers.getlist("content-type")
    kind = ", ".join(kinds).partition(";")[0].strip().lower()  # two content types match no known one
    if kind not in FORMS or len(kinds) > 1:
        raise UnsupportedForm(f"Type non reçu : {kind[:100]}. Possibles : application/x-ndjson, text/csv.")
    if any(coding.strip().lower() != "identity" for coding in request.headers.getlist("content-encoding")):
        raise UnsupportedForm("Un corps compressé n’est pas reçu.")
    return FORMS[kind]()


async def post_seats(request: Request) -> Response:
    """Record the statements of the body while it is being received."""
    producer = _admit(request)
    read = _form_of(request)
    answer = SeatsAnswer()
    try:
        await _record(request, read, producer, answer)
    except BaseException as error:
        answer.close()
        if isinstance(error, UnusableForm):
            raise BadForm(f"Tableau illisible : {error}.") from error
        if isinstance(error, ClientDisconnect):
            return Response(status_code=400)  # the client is gone; the complete lines received so far are recorded
        raise
    headers = {"Cache-Control": "no-store"}
    if answer.rejections > FEW:
        return StreamingResponse(answer.parts(), media_type="application/json", headers=headers)
    return Response(b"".join(answer.parts()), media_type="application/json", headers=headers)


async def _record(request: Request, read: Read, producer: Producer, answer: SeatsAnswer) -> None:
    """Record the body's batches, several at a time; on return, also by an exception, none is in progress."""
    writer = _intake(request).writer
    tasks: set[asyncio.Task[None]] = set()
    try:
        async for batch in _batches(request, read):
            if len(tasks) >= AHEAD:
                tasks = await _finish_one(tasks)
            tasks.add(asyncio.create_task(writer.record(batch, producer, answer)))
        while tasks:
            tasks = await _finish_one(tasks)
    finally:
        await asyncio.gather(*tasks, return_exceptions=True)


async def _finish_one(tasks: set[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
    """Wait for at least one of the tasks and return the others; raises its exception."""
    done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
    return others


async def _batches(request: Request, read: Read) -> AsyncIterator[list[Numbered]]:
    """Yield the entries of the body's lines while it is received: full batches, and incomplete ones during a pause.

    Raises TooSlow and ClientDisconnect, both after the entries of complete lines were yielded.
    """
    body = Body(request)
    lines = NumberedLines(read)
    batch: list[Numbered] = []
    try:
        while not body.ended:
            part = await body.part(QUIET if batch else GRACE)
            batch += lines.feed(part)
            while len(batch) >= STATEMENTS_AT_ONCE or (batch and not part):
                yield batch[:STATEMENTS_AT_ONCE]
                batch = batch[STATEMENTS_AT_ONCE:]
            body.check_pace()
        if not body.gone:
            batch += lines.end()
        if batch:
            yield batch
    finally:
        body.close()
    if body.gone:
        raise ClientDisconnect


class NumberedLines:
    """Splits a body into lines, numbers them and reads their entries."""

    def __init__(self, read: Read) -> None:
        self._splitter = LineSplitter()
        self._entries = Entries(read)

    def feed(self, part: bytes) -> list[Numbered]:
        """Return the entries of the lines that this part completes."""
        return self._numbered(self._splitter.feed(part))

    def end(self) -> list[Numbered]:
        """Return the entries of an unterminated last line and of lines held for a multi-line record."""
        return self._numbered(self._splitter.end()) + list(self._entries.end(datetime.now(UTC)))

    def _numbered(self, lines: Iterable[bytes]) -> list[Numbered]:
        now = datetime.now(UTC)
        return [numbered for line in lines for numbered in self._entries.take(line, now)]


class Body:
    """The body of a request while it is received, with a minimum speed."""

    def __init__(self, request: Request) -> None:
        self._receive = request.receive
        self._receiving: asyncio.Future[Message] | None = None
        self._began = time.monotonic()
        self._bytes = 0
        self.ended = False
        self.gone = False

    async def part(self, seconds: float) -> bytes:
        """Return the next part, empty if none arrived in time."""
        if self._receiving is None:
            self._receiving = asyncio.ensure_future(self._receive())
        done, _ = await asyncio.wait({self._receiving}, timeout=seconds)
        if not done:
            return b""
        message, self._receiving = self._receiving.result(), None
        self.gone = message["type"] == "http.disconnect"
        self.ended = self.gone or not message.get("more_body", False)
        part: bytes = message.get("body", b"")
        self._bytes += len(part)
        return part

    def check_pace(self) -> None:
        """Raise TooSlow if the body has taken longer than its length allows."""
        if not self.ended and time.monotonic() - self._began > GRACE + self._bytes / SLOWEST:
            raise TooSlow(
                f"Corps trop lent : moins de {SLOWEST:.0f} octets par seconde. Les lignes reçues sont prises."
            )

    def close(self) -> None:
        """Stop waiting for further parts."""
        if self._receiving is not None:
            self._receiving.cancel()


async def history(request: Request) -> Response:
    """Return the statements of a session in the last thirty days, newest first; only producers see who made them."""
    session = request.path_params["session"]
    services = services_of(request)
    has_token = (
        request.headers.get("authorization", "").lower().startswith("bearer")
    )  # another Authorization scheme, as a proxy may add, is no token
    viewer = _admit(request) if has_token else None
    rows = await services.engine.run(fetch_history(services.engine.names, session, datetime.now(UTC), viewer))
    key = rows[0]["session_key"] if rows else key_of(session)
    told = {"session": rows[0]["session"] if rows else session, "key": key, "statements": rows}
    kept = REVALIDATE if viewer is None else "private, no-store"
    response = cacheable(request, to_bytes(told), "application/json", kept)
    response.headers.add_vary_header("Authorization")
    return response
