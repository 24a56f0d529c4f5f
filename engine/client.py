"""The app's asynchronous client: pooled connections, a time limit on every call, one error tree."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final, Self, TypeVar

import orjson
from opensearchpy import AsyncOpenSearch, AsyncTransport
from opensearchpy.exceptions import OpenSearchException

from engine.again import is_read, may_be_sent_again
from engine.answers import NO_PARAMS, check_answer, read_answer
from engine.byte_connection import ByteConnection, WatchedConnection
from engine.connection import Connection
from engine.errors import EngineError, EngineUnavailable, EngineUnreachable, PartialAnswer
from engine.failures import to_engine_error
from engine.requests import Answer, Request, Steps

ATTEMPTS: Final = 2  # a kept-alive connection may have been closed by the engine meanwhile; more with several addresses
PARTIAL_PAUSES: Final = (0.1, 0.4, 1.0)  # seconds before a read that lacked shards is repeated
LEAST_SECONDS: Final = 0.001  # a call after the deadline must fail at once; the library takes 0 for "no limit"

Read = TypeVar("Read")


class Transport(AsyncTransport):
    """The library's transport, which also closes connections to addresses that do not answer."""

    async def close(self) -> None:
        """Close all connections; the library's own method closes only those not marked as dead."""
        await super().close()
        for connection, _ in self.connection_pool.connection_opts:
            await connection.close()


class AsyncEngine:
    """Sends requests from one event loop; every failure is an EngineError.

    ``transport`` is the client library's, or a replacement in tests. ``bound`` shortens a time limit to the rest of a
    deadline that covers several calls.
    """

    def __init__(
        self,
        transport: Any,
        timeout: float,
        bound: Callable[[float], float] = float,
        address: str = "",
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.transport = transport
        self.timeout = timeout
        self._bound = bound
        self._address = address
        self._sleep = sleep
        self.nodes = 1  # addresses that a request may be sent to

    @classmethod
    def connect(cls, connection: Connection, pool_size: int, bound: Callable[[float], float] = float) -> Self:
        """Make the pooled client; nothing is sent yet."""
        client = AsyncOpenSearch(
            **connection.options(),
            maxsize=pool_size,
            connection_class=ByteConnection if len(connection.addresses) == 1 else WatchedConnection,
            transport_class=Transport,
        )
        made = cls(client.transport, connection.timeout, bound, connection.shown)
        made.nodes = len(connection.addresses)
        return made

    async def close(self) -> None:
        """Close all connections."""
        await self.transport.close()

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        params: Mapping[str, Any] = NO_PARAMS,
        seconds: float | None = None,
    ) -> Any:
        """Send one request and return the decoded answer, if it is complete; a read is repeated until it is whole."""
        ask = partial(self.call_once, method, path, body, params, seconds)
        return await (self.read_whole(ask) if is_read(method, path) else ask())

    async def call_once(
        self,
        method: str,
        path: str,
        body: Any = None,
        params: Mapping[str, Any] = NO_PARAMS,
        seconds: float | None = None,
    ) -> Any:
        """Send one request and return the decoded answer; raises PartialAnswer if shards did not answer."""
        answer = read_answer(orjson.loads, await self.call_bytes(method, path, body, params, seconds))
        check_answer(path, body, answer, params, filtered="filter_path" in path)
        return answer

    async def read_whole(self, read: Callable[[], Awaitable[Read]]) -> Read:
        """Return the result of a read. In a cluster it is repeated if shards did not answer it.

        While a shard moves to another node, or its copy takes over, a search may find it nowhere for a moment.
        """
        for pause in PARTIAL_PAUSES if self.nodes > 1 else ():
            try:
                return await read()
            except (PartialAnswer, EngineUnavailable):
                await self._sleep(pause)
        return await read()

    async def call_bytes(
        self,
        method: str,
        path: str,
        body: Any = None,
        params: Mapping[str, Any] = NO_PARAMS,
        seconds: float | None = None,
    ) -> bytes:
        """Send one request and return the unchecked bytes of its answer.

        A request whose connection was lost is sent again: versions and conditions make all requests safe to repeat.
        If a node cannot serve it (503), another one is asked, unless it changes something.
        """
        limit = time.monotonic() + self._bound(seconds or self.timeout)
        attempts = max(ATTEMPTS, self.nodes)
        for attempt in range(1, attempts + 1):
            left = max(LEAST_SECONDS, limit - time.monotonic())
            try:
                answer: bytes = await self.transport.perform_request(
                    method, path, params=dict(params), body=body, timeout=left
                )
            except OpenSearchException as error:
                failure = to_engine_error(error, f"{method} {path}", self._address)
                is_last = attempt == attempts or time.monotonic() >= limit
                if is_last or not self._may_be_sent_again(failure, error, method, path):
                    raise failure from error
                continue
            return answer
        raise AssertionError  # the last attempt returns or raises

    def _may_be_sent_again(self, failure: EngineError, error: OpenSearchException, method: str, path: str) -> bool:
        if isinstance(failure, EngineUnreachable):
            return True
        return self.nodes > 1 and may_be_sent_again(failure, error, method, path)

    async def _answer(self, request: Request, seconds: float | None) -> Any:
        """Return the answer to a request, or all answers if there are others beside it."""
        calls = [
            self.call(each.method, each.path, each.body, each.client_params, seconds)
            for each in (request, *request.beside)
        ]
        if not request.beside:
            return await calls[0]
        answers = await asyncio.gather(*calls, return_exceptions=True)  # all end before an error is raised
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return answers

    async def run(self, steps: Steps[Answer], seconds: float | None = None) -> Answer:
        """Drive steps to their end, one request after the other; they may catch the EngineError of a request.

        Each request may take that many seconds.
        """
        try:
            request = next(steps)
            while True:
                if request.pause:
                    await self._sleep(request.pause)
                try:
                    answer = await self._answer(request, seconds)
                except EngineError as error:
                    request = steps.throw(error)
                else:
                    request = steps.send(answer)
        except StopIteration as end:
            result: Answer = end.value
            return result
        finally:
            steps.close()
