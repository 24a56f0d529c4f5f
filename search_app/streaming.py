"""What an export sends: headers that say how much will come, then its parts in pieces of a good size."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from search_app.responses import REVALIDATE

TOTAL: Final = "X-Total-Count"  # offers; exposed to scripts of other sites
FIRST_PIECE: Final = 4_000  # bytes: sent soon, so that whoever waits sees that something comes
PIECE: Final = 65_536  # bytes: few enough that a slow reader holds no memory, many enough to be worth a write


def stream(
    request: Request,
    total: int,
    parts: AsyncIterator[bytes],
    media_type: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return an answer of parts that are made while they are read; a HEAD tells the number and makes none."""
    told = {TOTAL: str(total), "Cache-Control": REVALIDATE, **(headers or {})}
    if request.method == "HEAD":
        answer = Response(media_type=media_type, headers=told)
        del answer.headers["Content-Length"]  # of the export, which nobody knows, not of this answer
        return answer
    return StreamingResponse(_pieces(parts), media_type=media_type, headers=told)


async def _pieces(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    waiting: list[bytes] = []
    size, enough = 0, FIRST_PIECE
    async for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= enough:
            yield b"".join(waiting)
            waiting, size, enough = [], 0, PIECE
            await asyncio.sleep(0)  # the offers of a step are in memory: without this, other requests would wait
    yield b"".join(waiting)
