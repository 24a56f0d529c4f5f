"""The reference data of the engine that BOUSSOLE_OPENSEARCH_URL names, as the app keeps them in memory."""

import asyncio

from search_app.base.settings import Settings
from search_app.search.engine.offers import OffersEngine
from search_app.search.reference_data import ReferenceData, Snapshot


def read_snapshot() -> Snapshot:
    """Return tables, lexicon and rules of the loaded catalogue; raises AppError if the engine does not answer."""
    return asyncio.run(_read())


async def _read() -> Snapshot:
    settings = Settings.from_environment()
    engine = OffersEngine.connect(settings)
    reference = ReferenceData(engine, settings.refresh_seconds, settings.stale_after_days)
    try:
        await reference.refresh()
        return reference.known()
    finally:
        await reference.close()
        await engine.close()
