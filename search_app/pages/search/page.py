"""The page of results: `/offres`."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from search_app.pages.funding.asked.panel import Panel
from search_app.pages.funding.links import SCRIPT as SITUATION_SCRIPT
from search_app.pages.funding.links import SHEET as SITUATION_SHEET
from search_app.pages.funding.on_results import (
    PAID,
    PaidCount,
    build_paid_list,
    build_search_panel,
    build_situation_chips,
    build_tally,
)
from search_app.pages.map.pane import (
    MAP_LIBRARIES,
    MAP_SCRIPTS,
    MAP_SHEETS,
    MapPane,
    ViewLink,
    build_map_pane,
    build_views,
)
from search_app.pages.search.chips import Chip, build_chips, place_text
from search_app.pages.search.export_links import ExportLinks, build_alert_link, build_export_links
from search_app.pages.search.facet_lists import build_lists
from search_app.pages.search.form import FIELD_SCRIPTS, SearchForm, build_form
from search_app.pages.search.instead.elsewhere import NOTHING_INSTEAD, Instead
from search_app.pages.search.more_filters import asked_lists
from search_app.pages.search.paging import Paging, build_paging, page_address, to_last_page
from search_app.pages.search.place_note import PlaceNote, build_place_note
from search_app.pages.search.presets import build_presets
from search_app.pages.search.results.card import ResultCard, build_result_card
from search_app.pages.search.results.heading import build_count, build_heading, build_subject
from search_app.pages.search.results.parts import Part, Row, build_parts
from search_app.pages.search.results.sessions import can_be_joined
from search_app.pages.search.results.sort_links import SortLink, build_sorts
from search_app.pages.search.results.trainings import Grouping, build_grouping, build_training_row, is_several
from search_app.pages.search.shown import LIST, Shown
from search_app.pages.search.understood_note import UnderstoodNote, build_note
from search_app.pages.shared.layout import CountedLink, Layout, Link, Page, to_freshness
from search_app.pages.shared.picking import SCRIPT as PICKING_SCRIPT
from search_app.pages.shared.picking import build_bar, build_pick, place_pairs
from search_app.search.links import SEARCH, Pairs, address, extended, to_pairs
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import OfferCard, SearchResults

SCRIPTS: Final = (*FIELD_SCRIPTS, "exchange.js")
SHEETS: Final = ("results.css",)


@dataclass(frozen=True, slots=True)
class FaultLink:
    """One wrong parameter, with its field, and the same search with suggested values."""

    text: str
    href: str
    instead: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched, as the closed form shows it on a phone."""

    words: str
    conditions: str


@dataclass(frozen=True, slots=True)
class SearchPage(Page):
    """The page context; with ``faults`` there are no results, and the form displays the faults.

    ``conditional``: a result is free under conditions, which the note below the list states.
    """

    form: SearchForm
    heading: str
    count: str
    asked: Asked | None = None
    chips: tuple[Chip, ...] = ()
    clear: str = SEARCH
    place_note: PlaceNote | None = None
    views: tuple[ViewLink, ...] = ()
    map: MapPane | None = None
    understood: UnderstoodNote | None = None
    sorts: tuple[SortLink, ...] = ()
    grouping: Grouping | None = None
    parts: tuple[Part, ...] = ()
    conditional: bool = False
    paging: Paging | None = None
    instead: Instead = NOTHING_INSTEAD
    beyond: Link | None = None
    faults: tuple[FaultLink, ...] = ()
    json_href: str = ""
    exports: ExportLinks | None = None
    alert_href: str | None = None
    panel: Panel | None = field(default=None, repr=False)
    tally: tuple[PaidCount, ...] = ()

    @property
    def posted(self) -> bool:
        """Tell whether the results are for a person: links are buttons then, which send the answers along."""
        return self.panel is not None and self.panel.holds

    @property
    def sort(self) -> SortLink | None:
        """Return the order in force, if there is another one."""
        return next((each for each in self.sorts if each.current), None)


def build_search_page(
    search: ResolvedSearch, results: SearchResults, instead: Instead = NOTHING_INSTEAD, shown: Shown = LIST
) -> SearchPage:
    """Return the page of an answer; ``instead`` are alternatives to an empty result.

    Form, chips and links show the resolved search: words that are filters are parameters in it.
    """
    params, pairs = search.params, to_pairs(search.params)
    here = (*pairs, *shown.pairs)
    listed = (*pairs, ("group", "training")) if shown.by_itself else pairs  # the other pages have the same form
    rows, heading, count = _rows(search, results, pairs, shown), build_heading(search, results), build_count(results)
    panel, posted = build_search_panel(search.snapshot.funding.book, shown.asked, here), shown.asked.posted
    chips = _chips(search, results, here, panel)
    return SearchPage(
        layout=_layout(search, results, f"{heading} – {count}", shown, panel),
        form=_form(results, here, chips, panel),
        heading=heading,
        count=count,
        asked=_asked(search, results),
        chips=chips,
        clear=address(shown.pairs),
        views=() if posted else build_views(here, results.total),
        map=build_map_pane(shown.tiles, results, pairs, shown.picked) if shown.tiles else None,
        place_note=build_place_note(results.place, here),
        understood=_note(search, results, here, shown),
        sorts=build_sorts(params, results, here),
        grouping=build_grouping(results, here, by_itself=shown.by_itself),
        parts=build_parts(results.results, rows, results.presence),
        conditional=any(line.conditional for row in rows for line in _lines(row)),
        paging=build_paging(results, (*listed, *shown.pairs)),
        instead=_shown_instead(instead, shown),
        beyond=to_last_page(results, here),
        json_href="" if posted else address(pairs, "/api/v1/offers"),
        exports=None if posted else build_export_links(results.total, pairs),
        alert_href=build_alert_link(pairs) if shown.alerts else None,
        panel=panel,
        tally=build_tally(results.facets.get(PAID, ()), here),
    )


