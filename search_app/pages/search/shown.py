"""Display options of a search: list or map, and the reader's selection."""

from dataclasses import dataclass
from typing import Final

from search_app.pages.map.pane import MAP, VIEW, Tiles
from search_app.pages.selection.shortlist import NOTHING_PICKED, Selection
from search_app.pages.shared.picking import pairs_of
from search_app.search.links import Pairs


@dataclass(frozen=True, slots=True)
class Shown:
    """The reader's selection, and with ``tiles`` a map before the list."""

    selection: Selection = NOTHING_PICKED
    tiles: Tiles | None = None

    @property
    def picked(self) -> Pairs:
        """Return the parameter with the selection."""
        return pairs_of(self.selection)

    @property
    def pairs(self) -> Pairs:
        """Return the parameters of every address of the page beside those of the search."""
        return ((VIEW, MAP), *self.picked) if self.tiles else self.picked


LIST: Final = Shown()
