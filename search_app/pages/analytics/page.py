"""The page of a pivot: `/pilotage`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import quote

from search_app.analytics.answer import Pivot
from search_app.analytics.history import Day, HistoryQuery
from search_app.analytics.measures import MEASURES
from search_app.analytics.query import PivotQuery
from search_app.base.errors import Fault
from search_app.pages.analytics.addresses import DRAWN, PIVOT, VIEW, api_address, pivot_pairs
from search_app.pages.analytics.asked.adjusted import Notice, compared_notice, has_place, remote_chips, remote_notice
from search_app.pages.analytics.asked.questions import MORE, QUESTIONS, Question, filtered
from search_app.pages.analytics.columns import with_columns_in_order
from search_app.pages.analytics.composer import FIELDS, Composer, build_composer, fault_links
from search_app.pages.analytics.definitions import ABSENCES, Definition, build_definitions, build_notes
from search_app.pages.analytics.drawings import NOTHING_DRAWN, Drawing, build_drawing, build_views_of
from search_app.pages.analytics.figures import COVERAGES, Kind, Total, to_kind
from search_app.pages.analytics.headings import build_asked, build_heading
from search_app.pages.analytics.history import HistoryPart, build_history
from search_app.pages.analytics.moved import moved_chips, moved_note
from search_app.pages.analytics.paging import build_pages
from search_app.pages.analytics.plain_faults import in_plain_words
from search_app.pages.analytics.table import Table, build_table
from search_app.pages.map.pane import ViewLink
from search_app.pages.search.chips import Chip, build_chips
from search_app.pages.search.facet_lists import build_lists, build_uncounted_lists
from search_app.pages.search.form import FIELD_SCRIPTS, build_form, why
from search_app.pages.search.more_filters import asked_lists
from search_app.pages.search.page import FaultLink
from search_app.pages.search.paging import Paging
from search_app.pages.search.understood_note import UnderstoodNote, build_note
from search_app.pages.shared.layout import Freshness, Layout, Link, Page, to_freshness
from search_app.search.links import Pairs, address, replaced, to_pairs, without
from search_app.search.reference_data import Snapshot
from search_app.search.results import SearchResults
from search_app.text.wording import the_offers, typeset

SECTION: Final = "pilotage"
SHEETS: Final = ("results.css", "pilotage.css")
SCRIPTS: Final = (*FIELD_SCRIPTS, "copy.js")
ABOUT: Final = (
    "Ce qui est acheté, ouvert, occupé et libre, par territoire, domaine, financeur, organisme et période ; et les "
    "offres derrière chaque chiffre."
)
FILES: Final = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet", "ndjson": "NDJSON"}


@dataclass(frozen=True, slots=True)
class Answers:
    """What a page is made of: the pivot, the same with all its rows where a map is drawn, the facets of its search, and
    the kept days, None if they could not be read.
    """

    pivot: Pivot
    areas: Pivot
    results: SearchResults
    history: tuple[HistoryQuery | None, Sequence[Day]] | None = None


@dataclass(frozen=True, slots=True)
class PivotPage(Page):
    """The page context; with ``faults`` there is no table, and the form displays the faults.

    ``first``: nothing was asked yet, so ready questions lead. ``notices`` say what is asked, and how else it can be.
    """

    heading: str
    composer: Composer
    asked: str = ""
    first: bool = False
    faults: tuple[FaultLink, ...] = ()
    questions: tuple[Question, ...] = QUESTIONS
    more: tuple[Question, ...] = MORE
    chips: tuple[Chip, ...] = ()
    clear: str = PIVOT
    understood: UnderstoodNote | None = None
    views: tuple[ViewLink, ...] = ()
    drawing: Drawing = NOTHING_DRAWN
    totals: tuple[Total, ...] = ()
    table: Table | None = None
    notices: tuple[Notice, ...] = ()
    paging: Paging | None = None
    beyond: Link | None = None
    history: HistoryPart | None = None
    notes: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()
    absences: tuple[tuple[str, str], ...] = ABSENCES
    files: tuple[Link, ...] = ()
    json_href: str = ""
    offers: Link | None = None
    share: str = ""
    mail_href: str = ""


def build_pivot_page(
    query: PivotQuery, answers: Answers, given: Pairs, site: str, notices: Sequence[Notice] = ()
) -> PivotPage:
    """Return the page of a pivot; ``given`` are the pairs of its address, ``notices`` what was changed in it."""
    kinds = tuple(map(to_kind, query.measures))
    pivot, results = with_columns_in_order(answers.pivot, kinds), answers.results
    pairs, view = pivot_pairs(query, given), _first_of(given, VIEW) or "table"
    params = query.search.params
    chips = moved_chips(build_chips(params, pairs, results.place, results.facets), PIVOT)
    chips = remote_chips(chips, params, pairs, PIVOT)
    in_form = (*pairs, *(pair for pair in given if pair[0] == "facets"))
    form = build_form(in_form, build_lists(results.facets, asked_lists(in_form)), chosen=len(chips), path=PIVOT)
    heading, link = build_heading(query, pairs, kinds), site + address(pairs, PIVOT)
    offers = Link(f"Voir {the_offers(results.total)}", address(to_pairs(params)))
    page = PivotPage(
        layout=_layout(heading, pairs, to_freshness(results.sources), pivot.page),
        heading=heading,
        composer=build_composer(pairs, form, today=query.search.today),
        asked=build_asked(query, results),
        first=not pairs,
        chips=chips,
        questions=filtered(QUESTIONS, pairs, results.place),
        more=filtered(MORE, pairs, results.place),
        clear=address(without(pairs, "remote", *{name for name, _ in to_pairs(params)}), PIVOT),
        understood=_note(query, results, pairs, given),
        views=build_views_of(pairs, view, pivot.rows_by) if pivot.rows_by else (),
        notices=(*notices, *_notices(query, pivot, pairs)),
        paging=build_pages(pivot.page, pivot.pages, pairs, PIVOT),
        beyond=_beyond(pivot, pairs),
        history=answers.history and build_history(*answers.history, kinds),
        definitions=_definitions(kinds),
        json_href=api_address(pairs),
        offers=offers if results.total else None,
        share=link,
        mail_href=f"mailto:?subject={quote(heading)}&body={quote(link)}",
    )
    if not _found(query, pivot):
        return replace(page, views=())
    drawing = build_drawing(pivot, kinds, view, _first_of(given, DRAWN), pairs, answers.areas)
    return replace(_with_figures(page, query, pivot, kinds, pairs), drawing=drawing)


def _with_figures(page: PivotPage, query: PivotQuery, pivot: Pivot, kinds: Sequence[Kind], pairs: Pairs) -> PivotPage:
    """Return the page with the table, or with the figures of everything if there are neither rows nor columns."""
    names = [kind.name for kind in kinds]
    return replace(
        page,
        totals=() if query.dimensions else _totals(pivot, kinds),
        table=build_table(pivot, kinds, pairs) if query.dimensions else None,
        layout=replace(page.layout, skip_to_table=bool(query.dimensions)),
        notes=build_notes((each.name for each in query.dimensions), names),
        files=_files(pairs) if pivot.total.get("offers") else (),
    )


def build_pivot_fault_page(
    given: Pairs, faults: Sequence[Fault], snapshot: Snapshot, freshness: Freshness | None, today: date
) -> PivotPage:
    """Return the page that says what is wrong with the address; the form keeps what was given."""
    faults = in_plain_words(faults, given)
    lists = build_uncounted_lists(snapshot, given, faults, {fault.parameter: why(fault) for fault in faults})
    others = [fault for fault in faults if fault.parameter not in FIELDS]
    return PivotPage(
        layout=Layout("Pilotage à corriger", SECTION, indexed=False, freshness=freshness, sheets=SHEETS),
        heading="Ce tableau ne peut pas être fait",
        composer=build_composer(given, build_form(given, lists, faults=others), faults, today=today),
        faults=fault_links(faults),
        definitions=_definitions(()),
    )


def _first_of(pairs: Pairs, name: str) -> str:
    return next((value for given, value in pairs if given == name), "")


def _layout(heading: str, pairs: Pairs, freshness: Freshness | None, page: int) -> Layout:
    title = f"{heading}, page {page}" if page > 1 else heading
    return Layout(
        title=title,
        section=SECTION,
        description=ABOUT,
        canonical=PIVOT,
        indexed=not pairs,
        freshness=freshness,
        sheets=SHEETS,
        scripts=SCRIPTS,
    )


def _note(query: PivotQuery, results: SearchResults, pairs: Pairs, given: Pairs) -> UnderstoodNote | None:
    """Return what was understood of the words, with links that undo it on this page."""
    of_search = {name for name, _ in to_pairs(query.search.params)}
    asked = (*without(to_pairs(query.search.asked), *_taken_back(query)), *without(pairs, *of_search))
    around = results.place is not None and results.place.radius is not None
    note = build_note(results.understood, asked, pairs, found=results.total > 0, around=around)
    return moved_note(note, PIVOT)


def _taken_back(query: PivotQuery) -> tuple[str, ...]:
    """Return the parameters that go with the words: that of remote offers, if the place is one of the words."""
    return () if has_place(query.search.asked) else ("remote",)


def _totals(pivot: Pivot, kinds: Sequence[Kind]) -> tuple[Total, ...]:
    whole = build_table(pivot, kinds, ()).whole.groups[0]
    return tuple(Total(kind.label, figure) for kind, figure in zip(kinds, whole, strict=True)) if whole else ()


def _notices(query: PivotQuery, pivot: Pivot, pairs: Pairs) -> tuple[Notice, ...]:
    told = (compared_notice(pivot.compared_with, query.search.today), remote_notice(query.search, pairs, PIVOT))
    return tuple(notice for notice in told if notice)


def _found(query: PivotQuery, pivot: Pivot) -> bool:
    """Tell whether there is a table: offers, now or in the period compared with, or rows without any."""
    before = (pivot.total_previous or {}).get("offers")
    return bool(pivot.total.get("offers") or before or query.show_empty)


def _beyond(pivot: Pivot, pairs: Pairs) -> Link | None:
    """Return the link to the last page from one beyond it."""
    if pivot.page <= pivot.pages or not pivot.row_count:
        return None
    last = address(replaced(pairs, "page", str(pivot.pages)), PIVOT)
    return Link(f"Aller à la dernière page, la page {pivot.pages}", last)


def _definitions(kinds: Sequence[Kind]) -> tuple[Definition, ...]:
    """Return the meaning of the measures shown, those first that the reader has chosen; of all without a choice."""
    names = [kind.name for kind in kinds] or list(MEASURES)
    names += [COVERAGES[name] for name in names if name in COVERAGES]
    return build_definitions({name: typeset(MEASURES[name].label) for name in dict.fromkeys(names)})


def _files(pairs: Pairs) -> tuple[Link, ...]:
    return tuple(Link(label, api_address(pairs, f".{suffix}")) for suffix, label in FILES.items())
