"""``POST /mcp``: what is refused before the protocol sees it, and the protocol's server behind it.

This module imports the protocol's package only when a door is opened: without ``BOUSSOLE_MCP`` no process loads it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search_app.assistants.addresses import Allowed
from search_app.assistants.revision import refusal_of_revision
from search_app.base.deadline import paused
from search_app.base.errors import (
    AppError,
    BadRequest,
    OtherHost,
    OtherOrigin,
    RequestTooLarge,
    TooManyRequests,
    TooSlow,
    UnsupportedForm,
)
from search_app.base.responses import json_error

PATH: Final = "/mcp"
MOST_BYTES: Final = 4 * 1024 * 1024  # of a body: the protocol's library names the same limit
USUAL_BYTES: Final = 65_536  # more than any call of these tools has; larger bodies are read a few at a time
MOST_LARGE: Final = 4  # larger bodies in memory at once
MOST_SECONDS: Final = 10.0
# Values of a body, counted by their marks: the package takes a second for a million, in which nothing else runs.
MOST_VALUES: Final = 10_000
_HEADERS: Final = (b"host", b"origin", b"content-type", b"content-encoding")
Serving = Callable[[], AbstractAsyncContextManager[ASGIApp]]


class Door:
    """The endpoint of the door: opened with the app, closed with it, and opened again if the app starts again."""

    def __init__(self, allowed: Allowed, serving: Serving) -> None:
        self._allowed = allowed
        self._serving = serving
        self._app: ASGIApp | None = None
        self._large = 0

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Serve within this block."""
        async with self._serving() as app:
            self._app = app
            try:
                yield
            finally:
                self._app = None

    def routes(self) -> list[Route]:
        """Return the one route; a stream of the server's own (GET) and sessions (DELETE) do not exist."""
        return [Route(PATH, self, methods=["POST"])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            self._check(request)
            body = await self._read(request)
        except AppError as error:
            await json_error(error)(scope, receive, send)
            return
        refusal = refusal_of_revision(request, body)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        assert self._app is not None, "the app has not started"
        await self._app(scope, _replay(body, receive), send)

    def _check(self, request: Request) -> None:
        given = {name: request.headers.getlist(name.decode()) for name in _HEADERS}
        hosts, origins, kinds, codings = (given[name] for name in _HEADERS)
        if len(hosts) != 1 or not self._allowed.takes_host(hosts[0]):
            raise OtherHost("Ce nom d’hôte n’est pas celui du site (BOUSSOLE_PUBLIC_URL).")
        if len(origins) > 1 or not all(map(self._allowed.takes_origin, origins)):
            raise OtherOrigin("Une page d’un autre site ne peut pas appeler cette adresse.")
        if len(kinds) != 1 or kinds[0].partition(";")[0].strip().lower() != "application/json":
            raise UnsupportedForm("Ce type de contenu n’est pas reçu ici ; possible : application/json.")
        if any(coding.strip().lower() != "identity" for coding in codings):
            raise UnsupportedForm("Un corps compressé n’est pas reçu.")
        length = request.headers.get("content-length", "")
        if length.isdecimal() and (len(length) > 12 or int(length) > MOST_BYTES):
            raise _too_large()

    async def _read(self, request: Request) -> bytes:
        """Return the whole body; raises RequestTooLarge, TooManyRequests, TooSlow, BadRequest."""
        body, is_large = bytearray(), False
        try:
            with paused():
                async with asyncio.timeout(MOST_SECONDS):
                    async for part in request.stream():
                        body += part
                        if len(body) > MOST_BYTES:
                            raise _too_large()
                        if len(body) > USUAL_BYTES and not is_large:
                            self._enter_large()
                            is_large = True
        except TimeoutError:
            raise TooSlow(f"Corps trop lent : {MOST_SECONDS:g} secondes au plus.") from None
        except ClientDisconnect:
            raise BadRequest("Le corps de la requête n’est pas arrivé en entier.") from None
        finally:
            self._large -= is_large
        if sum(body.count(mark) for mark in b"[{,") > MOST_VALUES:
            raise RequestTooLarge(f"Le corps de la requête a trop de valeurs ({MOST_VALUES} au plus).")
        return bytes(body)

    def _enter_large(self) -> None:
        if self._large >= MOST_LARGE:
            raise TooManyRequests("Trop de corps très longs à la fois. Réessayez dans un instant.")
        self._large += 1


def _too_large() -> RequestTooLarge:
    return RequestTooLarge(f"Le corps de la requête est trop long ({MOST_BYTES} octets au plus).")


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a ``receive`` that yields a body that was read, then what the connection says next."""
    told = False

    async def replay() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
