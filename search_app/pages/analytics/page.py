"""The page of a pivot: `/pilotage`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote

from search_app.analytics.answer import Pivot
from search_app.analytics.measures import MEASURES
from search_app.analytics.query import PivotQuery
from search_app.base.errors import Fault
from search_app.pages.analytics.addresses import DRAWN, PIVOT, VIEW, api_address, pivot_pairs
from search_app.pages.analytics.composer import FIELDS, Composer, build_composer, fault_links
from search_app.pages.analytics.definitions import ABSENCES, Definition, build_definitions, build_notes
from search_app.pages.analytics.drawings import NOTHING_DRAWN, Drawing, build_drawing, build_views_of, lowered
from search_app.pages.analytics.figures import COVERAGES, Figure, Kind, to_kind
from search_app.pages.analytics.moved import moved_chips, moved_note
from search_app.pages.analytics.paging import build_pages
from search_app.pages.analytics.plain_faults import in_plain_words
from search_app.pages.analytics.questions import MORE, QUESTIONS, Question, question_at
from search_app.pages.analytics.table import Table, build_table
from search_app.pages.map.pane import ViewLink
from search_app.pages.search.chips import Chip, build_chips, place_text
from search_app.pages.search.facet_lists import build_lists, build_uncounted_lists
from search_app.pages.search.form import FIELD_SCRIPTS, build_form, why
from search_app.pages.search.page import FaultLink
from search_app.pages.search.paging import Paging
from search_app.pages.search.understood_note import UnderstoodNote, build_note
from search_app.pages.shared.layout import Freshness, Layout, Link, Page, to_freshness
from search_app.search.links import Pairs, address, to_pairs, without
from search_app.search.reference_data import Snapshot
from search_app.search.results import SearchResults
from search_app.text.dates import french_day
from search_app.text.wording import counted, the_offers, typeset

SECTION: Final = "pilotage"
SHEETS: Final = ("results.css", "pilotage.css")
SCRIPTS: Final = (*FIELD_SCRIPTS, "copy.js")
TITLE: Final = "Pilotage des achats de formation"
ABOUT: Final = (
    "Ce qui est acheté, ouvert, occupé et libre, par territoire, domaine, financeur, organisme et période ; et les "
    "offres derrière chaque chiffre."
)
MOST_NAMED: Final = 3  # measures in a heading
FILES: Final = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet", "ndjson": "NDJSON"}


@dataclass(frozen=True, slots=True)
class Total:
    """One figure of everything found."""

    label: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class PivotPage(Page):
    """The page context; with ``faults`` there is no table, and the form displays the faults.

    ``first``: nothing was asked yet, so ready questions lead. ``compared`` is what figures are compared with.
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
    compared: str = ""
    paging: Paging | None = None
    notes: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()
    absences: tuple[tuple[str, str], ...] = ABSENCES
    files: tuple[Link, ...] = ()
    json_href: str = ""
    offers: Link | None = None
    share: str = ""
    mail_href: str = ""


def build_pivot_page(
    query: PivotQuery, pivot: Pivot, areas: Pivot, results: SearchResults, given: Pairs, site: str
) -> PivotPage:
    """Return the page of an answer.

    ``results`` are the facets of the same search, ``given`` the pairs of the address, ``areas`` the pivot with all its
    rows where a map is drawn.
    """
    pairs, view = pivot_pairs(query, given), _first_of(given, VIEW) or "table"
    kinds = tuple(map(to_kind, query.measures))
    chips = moved_chips(build_chips(query.search.params, pairs, results.place, results.facets), PIVOT)
    form = build_form(pairs, build_lists(results.facets), chosen=len(chips))
    heading, link = _heading(query, pairs, kinds), site + address(pairs, PIVOT)
    has_rows = pivot.rows_by is not None or pivot.columns_by is not None
    return PivotPage(
        layout=_layout(heading, pairs, to_freshness(results.sources), pivot.page),
        heading=heading,
        composer=build_composer(pairs, form),
        asked=_asked(query, results),
        first=not pairs,
        chips=chips,
        clear=address(without(pairs, *{name for name, _ in to_pairs(query.search.params)}), PIVOT),
        understood=_note(query, results, pairs, given),
        views=build_views_of(pairs, view) if pivot.rows_by else (),
        drawing=build_drawing(pivot, kinds, view, _first_of(given, DRAWN), pairs, areas),
        totals=() if has_rows else _totals(pivot, kinds),
        table=build_table(pivot, kinds, pairs) if has_rows else None,
        compared=_compared(pivot),
        paging=build_pages(pivot.page, pivot.pages, pairs, PIVOT),
        notes=build_notes((each.name for each in query.dimensions), (kind.name for kind in kinds)),
        definitions=_definitions(kinds),
        files=_files(pairs) if pivot.total.get("offers") else (),
        json_href=api_address(pairs),
        offers=Link(f"Voir {the_offers(results.total)}", address(to_pairs(query.search.params)))
        if results.total
        else None,
        share=link,
        mail_href=f"mailto:?subject={quote(heading)}&body={quote(link)}",
    )


