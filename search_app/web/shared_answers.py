"""Answers that may be a second old: requests for the same address at once are one request to the engine.

With BOUSSOLE_ANSWER_SECONDS an answer is kept that long from the moment when it was begun, and says its age (``Age``,
RFC 9111). Only pages and answers about the catalogue are shared, whose content nothing but seats can change between two
loads; never an answer to a search for seats or a person. A statement of seats is searchable within a second, so that it
shows within two. What the stream of seats sends goes on from the number that the shared page carries: nothing that it
shows is older than the page.
"""

import asyncio
import logging
import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextvars import Context
from dataclasses import dataclass
from time import monotonic
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search_app.base.metrics import answers_shared
from search_app.base.responses import is_known
from search_app.base.sharing import sharing
from search_app.pages.subjects.subjects import DOMAINS, JOBS, TERRITORIES, TRAININGS
from search_app.pages.widgets.theme import PREFIX as WIDGETS
from search_app.search.map.frame import PATH as MAP

logger = logging.getLogger(__name__)
PATHS: Final = frozenset({"/", "/offres", "/api/v1/offers", MAP, f"{WIDGETS}/liste", f"{WIDGETS}/recherche"})
SUBJECTS: Final = (JOBS, DOMAINS, TERRITORIES, TRAININGS)
MOST_BYTES: Final = 32 * 1024 * 1024  # of kept answers in one process
LARGEST: Final = 1024 * 1024  # a larger one is for those who wait for it
# Towards the end of an answer's time the first request for its address starts a new one in the background, so that
# readers of a busy page do not wait for the engine: when so many times as long as it took to make are left. Each time
# costs a busy machine some slow answers, so that it is not done sooner than needed.
MARGIN: Final = 3.0
RENEWED_FROM, RENEWED_BY = 0.5, 0.8  # the first and the last part of its time at which that is
OF_UNCHANGED: Final = frozenset({b"etag", b"cache-control", b"vary"})


@dataclass(slots=True)
class Answer:
    """One whole answer, when it was begun and how many seconds it took; ``endpoint`` is the route that made it."""

    began: float
    took: float
    start: Message
    body: bytes
    endpoint: object

    def is_to_renew(self, seconds: float, now: float) -> bool:
        """Tell whether so little is left of its time that a new answer should be begun."""
        renewed = seconds - MARGIN * self.took
        return now - self.began >= max(seconds * RENEWED_FROM, min(seconds * RENEWED_BY, renewed))

    @property
    def etag(self) -> str | None:
        """Return its tag, None without one."""
        return Headers(raw=self.start["headers"]).get("etag")


@dataclass(slots=True)
class Flight:
    """An answer that is being made. ``only_one`` is set once it is known to be for one request only."""

    began: float
    only_one: asyncio.Event
    scope: Scope
    task: asyncio.Task[Answer]


