"""The page of an invalid search: its faults, beside the fields that correct them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from search_app.base.errors import Fault
from search_app.pages.funding.asked.posted import NOTHING_ASKED, Asked
from search_app.pages.funding.links import SCRIPT as SITUATION_SCRIPT
from search_app.pages.funding.links import SHEET as SITUATION_SHEET
from search_app.pages.funding.on_results import build_search_panel
from search_app.pages.search.facet_lists import build_uncounted_lists
from search_app.pages.search.form import build_form, named_fault, why
from search_app.pages.search.page import SCRIPTS, SHEETS, FaultLink, SearchPage
from search_app.pages.selection.shortlist import NOTHING_PICKED, PICKING, Selection
from search_app.pages.shared.layout import Freshness, Layout, Link
from search_app.pages.shared.picking import pairs_of
from search_app.search.links import Pairs, address, replaced, without
from search_app.search.reference_data import Snapshot
from search_app.text.wording import curved


def build_fault_page(
    pairs: Pairs,
    faults: Sequence[Fault],
    snapshot: Snapshot,
    freshness: Freshness | None,
    selection: Selection = NOTHING_PICKED,
    asked: Asked = NOTHING_ASKED,
) -> SearchPage:
    """Return the page that says what is wrong with the address; the form keeps what was given, also of a situation
    (``asked``).
    """
    lists = build_uncounted_lists(snapshot, pairs, faults, {fault.parameter: why(fault) for fault in faults})
    here = (*without(pairs, PICKING), *pairs_of(selection))
    panel = build_search_panel(snapshot.funding.book, asked, here) if asked.posted else None
    form = build_form(here, lists, faults=faults)
    return SearchPage(
        layout=Layout(
            "Recherche à corriger",
            "search",
            indexed=False,
            freshness=freshness,
            sheets=(*SHEETS, SITUATION_SHEET) if panel else SHEETS,
            scripts=(*SCRIPTS, SITUATION_SCRIPT) if panel else SCRIPTS,
        ),
        form=replace(form, person=panel.given) if panel and panel.holds else form,
        heading="Cette recherche ne peut pas être faite",
        count="",
        faults=tuple(_fault_link(fault, here) for fault in faults),
        panel=panel,
    )


def fault_links(pairs: Pairs, faults: Sequence[Fault], labels: Mapping[str, str], path: str) -> tuple[FaultLink, ...]:
    """Return the faults of the address of another list than that of offers, with the labels of its fields."""
    links = []
    for fault in faults:
        others = without(pairs, fault.parameter)
        instead = tuple(Link(value, address((*others, (fault.parameter, value)), path)) for value in fault.nearest)
        links.append(FaultLink(named_fault(fault, labels), f"#champ-{fault.parameter}", instead))
    return tuple(links)


def _fault_link(fault: Fault, pairs: Pairs) -> FaultLink:
    instead = tuple(Link(curved(value), address(replaced(pairs, fault.parameter, value))) for value in fault.nearest)
    return FaultLink(named_fault(fault), f"#champ-{fault.parameter}", instead)
