"""What the pages of white areas and overlaps share: filters, chips, address, faults."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from search_app.base.errors import Fault
from search_app.pages.analytics.asked.adjusted import Notice, remote_chips
from search_app.pages.analytics.asked.questions import QUESTIONS, Question, filtered
from search_app.pages.analytics.composer import fault_links
from search_app.pages.analytics.moved import moved_chips, moved_note
from search_app.pages.search.chips import Chip, build_chips
from search_app.pages.search.facet_lists import build_lists, build_uncounted_lists
from search_app.pages.search.form import FIELD_SCRIPTS, SearchForm, build_form, why
from search_app.pages.search.page import FaultLink
from search_app.pages.search.paging import Paging
from search_app.pages.search.understood_note import UnderstoodNote, build_note
from search_app.pages.shared.layout import Freshness, Layout, Link, Page, to_freshness
from search_app.search.links import Pairs, address, to_pairs, without
from search_app.search.reference_data import Snapshot
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import SearchResults

SECTION = "pilotage"
SHEETS = ("results.css", "pilotage.css")
SCRIPTS = (*FIELD_SCRIPTS, "copy.js")
NOT_FILTERS = ("sort", "group", "page", "size", "facet_size", "facets", "explain")


@dataclass(frozen=True, slots=True)
class Subject:
    """Which of the pages it is: its address, that of its data, its heading, and what it is about."""

    path: str
    api: str
    heading: str
    about: str


@dataclass(frozen=True, slots=True)
class Filtered(Page):
    """The parts that the pages share; with ``faults`` there is no answer."""

    path: str
    heading: str
    form: SearchForm
    notices: tuple[Notice, ...] = ()
    opened: bool = False
    faults: tuple[FaultLink, ...] = ()
    chips: tuple[Chip, ...] = ()
    clear: str = ""
    understood: UnderstoodNote | None = None
    paging: Paging | None = None
    questions: tuple[Question, ...] = QUESTIONS
    json_href: str = ""
    files: tuple[Link, ...] = ()
    share: str = ""
    mail_href: str = ""


def shared_parts(
    subject: Subject, search: ResolvedSearch, results: SearchResults, site: str, told: Pairs = ()
) -> dict[str, object]:
    """Return the fields of ``Filtered`` for an answer; ``results`` are the facets of the search, ``told`` pairs that
    the address has beside the filters.
    """
    pairs = (*filters_of(search), *told)
    chips = moved_chips(build_chips(search.params, pairs, results.place, results.facets), subject.path)
    chips = remote_chips(chips, search.params, pairs, subject.path)
    in_form = (*pairs, *(("facets", name) for name in search.params.facets))
    lists = build_lists(results.facets, search.params.facets)
    link = site + address(pairs, subject.path)
    return {
        "layout": _layout(subject, to_freshness(results.sources), indexed=False),
        "path": subject.path,
        "heading": subject.heading,
        "form": build_form(in_form, lists, chosen=len(chips), path=subject.path),
        "chips": chips,
        "clear": subject.path,
        "questions": filtered(QUESTIONS, pairs, results.place),
        "understood": moved_note(
            build_note(results.understood, to_pairs(search.asked), pairs, found=results.total > 0), subject.path
        ),
        "json_href": address(pairs, subject.api),
        "files": (Link("CSV (tableur)", address(pairs, f"{subject.api}.csv")),),
        "share": link,
        "mail_href": f"mailto:?subject={quote(subject.heading)}&body={quote(link)}",
    }


def fault_parts(
    subject: Subject, given: Pairs, faults: Sequence[Fault], snapshot: Snapshot, freshness: Freshness | None
) -> dict[str, object]:
    """Return the fields of ``Filtered`` for a wrong address; the form keeps what was given."""
    lists = build_uncounted_lists(snapshot, given, faults, {fault.parameter: why(fault) for fault in faults})
    return {
        "layout": _layout(subject, freshness, indexed=False),
        "path": subject.path,
        "heading": "Cette question ne peut pas être posée ainsi",
        "form": build_form(given, lists, faults=faults),
        "opened": True,
        "faults": fault_links(faults),
    }


def filters_of(search: ResolvedSearch) -> Pairs:
    """Return the search as it was understood, without order and pages."""
    return without(to_pairs(search.params), *NOT_FILTERS)


def _layout(subject: Subject, freshness: Freshness | None, *, indexed: bool) -> Layout:
    return Layout(
        title=subject.heading,
        section=SECTION,
        description=subject.about,
        canonical=subject.path,
        indexed=indexed,
        freshness=freshness,
        sheets=SHEETS,
        scripts=SCRIPTS,
    )