class SharedAnswers:
    """ASGI middleware: gives one answer to all requests for an address that come while it is made, and for ``seconds``
    from its beginning. ``version`` tells what answers depend on beside seats.
    """

    def __init__(self, app: ASGIApp, seconds: float, version: Callable[[], Hashable]) -> None:
        self.app = app
        self.seconds = seconds
        self.version = version
        self._flights: dict[Hashable, Flight] = {}
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if not self.seconds or not is_shared(scope):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        name = (scope["path"], scope["query_string"], "gzip" in headers.get("accept-encoding", ""))
        key = (*name, scope["scheme"], headers.get("host"), self.version())
        answer, how = await self._answer(key, scope)
        if answer is None:
            await self.app(scope, receive, send)
            return
        answers_shared.labels(how).inc()
        scope["endpoint"] = answer.endpoint
        await _give(answer, headers.get("if-none-match", ""), send, told=how != "made")

    async def _answer(self, key: Hashable, scope: Scope) -> tuple[Answer | None, str]:
        """Return the answer and how it came about, None if this request needs one of its own."""
        now = monotonic()
        kept, flight = self._kept.get(key), self._flights.get(key)
        if kept is not None and now - kept.began < self.seconds:
            if flight is None and kept.is_to_renew(self.seconds, now):
                self._begin(key, scope, now).task.add_done_callback(_told)
            return kept, "kept"
        if flight is None or now - flight.began >= self.seconds:  # one that takes longer must not be joined for ever
            flight = self._begin(key, scope, now)
            try:
                return await asyncio.shield(flight.task), "made"
            finally:
                scope["endpoint"] = flight.scope.get("endpoint")  # under which a failure is counted, too
        return await _joined(flight), "joined"

    def _begin(self, key: Hashable, scope: Scope, now: float) -> Flight:
        only_one, own = asyncio.Event(), _own(scope)
        made = self._make(key, now, only_one, own)
        # In a context of its own: who asked first may leave, others wait for it.
        flight = Flight(now, only_one, own, asyncio.get_running_loop().create_task(made, context=Context()))
        flight.task.add_done_callback(_looked_at)
        self._flights[key] = flight
        return flight

    async def _make(self, key: Hashable, began: float, only_one: asyncio.Event, scope: Scope) -> Answer:
        sharing(only_one)
        started: list[Message] = []
        parts: list[bytes] = []

        async def take(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
            else:
                parts.append(message.get("body", b""))

        try:
            await self.app(scope, _Bodiless(), take)
            answer = Answer(began, monotonic() - began, started[0], b"".join(parts), scope.get("endpoint"))
            if started[0]["status"] == 200 and not only_one.is_set():
                self._keep(key, answer)
            return answer
        finally:
            flight = self._flights.get(key)
            if flight is not None and flight.only_one is only_one:  # else another one has taken its place
                del self._flights[key]

    def _keep(self, key: Hashable, answer: Answer) -> None:
        self._drop(key)
        if len(answer.body) <= LARGEST:
            self._kept[key] = answer
            self._bytes += len(answer.body)
        oldest = monotonic() - self.seconds
        while self._kept and (self._bytes > MOST_BYTES or next(iter(self._kept.values())).began < oldest):
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        gone = self._kept.pop(key, None)
        self._bytes -= len(gone.body) if gone else 0


def is_shared(scope: Scope) -> bool:
    """Tell whether answers to such requests may be shared, unless one of them turns out to be for one request only."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    path: str = scope["path"]
    if path not in PATHS and not path.startswith(SUBJECTS):
        return False
    given = {name for name, _ in scope["headers"]}
    return not given & {b"content-length", b"transfer-encoding", b"authorization", b"range"}


class _Bodiless:
    """What an app receives of a request without a body, whose client never leaves."""

    def __init__(self) -> None:
        self._told = False

    async def __call__(self) -> Message:
        if self._told:
            await asyncio.Event().wait()
        self._told = True
        return {"type": "http.request", "body": b"", "more_body": False}


def _own(scope: Scope) -> Scope:
    """Return the scope of an answer for all: whole, whatever the first client has of it already."""
    return {**scope, "headers": [row for row in scope["headers"] if row[0] != b"if-none-match"]}


def _looked_at(task: asyncio.Task[Answer]) -> None:
    """Take the exception of an answer whose client may have left; who waits for it gets it as well."""
    if not task.cancelled():
        task.exception()


def _told(task: asyncio.Task[Answer]) -> None:
    """Log the exception of an answer that no request waits for."""
    if not task.cancelled() and task.exception() is not None:
        logger.error("an answer could not be made anew", exc_info=task.exception())


async def _joined(flight: Flight) -> Answer | None:
    """Return the answer that others wait for, None if it fails or turns out to be for one request only."""
    alone = asyncio.ensure_future(flight.only_one.wait())
    try:
        await asyncio.wait({flight.task, alone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        alone.cancel()
    if flight.only_one.is_set() or flight.task.cancelled() or flight.task.exception():
        return None
    return flight.task.result()


async def _give(answer: Answer, known: str, send: Send, *, told: bool) -> None:
    """Send an answer, or 304 to a client that has it; ``told`` ones say how old they are, in seconds begun."""
    start, body = answer.start, answer.body
    headers: list[tuple[bytes, bytes]] = list(start["headers"])
    if start["status"] == 200 and answer.etag and is_known(answer.etag, known):
        start, body = {**start, "status": 304}, b""
        headers = [row for row in headers if row[0].lower() in OF_UNCHANGED]
    if told:
        headers.append((b"age", str(math.ceil(monotonic() - answer.began)).encode()))
    await send({**start, "headers": headers})
    await send({"type": "http.response.body", "body": body})
