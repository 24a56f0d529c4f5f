"""Picking offers on pages of results and offers: without script and without cookies, in the address alone.

While one is picking, every address of ours on these pages carries the selection, and each offer has a link to the same
page with the offer added or taken off. static/selection.js does the same in place, and keeps the selection in the
browser.
"""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlencode

from search_app.pages.map.pane import address_on_map
from search_app.pages.offer.page import OfferPage
from search_app.pages.search.page import SearchPage
from search_app.pages.selection.shortlist import PICKING, Pick, Selection, read_selection, selection_address
from search_app.pages.shared.layout import Layout, Page, SelectionBar
from search_app.pages.shared.pick_link import PickLink
from search_app.search.links import SEARCH, Pairs, address
from search_app.search.params.search_params import SearchParams
from search_app.search.results import OfferCard
from search_app.text import wording

SCRIPT: Final = "selection.js"
ADDRESSES: Final = frozenset(
    ("href", "clear", "list_href", "previous", "following")
)  # fields of contexts that hold addresses
SEARCH_AGAIN: Final = (("upcoming", "true"),)
AnyPage = TypeVar("AnyPage", bound=Page)


def read_picking(pairs: Sequence[tuple[str, str]]) -> Selection:
    """Return the selection that an address of results or of an offer carries; what cannot be read is nothing."""
    return read_selection([value for name, value in pairs if name == PICKING]).selection


def pairs_of(selection: Selection) -> Pairs:
    """Return the parameter that carries a selection, none if it is empty."""
    return ((PICKING, selection.text),) if selection.picks else ()


def carrying(href: str, selection: Selection) -> str:
    """Return an address of a search or an offer with the selection; any other address as it is.

    >>> carrying("/offres?q=x#a", Selection((Pick("n33nhrxdjcpe"),))), carrying("/sources", Selection((Pick("x"),)))
    ('/offres?q=x&selection=n33nhrxdjcpe#a', '/sources')
    """
    if not selection.picks or not (href == SEARCH or href.startswith((f"{SEARCH}?", f"{SEARCH}/"))):
        return href
    search, mark, place = href.partition("#")
    return f"{search}{'&' if '?' in search else '?'}{urlencode(pairs_of(selection))}{mark}{place}"


def with_picks(page: SearchPage, params: SearchParams, offers: Sequence[OfferCard], selection: Selection) -> SearchPage:
    """Return a page of results on which one can pick; ``offers`` are those of its cards."""
    here = page.layout.canonical or SEARCH
    if page.map:
        here = address_on_map(here)
    page = keeping(page, selection)
    cards = tuple(
        replace(card, pick=_link(offer, selection, here, f"#offre-{offer.key}"))
        for card, offer in zip(page.cards, offers, strict=True)
    )
    return replace(page, layout=_layout(page.layout, selection, _where(params)), cards=cards)


def with_pick(page: OfferPage, offer: OfferCard, selection: Selection) -> OfferPage:
    """Return the page of an offer on which one can pick it."""
    page = carried(page, selection)
    return replace(page, layout=_layout(page.layout, selection), pick=_link(offer, selection, offer.url, ""))


def keeping(page: SearchPage, selection: Selection) -> SearchPage:
    """Return a page without results whose form and links do not lose the selection."""
    page = carried(page, selection)
    return replace(page, form=replace(page.form, hidden=(*page.form.hidden, *pairs_of(selection))))


def build_bar(selection: Selection, where: Pairs = ()) -> SelectionBar:
    """Return what is in the selection, with the ways to it and back to the search."""
    return SelectionBar(
        count=len(selection.picks),
        text=wording.counted(len(selection.picks), "offre", "offres"),
        href=selection_address(selection, where),
        search_href=carrying(address(SEARCH_AGAIN), selection),
        where=urlencode(where),
    )


def _layout(layout: Layout, selection: Selection, where: Pairs = ()) -> Layout:
    return replace(
        layout,
        bar=build_bar(selection, where),
        scripts=(*layout.scripts, SCRIPT),
        indexed=layout.indexed and not selection.picks,
    )


def _where(params: SearchParams) -> Pairs:
    """Return the place of a search, for the distances of the selection."""
    if params.lat is not None and params.lon is not None:
        return (("lat", f"{params.lat:g}"), ("lon", f"{params.lon:g}"))
    return (("place", params.place),) if params.place else ()


def _link(offer: OfferCard, selection: Selection, here: str, fragment: str) -> PickLink:
    picked = offer.key in selection.keys
    changed = selection.without(offer.key) if picked else selection.with_pick(Pick(offer.key))
    about = ", ".join(text for text in (offer.title, offer.provider.name) if text)
    href = carrying(here, changed) + fragment if picked or not selection.full else None
    return PickLink(offer.key, wording.typeset(about), picked, href)


def carried(page: AnyPage, selection: Selection) -> AnyPage:
    """Return a page on which every address of a search or an offer carries the selection."""
    return cast("AnyPage", _carried(page, selection)) if selection.picks else page


def _carried(context: Any, selection: Selection) -> Any:
    if isinstance(context, tuple):
        return tuple(_carried(each, selection) for each in context)
    if not is_dataclass(context) or isinstance(context, type):
        return context
    changes: dict[str, Any] = {}
    for each in fields(context):
        value = getattr(context, each.name)
        if isinstance(value, str):
            if each.name in ADDRESSES:
                changes[each.name] = carrying(value, selection)
        else:
            changes[each.name] = _carried(value, selection)
    return replace(context, **changes)