def build_pivot_fault_page(
    given: Pairs, faults: Sequence[Fault], snapshot: Snapshot, freshness: Freshness | None
) -> PivotPage:
    """Return the page that says what is wrong with the address; the form keeps what was given."""
    faults = in_plain_words(faults, given)
    lists = build_uncounted_lists(snapshot, given, faults, {fault.parameter: why(fault) for fault in faults})
    others = [fault for fault in faults if fault.parameter not in FIELDS]
    return PivotPage(
        layout=Layout("Pilotage à corriger", SECTION, indexed=False, freshness=freshness, sheets=SHEETS),
        heading="Ce tableau ne peut pas être fait",
        composer=build_composer(given, build_form(given, lists, faults=others), faults),
        faults=fault_links(faults),
        definitions=_definitions(()),
    )


def _first_of(pairs: Pairs, name: str) -> str:
    return next((value for given, value in pairs if given == name), "")


def _heading(query: PivotQuery, pairs: Pairs, kinds: Sequence[Kind]) -> str:
    """Return what the table shows: the ready question, or its measures by rows and columns."""
    question = question_at(PIVOT, pairs)
    if question is not None:
        return question.text
    if not query.dimensions:
        return TITLE
    by = " et ".join(lowered(typeset(each.label)) for each in query.dimensions)
    return f"{_enumerated([kind.label for kind in kinds])} par {by}"


def _enumerated(labels: Sequence[str]) -> str:
    """Return labels as a text: « Offres, sessions et places restantes ».

    >>> _enumerated(["Offres"]), _enumerated(["Offres", "Sessions", "Prix"]), _enumerated(["a"] * 4)
    ('Offres', 'Offres, sessions et prix', 'Les chiffres')
    """
    if len(labels) > MOST_NAMED:
        return "Les chiffres"
    first, *others = labels
    lower = [lowered(label) for label in others]
    return " et ".join(filter(None, (", ".join((first, *lower[:-1])), *lower[-1:])))


def _asked(query: PivotQuery, results: SearchResults) -> str:
    """Return the search in a line: how many offers, of where, of when."""
    params, place = query.search.params, results.place
    where = place_text(place) if place else ""
    texts = (counted(results.total, "offre", "offres"), where, "sessions à venir" if params.upcoming else "")
    return " · ".join(text for text in texts if text)


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
    asked = (*to_pairs(query.search.asked), *without(pairs, *of_search))
    around = results.place is not None and results.place.radius is not None
    note = build_note(results.understood, asked, pairs, found=results.total > 0, around=around)
    return moved_note(note, PIVOT)


def _totals(pivot: Pivot, kinds: Sequence[Kind]) -> tuple[Total, ...]:
    whole = build_table(pivot, kinds, ()).whole.groups[0]
    return tuple(Total(kind.label, figure) for kind, figure in zip(kinds, whole, strict=True)) if whole else ()


def _compared(pivot: Pivot) -> str:
    if pivot.compared_with is None:
        return ""
    first, last = (french_day(date.fromisoformat(day)) if day else "" for day in pivot.compared_with)
    if first and last:
        return f"du {first} au {last}"
    return f"à partir du {first}" if first else f"jusqu’au {last}"


def _definitions(kinds: Sequence[Kind]) -> tuple[Definition, ...]:
    """Return the meaning of the measures shown, those first that the reader has chosen; of all without a choice."""
    names = [kind.name for kind in kinds] or list(MEASURES)
    names += [COVERAGES[name] for name in names if name in COVERAGES]
    return build_definitions({name: typeset(MEASURES[name].label) for name in dict.fromkeys(names)})


def _files(pairs: Pairs) -> tuple[Link, ...]:
    return tuple(Link(label, api_address(pairs, f".{suffix}")) for suffix, label in FILES.items())
