"""Lets seat figures that grew too old stop counting, by itself, once an hour; one process of all does it."""

import asyncio
import logging
from typing import Final

from search_app.engine import Engine
from search_app.errors import AppError
from search_app.settings import Settings
from seats.age import age_figures, is_due

logger = logging.getLogger(__name__)
EVERY: Final = 3600.0  # seconds
AFTER_TROUBLE: Final = 60.0


class AgeKeeper:
    """One for each app process; see ``seats.age`` for what is done, and why several may try."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine, self._settings = engine, settings
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin with a first look, for the setting may have changed; needs a running event loop."""
        self._task = asyncio.get_running_loop().create_task(self._keep())

    async def close(self) -> None:
        """Stop; a sweep that is under way is done again by whoever comes next."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> float:
        """Do what is due; returns the seconds until the next look."""
        names, cutoff = self._engine.names, self._settings.seats_cutoff
        try:
            if await self._engine.run(is_due(names, cutoff)):
                aged = await self._engine.run(age_figures(names, cutoff))
                if aged.outcome == "busy":
                    return AFTER_TROUBLE
                logger.info("%d seat figures were looked at again for their age", aged.figures)
        except AppError as error:
            logger.warning("seat figures were not looked at for their age: %s", error)
            return AFTER_TROUBLE
        return EVERY

    async def _keep(self) -> None:
        while True:
            pause = await self.look()
            await asyncio.sleep(pause)
