"""Lets seat figures that grew too old stop counting, by itself, once an hour; one process of all does it."""

import logging
from typing import Final

from search_app.base.background import PeriodicTask, TaskHealth
from search_app.base.settings import Settings
from search_app.search.engine.client import Engine
from seats.projection.age import age_figures, is_due

logger = logging.getLogger(__name__)
EVERY: Final = 3600.0  # seconds
WHEN_BUSY: Final = 60.0


class AgeKeeper:
    """One for each app process; see ``seats.projection.age`` for what is done, and why several may try."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine, self._settings = engine, settings
        self.periodic = PeriodicTask(TaskHealth("seats_age", "seat figures are not looked at for their age"), self.look)

    def start(self) -> None:
        """Begin with a first look, for the setting may have changed; needs a running event loop."""
        self.periodic.start()

    async def close(self) -> None:
        """Stop; a sweep that is under way is done again by whoever comes next."""
        await self.periodic.close()

    async def look(self) -> float:
        """Do what is due; returns the seconds until the next look. Raises AppError."""
        names, cutoff = self._engine.names, self._settings.seats_cutoff
        if await self._engine.run(is_due(names, cutoff)):
            aged = await self._engine.run(age_figures(names, cutoff))
            if aged.outcome == "busy":
                return WHEN_BUSY
            logger.info("%d seat figures were looked at again for their age", aged.figures)
        return EVERY
