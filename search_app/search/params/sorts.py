"""The sort orders of results, one row each; ``query.sorts`` has the engine's sort of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class SortRow:
    """One sort order: its French label, and its requirements."""

    name: str
    label: str
    needs_words: bool = False
    needs_point: bool = False

    def is_possible(self, *, words: bool, point: bool) -> bool:
        """Tell whether a search with or without words, with or without a reference point, supports this order."""
        return (words or not self.needs_words) and (point or not self.needs_point)


SORTS: Final[Mapping[str, SortRow]] = {
    row.name: row
    for row in (
        SortRow("relevance", "Pertinence", needs_words=True),
        SortRow("start", "Date de début"),
        SortRow("distance", "Distance", needs_point=True),
        SortRow("seats", "Places restantes"),
    )
}
WITH_WORDS: Final = "relevance"  # the default
WITHOUT_WORDS: Final = "start"
