"""Display options of a search: list or map, by training or not, the reader's selection and situation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from search_app.pages.funding.asked.posted import NOTHING_ASKED, Asked
from search_app.pages.map.pane import MAP, VIEW, Tiles
from search_app.pages.search.results.trainings import UNGROUPED
from search_app.pages.selection.shortlist import NOTHING_PICKED, Selection
from search_app.pages.shared.picking import pairs_of
from search_app.search.links import Pairs
from search_app.search.results import OfferCard


@dataclass(frozen=True, slots=True)
class Shown:
    """The reader's selection, and with ``tiles`` a map before the list.

    ``ungrouped``: the address excludes that trainings are grouped; ``by_itself``: they are, without a parameter for it.
    ``lines`` are the first offers of a training, by its key. ``asked`` is what was posted of the reader's situation,
    ``funding`` the chosen values of who pays, as parameters of the page. ``alerts``: the site offers alerts by mail.
    """

    selection: Selection = NOTHING_PICKED
    tiles: Tiles | None = None
    ungrouped: bool = False
    by_itself: bool = False
    lines: Mapping[str, Sequence[OfferCard]] = field(default_factory=dict)
    asked: Asked = field(default=NOTHING_ASKED, repr=False)
    funding: Pairs = ()
    alerts: bool = False

    @property
    def picked(self) -> Pairs:
        """Return the parameter with the selection."""
        return pairs_of(self.selection)

    @property
    def form(self) -> Pairs:
        """Return the parameters that say how results are listed."""
        view = ((VIEW, MAP),) if self.tiles else ()
        return (*view, UNGROUPED) if self.ungrouped else view

    @property
    def pairs(self) -> Pairs:
        """Return the parameters of every address of the page beside those of the search."""
        return (*self.form, *self.picked, *self.funding)


LIST: Final = Shown()
