"""Whether the live index has the shape that this version searches: a rebuild or a rollback may change it."""

import logging
import time
from dataclasses import dataclass, field
from typing import Final

from engine.client import AsyncEngine
from engine.errors import BadAnswer
from mappings.index_fields import META_SHAPE, SHAPE
from search_app.base.errors import OtherShape
from search_app.search.engine.faults import as_app_errors
from search_app.search.engine.options import SHAPE_OPTIONS

logger = logging.getLogger(__name__)
LOOK_SECONDS = 1.0  # between looks: a rollback of another version may change the shape
OTHER_SHAPE: Final = "Le moteur de recherche attend la conversion du catalogue. Réessayez plus tard."


@dataclass(slots=True)
class LiveShape:
    """What was seen last of the shape of the index behind an alias."""

    client: AsyncEngine
    alias: str
    _is_searchable: bool = field(default=False, init=False)
    _looked_at: float = field(default=float("-inf"), init=False)

    async def check(self) -> None:
        """Raise OtherShape if the live index is of another version, EngineError if that cannot be told."""
        if time.monotonic() - self._looked_at > LOOK_SECONDS:
            with as_app_errors():
                await self.live_indices()
        if not self._is_searchable:
            raise OtherShape(OTHER_SHAPE)

    async def live_indices(self) -> list[str]:
        """Return the names behind the alias, and note whether they have the shape that is searched.

        Raises the errors of ``engine.errors``.
        """
        found = await self.client.call("GET", f"/{self.alias}/_mapping?{SHAPE_OPTIONS}")
        try:
            shapes = [each["mappings"].get("_meta", {}).get(META_SHAPE) for each in found.values()]
        except (AttributeError, KeyError, TypeError) as error:
            raise BadAnswer(f"a mapping without mappings: {str(found)[:100]}") from error
        was_searchable = self._is_searchable or self._looked_at < 0
        self._is_searchable, self._looked_at = shapes == [SHAPE], time.monotonic()
        if was_searchable and not self._is_searchable:
            logger.error("%s was made by another version: run python -m indexer rebuild", self.alias)
        return list(found)
