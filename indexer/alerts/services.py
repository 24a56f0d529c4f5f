"""The app's own search, for a command: the same code understands a stored search and finds its offers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from engine.errors import EngineError
from search_app.base.errors import AppError
from search_app.base.settings import Settings
from search_app.base.turns import Turns
from search_app.search.engine.offers import OffersEngine
from search_app.search.engine.scans import Scans
from search_app.search.reference_data import ReferenceData
from search_app.search.service import Services


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Yield the services of a search, with labels, places and words read; raises EngineError."""
    engine = OffersEngine.connect(settings)
    reference = ReferenceData(engine, settings.refresh_seconds, settings.stale_after_days)
    try:
        await reference.refresh()
        yield Services(settings, engine, reference, Scans(engine, 1, 1), Turns(), lambda: -1)
    except AppError as error:
        if isinstance(error.__cause__, EngineError):
            raise error.__cause__ from None
        raise EngineError(error.message) from error
    finally:
        await reference.close()
        await engine.close()
