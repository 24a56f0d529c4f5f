"""The page of results: `/offres`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from search_app.base.errors import Fault
from search_app.pages.map.pane import (
    MAP_LIBRARIES,
    MAP_SCRIPTS,
    MAP_SHEETS,
    MapPane,
    Tiles,
    ViewLink,
    build_map_pane,
    build_views,
    on_map,
    with_map,
    without_view,
)
from search_app.pages.search.chips import CHOSEN_POINT, Chip, build_chips
from search_app.pages.search.elsewhere import Instead
from search_app.pages.search.export_links import ExportLinks, build_export_links
from search_app.pages.search.facet_lists import build_lists, build_uncounted_lists
from search_app.pages.search.form import FIELD_SCRIPTS, SearchForm, build_form, named_fault, why
from search_app.pages.search.groups import build_grouping
from search_app.pages.search.paging import Paging, build_paging, page_address
from search_app.pages.search.understood_note import UnderstoodNote, build_note
from search_app.pages.shared.cards import Card, build_card
from search_app.pages.shared.layout import CountedLink, Freshness, Layout, Link, Page, to_freshness
from search_app.search.links import SEARCH, Pairs, address, replaced, to_pairs, without
from search_app.search.params.search_params import SearchParams
from search_app.search.params.sorts import SORTS, WITH_WORDS, WITHOUT_WORDS
from search_app.search.reference_data import Snapshot
from search_app.search.results import PlaceFound, SearchResults
from search_app.text import wording
from search_app.text.typography import curved

LIBRARIES: Final = ("idiomorph.min.js",)
SCRIPTS: Final = (*FIELD_SCRIPTS, "exchange.js")


@dataclass(frozen=True, slots=True)
class SortLink:
    """One order to choose."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class PlaceNote:
    """How an ambiguous place was understood, and the other places that it could be."""

    text: str
    others: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class FaultLink:
    """One wrong parameter, with the field that mends it, and the same search with what may have been meant."""

    text: str
    href: str
    instead: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchPage(Page):
    """Everything on the page of results; with ``faults`` there are no results, and the form says what is wrong."""

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
    params: SearchParams,
    results: SearchResults,
    instead: Instead | None = None,
    asked: SearchParams | None = None,
    tiles: Tiles | None = None,
) -> SearchPage:
    """Return the page of an answer; ``instead`` is what would find something where this search finds nothing.

    In ``params`` the words that are filters are parameters, so that form, chips and links show them as such; ``asked``
    is the search as it was asked, if that is another one. With ``tiles`` a map is shown before the list.
    """

    instead = instead or Instead()

    def viewed(search: SearchParams) -> Pairs:
        return with_map(to_pairs(search)) if tiles else to_pairs(search)

    pairs = viewed(params)
    titles = {card.training.key: card.title for card in results.results}
    chips = build_chips(params, pairs, results.place, results.facets, titles)
    filters = [chip for chip in chips if chip.kind not in ("Mots", "Lieu")]
    return SearchPage(
        layout=_with_map(_layout(params, results, pairs)) if tiles else _layout(params, results, pairs),
        form=build_form(pairs, build_lists(results.facets), chosen=len(filters)),
        heading=_heading(params, results),
        count=_count(results),
        chips=chips,
        clear=address(with_map(())) if tiles else SEARCH,
        views=build_views(pairs, results.total),
        map=build_map_pane(tiles, results, pairs) if tiles else None,
        place_note=_place_note(results.place, pairs),
        understood=build_note(
            results.understood,
            viewed(asked or params),
            pairs,
            found=results.total > 0,
            around=results.place is not None and results.place.radius is not None,
        ),
        sorts=_sorts(params, results, pairs),
        grouping=build_grouping(results, pairs),
        cards=tuple(build_card(card, params, results.today, pairs) for card in results.results),
        paging=build_paging(results, pairs),
        loosening=tuple(map(on_map, instead.loosening)) if tiles else instead.loosening,
        nearby=tuple(map(on_map, instead.nearby)) if tiles else instead.nearby,
        beyond=_beyond(results, pairs),
        json_href=address(without_view(pairs), "/api/v1/offers"),
        exports=build_export_links(results.total, without_view(pairs)),
    )


def build_fault_page(
    pairs: Pairs, faults: Sequence[Fault], snapshot: Snapshot, freshness: Freshness | None
) -> SearchPage:
    """Return the page that says what is wrong with the address; the form keeps what was given."""
    lists = build_uncounted_lists(snapshot, pairs, faults, {fault.parameter: why(fault) for fault in faults})
    return SearchPage(
        layout=Layout(
            "Recherche à corriger", "search", indexed=False, freshness=freshness, libraries=LIBRARIES, scripts=SCRIPTS
        ),
        form=build_form(pairs, lists, faults=faults),
        heading="Cette recherche ne peut pas être faite",
        count="",
        faults=tuple(_fault_link(fault, pairs) for fault in faults),
    )


def _fault_link(fault: Fault, pairs: Pairs) -> FaultLink:
    instead = tuple(Link(curved(value), address(replaced(pairs, fault.parameter, value))) for value in fault.nearest)
    return FaultLink(named_fault(fault), f"#champ-{fault.parameter}", instead)


def _layout(params: SearchParams, results: SearchResults, pairs: Pairs) -> Layout:
    title = f"{_heading(params, results)} – {_count(results)}"
    if results.page > 1:
        title += f", page {results.page}"
    return Layout(
        title=title,
        section="search",
        canonical=page_address(without_view(pairs), results.page),
        indexed=not pairs,
        freshness=to_freshness(results.sources),
        skip_to_results=True,
        libraries=LIBRARIES,
        scripts=SCRIPTS,
    )


def _with_map(layout: Layout) -> Layout:
    return replace(
        layout,
        title=f"{layout.title}, carte",
        sheets=MAP_SHEETS,
        libraries=(*layout.libraries, *MAP_LIBRARIES),
        scripts=(*layout.scripts, *MAP_SCRIPTS),
    )


def _heading(params: SearchParams, results: SearchResults) -> str:
    place, understood = results.place, results.understood
    searched = understood.words if understood and understood.corrections else params.q
    words = f"Formations «{wording.NBSP}{searched}{wording.NBSP}»" if searched else "Formations"
    if place is None:
        return words if params.q else "Toutes les formations"
    if place.kind == "point":
        return f"{words} {CHOSEN_POINT}"
    # Which article a département or a region takes (dans le Tarn, en Occitanie) no table tells.
    if place.radius is None:
        return f"{words}{wording.NBSP}: {place.label}"
    return f"{words} autour {wording.of(place.label)}"


def _count(results: SearchResults) -> str:
    offers = wording.counted(results.total, "offre", "offres")
    if results.trainings is None or not results.total:
        return offers if results.total else "Aucune offre"
    return f"{wording.counted(results.trainings, 'formation', 'formations')}, {offers}"


def _place_note(place: PlaceFound | None, pairs: Pairs) -> PlaceNote | None:
    if place is None or not place.others:
        return None
    others = tuple(Link(other.label, address(replaced(pairs, "place", other.code))) for other in place.others)
    return PlaceNote(place.label, others)


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
