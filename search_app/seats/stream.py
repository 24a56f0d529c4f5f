"""``GET /api/v1/seats/stream``: each change of the named sessions, as server-sent events.

The middleware answers before the ones behind it: each of those would keep a frame, a buffer and a compressor for as
long as a stream is open. It does their part (deadline, headers) itself, once.
"""

import asyncio
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from sys import intern
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mappings.keys import KEY_LENGTH, LETTERS, key_of
from search_app.base.errors import AppError, BadParameters, EngineError, Fault, NotFound
from search_app.base.rates import client_of
from search_app.base.responses import json_error
from search_app.seats.changes import SeatChanges
from search_app.seats.open_streams import Stream, Streams

PATH: Final = "/api/v1/seats/stream"
MOST_SESSIONS: Final = 1_000
RETRY_MS: Final = 2_000
RETRY_JITTER_MS: Final = 500
HIGHEST_NUMBER: Final = 2**63 - 1  # the engine's sequence numbers are signed 64-bit integers
SHOWN: Final = 100  # characters of a wrong value that are echoed
# key of the scope under which the server finds the function that ends an endless response
SCOPE_END: Final = "boussole.end_stream"
_KEY: Final = re.compile(f"[{LETTERS}]{{{KEY_LENGTH}}}")
_HEADERS: Final = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"access-control-allow-origin", b"*"),
)


@dataclass(frozen=True, slots=True)
class StreamQuery:
    """The request of a client: sessions as the hub knows them, and the number after which it resumes."""

    keys: tuple[str, ...]
    after: int | None


def parse_stream(query_string: bytes, headers: Mapping[str, str]) -> StreamQuery:
    """Parse the request; raises BadParameters with every fault. the header takes precedence over the parameter."""
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(query_string.decode("latin-1"), keep_blank_values=True):
        given.setdefault(name, []).append(value.strip())
    sessions, texts = given.pop("session", []), given.pop("last_event_id", [])
    faults = [_fault(name, values[0], "session, last_event_id", "ce paramètre n’existe pas")
              for name, values in given.items()]  # fmt: skip
    named = [text for text in dict.fromkeys(sessions) if text]
    if not 1 <= len(named) <= MOST_SESSIONS:
        allowed = f"de 1 à {MOST_SESSIONS} sessions, chacune par son numéro ou sa clé"
        faults.append(
            _fault("session", str(len(named)), allowed, "aucune session" if not named else "trop de sessions")
        )
    header = headers.get("last-event-id", "").strip()
    if len(texts) > 1:
        faults.append(_fault("last_event_id", " ; ".join(texts), "une seule valeur", "ce paramètre est répété"))
    after = _number(header or (texts or [""])[0], "Last-Event-ID" if header else "last_event_id", faults)
    if faults:
        raise BadParameters(faults[:MOST_SESSIONS])
    return StreamQuery(tuple(dict.fromkeys(map(_name, named))), after)


def _number(text: str, name: str, faults: list[Fault]) -> int | None:
    if not text:
        return None
    if re.fullmatch(r"-1|[0-9]{1,19}", text) and int(text) <= HIGHEST_NUMBER:
        return int(text)
    faults.append(_fault(name, text, "le numéro d’un événement reçu, -1 pour tous", "ce n’est pas un numéro"))
    return None


def _name(text: str) -> str:
    """Return the name under which the hub knows a session: its key, or the text itself if it may already be a key.

    >>> _name("14_SE_1"), _name("g5nyvnpcmwnq")
    ('nnn5scq4a5w3', 'g5nyvnpcmwnq')
    """
    # one string object for all subscribers of the session
    return intern(text if _KEY.fullmatch(text) else key_of(text))


def _fault(name: str, value: str, allowed: str, why: str) -> Fault:
    name, value = name[:SHOWN], value[:SHOWN]
    return Fault(name, value, allowed, f"{name} : {why} (reçu : « {value} » ; possible : {allowed}).")


def stream_routes() -> list[Route]:
    """Return the route of the stream for methods other than GET and HEAD; the middleware answers those two."""
    return [Route(PATH, _stream)]


async def _stream(_: Request) -> Response:
    raise NotFound("Cette installation n’a pas de suivi des places.")


class SeatsStream:
    """ASGI middleware: answers the stream's address, and passes other requests on."""

    def __init__(self, app: ASGIApp, changes: SeatChanges, streams: Streams) -> None:
        self.app = app
        self.changes = changes
        self.streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        scope["endpoint"] = type(self)  # the metrics use the name of the route's endpoint
        client = client_of(scope["client"][0]) if scope.get("client") else ""
        try:
            query = self._admitted(scope, client)
        except AppError as error:
            await self._refuse(error, scope, receive, send)
            return
        try:
            await self._serve(scope, query, receive, send)
        except EngineError as error:  # raised only before the response starts
            await self._refuse(error, scope, receive, send)
        finally:
            self.streams.leave(client)

    def _admitted(self, scope: Scope, client: str) -> StreamQuery:
        query = parse_stream(scope["query_string"], Headers(scope=scope))
        self.streams.enter(client)
        return query

    async def _refuse(self, error: AppError, scope: Scope, receive: Receive, send: Send) -> None:
        response = json_error(error)
        response.headers["Access-Control-Allow-Origin"] = "*"
        await response(scope, receive, send)

    async def _serve(self, scope: Scope, query: StreamQuery, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        stream = Stream(send, self.streams.new_end())
        scope[SCOPE_END] = stream.end
        subscription = await self.changes.subscribe(query.keys, stream.wake, held=query.after is not None)
        # The server keeps the scope as long as the stream is open; these entries take up to 30 kB of it.
        scope["query_string"] = b""
        scope["headers"].clear()
        missed: asyncio.Task[None] | None = None
        try:
            if query.after is not None:
                missed = asyncio.get_running_loop().create_task(self.changes.catch_up(subscription, query.after))
            await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
            retry = random.randint(RETRY_MS - RETRY_JITTER_MS, RETRY_MS + RETRY_JITTER_MS)
            stream.begin(b"retry: %d\n\n" % retry, subscription.take)
            await self.streams.hold(stream, receive)
        finally:
            self.changes.unsubscribe(subscription)
            if missed is not None:
                missed.cancel()
