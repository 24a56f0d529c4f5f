"""The page of results: `/offres`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from search_app.pages.map.pane import (
    MAP,
    MAP_LIBRARIES,
    MAP_SCRIPTS,
    MAP_SHEETS,
    VIEW,
    MapPane,
    ViewLink,
    build_map_pane,
    build_views,
)
from search_app.pages.search.chips import CHOSEN_POINT, Chip, build_chips
from search_app.pages.search.elsewhere import Instead
from search_app.pages.search.export_links import ExportLinks, build_export_links
from search_app.pages.search.facet_lists import build_lists
from search_app.pages.search.form import FIELD_SCRIPTS, SearchForm, build_form
from search_app.pages.search.groups import build_grouping
from search_app.pages.search.paging import Paging, build_paging, page_address
from search_app.pages.search.shown import LIST, Shown
from search_app.pages.search.understood_note import UnderstoodNote, build_note
from search_app.pages.shared.cards import Card, build_card
from search_app.pages.shared.layout import CountedLink, Layout, Link, Page, to_freshness
from search_app.pages.shared.picking import SCRIPT as PICKING_SCRIPT
from search_app.pages.shared.picking import build_bar, build_pick, place_pairs
from search_app.search.links import SEARCH, Pairs, address, extended, replaced, to_pairs, without
from search_app.search.params.search_params import SearchParams
from search_app.search.params.sorts import SORTS, WITH_WORDS, WITHOUT_WORDS
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import PlaceFound, SearchResults
from search_app.text import wording
from search_app.text.wording import curved

LIBRARIES: Final = ("idiomorph.min.js",)
SCRIPTS: Final = (*FIELD_SCRIPTS, "exchange.js")
NOTHING_INSTEAD: Final = Instead()


@dataclass(frozen=True, slots=True)
class SortLink:
    """One sort order."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class PlaceNote:
    """The resolved place if it is ambiguous or spelt otherwise, and its alternatives."""

    text: str
    others: tuple[Link, ...]
    respelt: str = ""


@dataclass(frozen=True, slots=True)
class FaultLink:
    """One wrong parameter, with its field, and the same search with suggested values."""

    text: str
    href: str
    instead: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchPage(Page):
    """The page context; with ``faults`` there are no results, and the form displays the faults."""

    form: SearchForm
    heading: str
    count: str
    chips: tuple[Chip, ...] = ()
    clear: str = SEARCH
    place_note: PlaceNote | None = None
    views: tuple[ViewLink, ...] = ()
    map: MapPane | None = None
    understood: UnderstoodNote | None = None
    sorts: tuple[SortLink, ...] = ()
    grouping: Link | None = None
    cards: tuple[Card, ...] = ()
    paging: Paging | None = None
    loosening: tuple[CountedLink, ...] = ()
    nearby: tuple[CountedLink, ...] = ()
    beyond: Link | None = None
    faults: tuple[FaultLink, ...] = ()
    json_href: str = ""
    exports: ExportLinks | None = None


def build_search_page(
    search: ResolvedSearch, results: SearchResults, instead: Instead = NOTHING_INSTEAD, shown: Shown = LIST
) -> SearchPage:
    """Return the page of an answer; ``instead`` are alternatives to an empty result.

    Form, chips and links show the resolved search: words that are filters are parameters in it.
    """
    params, pairs = search.params, to_pairs(search.params)
    here = (*pairs, *shown.pairs)
    titles = {card.training.key: card.title for card in results.results}
    chips = build_chips(params, here, results.place, results.facets, titles)
    filters = [chip for chip in chips if chip.kind not in ("Mots", "Lieu")]
    return SearchPage(
        layout=_layout(search, results, pairs, shown),
        form=build_form(here, build_lists(results.facets), chosen=len(filters)),
        heading=_heading(search, results),
        count=_count(results),
        chips=chips,
        clear=address(shown.pairs),
        views=build_views(here, results.total),
        map=build_map_pane(shown.tiles, results, pairs, shown.picked) if shown.tiles else None,
        place_note=_place_note(results.place, here),
        understood=_note(search, results, here, shown),
        sorts=_sorts(params, results, here),
        grouping=build_grouping(results, here),
        cards=_cards(params, results, pairs, shown),
        paging=build_paging(results, here),
        loosening=_shown_links(instead.loosening, shown),
        nearby=_shown_links(instead.nearby, shown),
        beyond=_beyond(results, here),
        json_href=address(pairs, "/api/v1/offers"),
        exports=build_export_links(results.total, pairs),
    )


