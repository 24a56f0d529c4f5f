"""Requests whose answer is much work: few at once, and none for a client that has left."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from functools import wraps
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive

from search_app.base.deadline import paused
from search_app.base.errors import AppError, EngineOverloaded, TooManyRequests
from search_app.base.rates import client_of, host_of

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]
RETRY_SECONDS: Final = 5
PATIENCE: Final = 3.0  # seconds that a request waits for a place
MOST_WAITING: Final = 64
CLIENT_LEFT: Final = 499  # read by metrics alone: the client is gone


class AtOnce:
    """Counts the requests that are being answered, by client; 0 is no limit. Others wait for a place, but not long."""

    def __init__(self, most: int, most_of_client: int, patience: float = PATIENCE) -> None:
        self._most = most
        self._most_of_client = most_of_client
        self._patience = patience
        self._clients: Counter[str] = Counter()
        self._waiting = 0
        self._freed = asyncio.Event()

    def __len__(self) -> int:
        return self._clients.total()

    @asynccontextmanager
    async def place(self, client: str) -> AsyncIterator[None]:
        """Hold a place meanwhile; raises TooManyRequests for the client's own, EngineOverloaded for all, if none
        becomes free in time.
        """
        client = client_of(client)
        if self._refusal(client):
            await self._wait(client)
        self._clients[client] += 1
        try:
            yield
        finally:
            self._clients -= Counter((client,))
            self._freed.set()
            self._freed = asyncio.Event()

    async def _wait(self, client: str) -> None:
        """Return when the client may have a place; the time is not taken from that of the answer."""
        ends = time.monotonic() + (self._patience if self._waiting < MOST_WAITING else 0)
        self._waiting += 1
        try:
            with paused():
                while refusal := self._refusal(client):
                    try:
                        await asyncio.wait_for(self._freed.wait(), max(0, ends - time.monotonic()))
                    except TimeoutError:
                        raise refusal from None
        finally:
            self._waiting -= 1

    def _refusal(self, client: str) -> AppError | None:
        if self._most_of_client and self._clients[client] >= self._most_of_client:
            refusal = TooManyRequests(
                "Trop de tableaux sont calculés pour cette adresse en même temps. Réessayez dans un instant."
            )
            refusal.retry_after = RETRY_SECONDS
            return refusal
        if self._most and len(self) >= self._most:
            return EngineOverloaded("Trop de tableaux sont calculés en même temps. Réessayez dans un instant.")
        return None


def few_at_once(endpoint: Endpoint) -> Endpoint:
    """Return the endpoint within the limit of ``app.state.pivots``; its work ends when the client leaves."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        async def in_place() -> Response:
            async with request.app.state.pivots.place(host_of(request)):
                return await endpoint(request)

        return await while_connected(request, in_place())

    return answer


async def while_connected(request: Request, work: Awaitable[Response]) -> Response:
    """Return what the work returns; it is cancelled when the client leaves, and with it its request to the engine."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_left(request.receive))
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
        if not task.done():
            task.cancel()
    with suppress(asyncio.CancelledError):
        return await task
    return Response(status_code=CLIENT_LEFT)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
