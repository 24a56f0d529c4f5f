"""The client library's connection, with responses as bytes.

The library decodes them to text first: twice the memory of 100 kB for each response, and a quarter of the CPU time that
the app spends on a search. Pooling, keep-alive and exceptions are the library's.
"""

import asyncio
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp
from opensearchpy import AIOHttpConnection
from opensearchpy.exceptions import ConnectionError as EngineConnectionError
from opensearchpy.exceptions import ConnectionTimeout, TransportError

SILENT_SECONDS: Final = 2.0  # after which a node that has not answered is asked whether it is there at all
PING_SECONDS: Final = 1.0  # for its answer, which costs it next to nothing


class ByteConnection(AIOHttpConnection):
    """Sends one request; the third part of the result is bytes."""

    async def perform_request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        body: bytes | None = None,
        timeout: int | float | None = None,  # noqa: ASYNC109 (the signature is the library's)
        ignore: Collection[int] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Return (status, headers, bytes); raises ConnectionError, ConnectionTimeout or the error of the status."""
        if self.session is None:
            await self._create_aiohttp_session()
        assert self.session is not None
        address = f"{self.host}{self.url_prefix}{url}" + (f"?{urlencode(params)}" if params else "")
        limit = aiohttp.ClientTimeout(total=timeout if timeout is not None else self.timeout)
        try:
            # A redirect is an error: followed, a search would be sent on without its body, or to an unnamed host.
            async with self.session.request(
                method,
                address,
                data=body,
                headers={**self.headers, **(headers or {})},
                timeout=limit,
                allow_redirects=False,
            ) as response:
                data = await response.read()
        except (TimeoutError, aiohttp.ServerTimeoutError) as error:
            raise ConnectionTimeout("TIMEOUT", str(error), error) from error
        except (aiohttp.ClientError, OSError) as error:
            raise EngineConnectionError("N/A", str(error), error) from error
        if not 200 <= response.status < 300 and response.status not in ignore:
            self._raise_error(response.status, data, response.headers.get("content-type"))
        return response.status, response.headers, data


class WatchedConnection(ByteConnection):
    """One of several nodes: a request to a node that stands still ends early, so that another one can be asked.

    A machine that lost its power or its network breaks no connection: without this, each request to it would last
    until its time limit, again and again. A node that only takes long answers the ping, and keeps its time.
    """

    answered_at = float("-inf")  # the moment of the last answer of this node, by time.monotonic

    async def perform_request(self, *arguments: Any, **named: Any) -> Any:
        """Return (status, headers, bytes); raises as ByteConnection, ConnectionError also if the node is silent."""
        began = time.monotonic()
        asked = asyncio.create_task(self._ask(*arguments, **named))
        try:
            done, _ = await asyncio.wait({asked}, timeout=SILENT_SECONDS)
            if not done and not await self._has_answered_since(began):
                raise EngineConnectionError("N/A", "the node is silent", TimeoutError())
            return await asked
        finally:
            if not asked.done():
                asked.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await asked

    async def _ask(self, *arguments: Any, **named: Any) -> Any:
        try:
            answer = await super().perform_request(*arguments, **named)
        except (EngineConnectionError, ConnectionTimeout):
            raise
        except TransportError:
            self.answered_at = time.monotonic()
            raise
        self.answered_at = time.monotonic()
        return answer

    async def _has_answered_since(self, moment: float) -> bool:
        """Tell whether the node has answered anything since then; if not, whether it answers a ping in time.

        A busy node may have all connections in use, so that the ping gets none: then it answers others meanwhile.
        """
        if self.answered_at < moment:
            with suppress(TransportError):
                await self._ask("GET", "/", timeout=PING_SECONDS)
        return self.answered_at >= moment
