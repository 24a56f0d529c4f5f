"""Hourly sweep that stops counting seat figures older than the limit; one process runs it at a time."""

import logging
from typing import Final

from search_app.base.background import PeriodicTask, TaskHealth
from search_app.base.settings import Settings
from search_app.search.engine.offers import OffersEngine
from seats.projection.age import age_figures, is_due

logger = logging.getLogger(__name__)
EVERY: Final = 3600.0  # seconds between looks
WHEN_BUSY: Final = 60.0


class AgeSweep:
    """The sweep of one app process; ``seats.projection.age`` describes it and why several processes may try."""

    def __init__(self, engine: OffersEngine, settings: Settings) -> None:
        self._engine, self._settings = engine, settings
        self.periodic = PeriodicTask(TaskHealth("seats_age", "seat figures are not looked at for their age"), self.look)

    def start(self) -> None:
        """Start with an immediate look, because the limit may have changed; needs a running event loop."""
        self.periodic.start()

    async def close(self) -> None:
        """Stop; an interrupted sweep is repeated by the next process."""
        await self.periodic.close()

    async def look(self) -> float:
        """Sweep if it is due; return the seconds until the next look. Raises AppError."""
        names, cutoff = self._engine.names, self._settings.seats_cutoff
        if await self._engine.run(is_due(names, cutoff)):
            aged = await self._engine.run(age_figures(names, cutoff))
            if aged.outcome == "busy":
                return WHEN_BUSY
            logger.info("%d seat figures were looked at again for their age", aged.figures)
        return EVERY
