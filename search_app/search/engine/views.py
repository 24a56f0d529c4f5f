"""Points in time of the engine: opened, and closed in the background."""

import asyncio
from contextlib import suppress
from typing import Final

from search_app.base.background import OnDemandTask, TaskHealth
from search_app.base.errors import AppError
from search_app.search.engine.offers import OffersEngine

KEPT: Final = "60s"  # keep-alive of a point in time
TRIES: Final = 3
PAUSE: Final = 0.5  # seconds before the next attempt
DRAIN_SECONDS: Final = 1.5  # time for closing at the end of the process


class Views:
    """Opens points in time, and closes them in the background: releasing one neither waits nor fails."""

    def __init__(self, engine: OffersEngine) -> None:
        self._engine = engine
        self._waiting: set[str] = set()
        self._opening: set[asyncio.Task[str]] = set()
        self.closing = OnDemandTask(
            TaskHealth("exports_views", "views of exports stay open until they expire"), self._close_all
        )

    async def open(self, index: str = "") -> str:
        """Open a point in time of the offers or of another index; if the caller is cancelled meanwhile, it is closed as
        soon as it is known.
        """
        opening = asyncio.get_running_loop().create_task(self._engine.open_view(KEPT, index))
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(self._close_opened)
            raise

    def close_soon(self, view: str) -> None:
        """Close one in the background."""
        self._waiting.add(view)
        self.closing.start()

    async def drain(self) -> None:
        """Wait until all released ones are closed, for a limited time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while self._opening or self.closing.is_under_way:
                    task = self.closing.task
                    await asyncio.wait([*self._opening, *([task] if task is not None else [])])
                    await asyncio.sleep(0)  # let callbacks of finished ones run

    def _close_opened(self, opened: asyncio.Task[str]) -> None:
        if not opened.cancelled() and opened.exception() is None:
            self.close_soon(opened.result())

    async def _close_all(self) -> None:
        """Close released points in time, many in one request; raises AppError if some had to be given up."""
        failed, given_up = 0, None
        while self._waiting:
            views = sorted(self._waiting)
            try:
                await self._engine.close_views(views)
            except AppError as error:
                failed += 1
                if failed < TRIES:
                    await asyncio.sleep(PAUSE)
                    continue
                given_up = error
            failed = 0
            self._waiting.difference_update(views)
        if given_up is not None:
            raise given_up
