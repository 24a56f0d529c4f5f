"""Requests whose answer is much work: few at once, and none for a client that has left."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive

from search_app.base.errors import EngineOverloaded, TooManyRequests
from search_app.base.rates import client_of, host_of

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]
RETRY_SECONDS: Final = 5
CLIENT_LEFT: Final = 499  # read by metrics alone: the client is gone


class AtOnce:
    """Counts the requests that are being answered, by client; 0 is no limit."""

    def __init__(self, most: int, most_of_client: int) -> None:
        self._most = most
        self._most_of_client = most_of_client
        self._clients: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._clients.total()

    @contextmanager
    def place(self, client: str) -> Iterator[None]:
        """Hold a place meanwhile; raises TooManyRequests for the client's own, EngineOverloaded for those of all."""
        client = client_of(client)
        if self._most_of_client and self._clients[client] >= self._most_of_client:
            refusal = TooManyRequests(
                "Trop de tableaux sont calculés pour cette adresse en même temps. Réessayez dans un instant."
            )
            refusal.retry_after = RETRY_SECONDS
            raise refusal
        if self._most and len(self) >= self._most:
            raise EngineOverloaded("Trop de tableaux sont calculés en même temps. Réessayez dans un instant.")
        self._clients[client] += 1
        try:
            yield
        finally:
            self._clients -= Counter((client,))


def few_at_once(endpoint: Endpoint) -> Endpoint:
    """Return the endpoint within the limit of ``app.state.pivots``; its work ends when the client leaves."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        with request.app.state.pivots.place(host_of(request)):
            return await while_connected(request, endpoint(request))

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
