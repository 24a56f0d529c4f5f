"""Picking offers on pages of results and offers, without script and cookies, by means of the address.

During picking every address of these pages carries the selection, and each offer has a link to the same page with the
offer added or removed. static/selection.js does the same in place, and keeps the selection in the browser.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from search_app.pages.selection.shortlist import (
    NOTHING_PICKED,
    PICKING,
    Pick,
    Selection,
    read_selection,
    selection_address,
)
from search_app.pages.shared.layout import SelectionBar
from search_app.pages.shared.pick_link import PickLink
from search_app.search.links import Pairs, address, extended
from search_app.search.params.search_params import SearchParams
from search_app.search.results import OfferCard
from search_app.text import casing, wording

SCRIPT: Final = "selection.js"
SEARCH_AGAIN: Final = (("upcoming", "true"),)


def read_picking(pairs: Sequence[tuple[str, str]]) -> Selection:
    """Return the selection in an address of results or of an offer; unreadable parts are dropped."""
    texts = [value for name, value in pairs if name == PICKING]
    return read_selection(texts).selection if texts else NOTHING_PICKED


def pairs_of(selection: Selection) -> Pairs:
    """Return the parameter with a selection, none if it is empty."""
    return ((PICKING, selection.text),) if selection.picks else ()


def build_bar(selection: Selection, where: Pairs = ()) -> SelectionBar:
    """Return the content of the selection, with links to it and back to the search."""
    return SelectionBar(
        count=len(selection.picks),
        text=wording.counted(len(selection.picks), "offre", "offres"),
        href=selection_address(selection, where),
        search_href=address((*SEARCH_AGAIN, *pairs_of(selection))),
        where=urlencode(where),
    )


def place_pairs(params: SearchParams) -> Pairs:
    """Return the place of a search, for the distances of the selection."""
    if params.lat is not None and params.lon is not None:
        return (("lat", f"{params.lat:g}"), ("lon", f"{params.lon:g}"))
    return (("place", params.place),) if params.place else ()


def build_pick(offer: OfferCard, selection: Selection, here: str, fragment: str = "") -> PickLink:
    """Return the link that adds an offer to the selection or removes it, and returns to the page.

    ``here`` is the address of the page without any selection, ``fragment`` the position of the offer on it.
    """
    where = casing.town(offer.place.town) if offer.place and offer.place.town else None
    about = wording.typeset(
        ", ".join(text for text in (offer.title, wording.provider(offer.provider.name, offer.trainer), where) if text)
    )
    picked = offer.key in selection.keys
    if selection.full and not picked:
        return PickLink(offer.key, about, picked, None, "Sélection pleine")
    changed = selection.without(offer.key) if picked else selection.with_pick(Pick(offer.key))
    href = extended(here, pairs_of(changed)) + fragment
    return PickLink(offer.key, about, picked, href, "Retirer" if picked else "Garder")
