"""HTTP/1.0 responses without chunks: one of unknown length ends with its connection."""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Any, Final

from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

LENGTH: Final = b"content-length"
AT_ONCE: Final = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets the connection


def without_chunks(cycle: RequestResponseCycle, app: Any, cut: Callable[[], None]) -> Any:
    """Return the app for one HTTP/1.0 request; ``cut`` drops the connection if the response is not complete.

    uvicorn frames by length or chunks only: each piece is declared to it as all that it has to expect.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        unframed = False

        async def send_unframed(message: Message) -> None:
            nonlocal unframed
            if message["type"] == "http.response.start":
                unframed = all(name.lower() != LENGTH for name, _ in message.get("headers", []))
                if unframed:
                    cycle.chunked_encoding = False
            elif unframed:
                cycle.expected_content_length = len(message.get("body", b""))
            await send(message)

        try:
            await app(scope, receive, send_unframed)
        finally:
            if unframed and not cycle.response_complete:
                cut()  # an orderly close would make the truncated response look complete

    return answer


def reset_at_close(transport: asyncio.Transport) -> None:
    """Make closing the connection reset it, so that the client sees that the response is incomplete."""
    end = transport.get_extra_info("socket")
    if end is not None:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