def _chips(search: ResolvedSearch, results: SearchResults, here: Pairs, panel: Panel | None) -> tuple[Chip, ...]:
    titles = {card.training.key: card.title for card in results.results}
    person = build_situation_chips(panel, here, results.facets.get(PAID, ()))
    return (*person, *build_chips(search.params, here, results.place, results.facets, titles))


def _form(results: SearchResults, here: Pairs, chips: Sequence[Chip], panel: Panel | None) -> SearchForm:
    """Return the form; words and place are no filters, for they stand in the fields on top."""
    chosen = sum(chip.kind not in ("Mots", "Lieu") for chip in chips)
    form = build_form(
        here, build_lists(results.facets, asked_lists(here)), chosen=chosen, presets=build_presets(here, results.today)
    )
    if panel and panel.holds:
        return replace(form, paid=build_paid_list(results.facets.get(PAID, ())), person=panel.given)
    return form


def _note(search: ResolvedSearch, results: SearchResults, here: Pairs, shown: Shown) -> UnderstoodNote | None:
    place, asked = results.place, (*to_pairs(search.asked), *shown.pairs)
    around = place is not None and place.radius is not None
    return build_note(results.understood, asked, here, found=results.total > 0, around=around)


def _rows(search: ResolvedSearch, results: SearchResults, pairs: Pairs, shown: Shown) -> tuple[Row, ...]:
    """Return the results, each offer with the link that picks it and returns to it; of a training those lines first
    that can be joined.
    """
    params, today = search.params, results.today
    page = page_address((*pairs, *shown.form), results.page)

    def line(card: OfferCard) -> ResultCard:
        pick = build_pick(card, shown.selection, page, f"#offre-{card.key}")
        return build_result_card(card, params, today, picked=shown.picked, pick=pick)

    def lines(card: OfferCard) -> list[ResultCard]:
        offers = shown.lines.get(card.training.key, (card,))
        return [line(each) for each in sorted(offers, key=lambda each: not can_be_joined(each, params, today))]

    here = (*pairs, *shown.pairs)
    return tuple(
        build_training_row(card.training, lines(card), here) if is_several(card) else line(card)
        for card in results.results
    )


def _lines(row: Row) -> Sequence[ResultCard]:
    return (row,) if isinstance(row, ResultCard) else row.lines


def _asked(search: ResolvedSearch, results: SearchResults) -> Asked:
    """Return what is searched in two lines: the words, then place and sessions."""
    params, place = search.params, results.place
    conditions = [place_text(place) if place else "France entière", "à venir" if params.upcoming else ""]
    return Asked(build_subject(search, results), " · ".join(text for text in conditions if text))


def _shown_instead(instead: Instead, shown: Shown) -> Instead:
    """Return the alternatives with the display options of the page."""
    return replace(
        instead,
        loosening=_shown_links(instead.loosening, shown),
        nearby=_shown_links(instead.nearby, shown),
        domains=_shown_links(instead.domains, shown),
    )


def _shown_links(links: Sequence[CountedLink], shown: Shown) -> tuple[CountedLink, ...]:
    return tuple(CountedLink(link.label, link.count, extended(link.href, shown.pairs)) for link in links)


def _layout(search: ResolvedSearch, results: SearchResults, title: str, shown: Shown, panel: Panel | None) -> Layout:
    pairs = to_pairs(search.params)
    if results.page > 1:
        title += f", page {results.page}"
    with_map = shown.tiles is not None
    sheets, scripts = ((*SHEETS, SITUATION_SHEET), (*SCRIPTS, SITUATION_SCRIPT)) if panel else (SHEETS, SCRIPTS)
    return Layout(
        title=f"{title}, carte" if with_map else title,
        section="search",
        canonical=page_address(pairs, results.page),
        indexed=not pairs and not shown.pairs and results.page == 1 and not shown.asked.posted,
        freshness=to_freshness(results.sources),
        skip_to_results=True,
        sheets=(*sheets, *MAP_SHEETS) if with_map else sheets,
        libraries=MAP_LIBRARIES if with_map else (),
        scripts=(*scripts, *MAP_SCRIPTS, PICKING_SCRIPT) if with_map else (*scripts, PICKING_SCRIPT),
        bar=build_bar(shown.selection, place_pairs(search.params)),
    )