def _note(search: ResolvedSearch, results: SearchResults, here: Pairs, shown: Shown) -> UnderstoodNote | None:
    place = results.place
    asked = (*to_pairs(search.asked), *shown.pairs)
    around = place is not None and place.radius is not None
    return build_note(results.understood, asked, here, found=results.total > 0, around=around)


def _cards(params: SearchParams, results: SearchResults, pairs: Pairs, shown: Shown) -> tuple[Card, ...]:
    """Return the results, each with the link that picks it and returns to it."""
    picked, here = shown.picked, (*pairs, *shown.pairs)
    page = page_address((*pairs, (VIEW, MAP)) if shown.tiles else pairs, results.page)
    return tuple(
        build_card(
            card,
            params,
            results.today,
            here,
            picked=picked,
            pick=build_pick(card, shown.selection, page, f"#offre-{card.key}"),
        )
        for card in results.results
    )


def _shown_links(links: Sequence[CountedLink], shown: Shown) -> tuple[CountedLink, ...]:
    return tuple(CountedLink(link.label, link.count, extended(link.href, shown.pairs)) for link in links)


def _layout(search: ResolvedSearch, results: SearchResults, pairs: Pairs, shown: Shown) -> Layout:
    title = f"{_heading(search, results)} – {_count(results)}"
    if results.page > 1:
        title += f", page {results.page}"
    with_map = shown.tiles is not None
    return Layout(
        title=f"{title}, carte" if with_map else title,
        section="search",
        canonical=page_address(pairs, results.page),
        indexed=not pairs and not shown.pairs,
        freshness=to_freshness(results.sources),
        skip_to_results=True,
        sheets=MAP_SHEETS if with_map else (),
        libraries=(*LIBRARIES, *MAP_LIBRARIES) if with_map else LIBRARIES,
        scripts=(*SCRIPTS, *MAP_SCRIPTS, PICKING_SCRIPT) if with_map else (*SCRIPTS, PICKING_SCRIPT),
        bar=build_bar(shown.selection, place_pairs(search.params)),
    )


def _heading(search: ResolvedSearch, results: SearchResults) -> str:
    params, place, understood = search.params, results.place, results.understood
    searched = understood.words if understood and understood.corrections else params.q
    words = f"Formations «{wording.NBSP}{searched}{wording.NBSP}»" if searched else _certification(search)
    if place is None:
        return words if params.q or params.rncp else "Toutes les formations"
    if place.kind == "point":
        return f"{words} {CHOSEN_POINT}"
    # No table has the articles of départements and regions (dans le Tarn, en Occitanie).
    if place.radius is None:
        return f"{words}{wording.NBSP}: {place.label}"
    return f"{words} autour {wording.of(place.label)}"


def _certification(search: ResolvedSearch) -> str:
    """Return the heading of a search without words: the name of its certification, if there is one."""
    if len(search.params.rncp) != 1:
        return "Formations"
    (code,) = search.params.rncp
    label = search.snapshot.certification(code)
    if label is None:
        return f"Code inconnu{wording.NBSP}: RNCP{code}"
    return f"{curved(label)} (RNCP{code})" if label else f"Certification RNCP{code}"


def _count(results: SearchResults) -> str:
    offers = wording.counted(results.total, "offre", "offres")
    if results.trainings is None or not results.total:
        return offers if results.total else "Aucune offre"
    return f"{wording.counted(results.trainings, 'formation', 'formations')}, {offers}"


def _place_note(place: PlaceFound | None, pairs: Pairs) -> PlaceNote | None:
    if place is None or not (place.others or place.respelt):
        return None
    others = tuple(Link(other.label, address(replaced(pairs, "place", other.code))) for other in place.others)
    return PlaceNote(place.label, others, curved(place.respelt) if place.respelt else "")


def _sorts(params: SearchParams, results: SearchResults, pairs: Pairs) -> tuple[SortLink, ...]:
    measured = results.place is not None and results.place.radius is not None
    default = WITH_WORDS if params.q else WITHOUT_WORDS
    links = []
    for row in SORTS.values():
        if row.is_possible(words=bool(params.q), point=measured):
            target = without(pairs, "sort") if row.name == default else replaced(pairs, "sort", row.name)
            links.append(SortLink(row.label, address(target), row.name == results.sort))
    return tuple(links) if len(links) > 1 and results.total > 1 else ()


def _beyond(results: SearchResults, pairs: Pairs) -> Link | None:
    if not results.total or results.page <= results.pages:
        return None
    return Link(f"Aller à la dernière page, la page {results.pages}", page_address(pairs, results.pages))
