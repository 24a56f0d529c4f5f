"""Asks an app on the same event loop, and tells a whole answer from one that was cut off."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import anyio
from starlette.applications import Starlette


@dataclass(frozen=True)
class Told:
    """An answer, and how long it took; ``whole`` is False if the app raised before its end."""

    status: int
    body: str
    seconds: float
    whole: bool


async def ask(app: Starlette, method: str, address: str, body: bytes = b"", **headers: str) -> Told:
    """Ask; of a stream without end only the head is read."""
    path, _, query = address.partition("?")
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(b"host", b"testserver"), *named],
        "client": ("127.0.0.1", 50000), "server": ("testserver", 80),
    }  # fmt: skip
    status, parts, whole, sent = 0, [], False, False
    gone, began = anyio.Event(), time.monotonic()

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if sent:
            await gone.wait()
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status, whole
        if message["type"] == "http.response.start":
            status = message["status"]
            if (b"content-type", b"text/event-stream; charset=utf-8") in message["headers"]:
                gone.set()
        else:
            parts.append(message.get("body", b""))
            whole = not message.get("more_body", False)

    try:
        await app(scope, receive, send)
    except Exception:
        if not status:
            raise
    return Told(status, b"".join(parts).decode(errors="surrogateescape"), time.monotonic() - began, whole)


@asynccontextmanager
async def running(app: Starlette) -> AsyncIterator[Mapping[str, Any]]:
    """Start the app, and stop it."""
    async with app.router.lifespan_context(app) as state:
        yield state or {}
