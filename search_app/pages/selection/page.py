"""The page of the selection: `/selection`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from search_app.base.errors import Fault
from search_app.pages.funding import links
from search_app.pages.funding.asked.panel import Panel
from search_app.pages.funding.dossier.summary import Summary
from search_app.pages.search.fields import TextField
from search_app.pages.search.form import why, why_and_nearest
from search_app.pages.selection.columns import Column, build_column, same_title
from search_app.pages.selection.compare import Compared, Comparison, build_compared, build_comparison
from search_app.pages.selection.shortlist import (
    LONGEST_NOTE,
    LONGEST_TEXT,
    MOST_PICKS,
    Pick,
    Reading,
    Selection,
    selection_address,
)
from search_app.pages.shared.layout import Freshness, Layout, Page
from search_app.pages.shared.picking import SCRIPT, SEARCH_AGAIN, build_bar, pairs_of
from search_app.search.links import Pairs, address
from search_app.search.reference_data import Snapshot
from search_app.search.selected import Selected
from search_app.search.whole_offer import read_offer
from search_app.text import wording

CSV: Final = "/selection.csv"
CALENDAR: Final = "/selection.ics"
SHEETS: Final = ("selection.css", links.SHEET)
SCRIPTS: Final = (SCRIPT, "notes.js", links.SCRIPT)
MOST_TOLD: Final = 3  # displayed parts of an address that cannot be parsed


@dataclass(frozen=True, slots=True)
class HandOver:
    """The ways to share a selection."""

    link: str
    mail_href: str
    csv_href: str
    calendar_href: str


@dataclass(frozen=True, slots=True)
class SelectionPage(Page):
    """Offers side by side; an empty selection explains how to pick offers."""

    heading: str
    notices: tuple[str, ...]
    columns: tuple[Column, ...]
    same_title: str | None
    comparison: Comparison
    state: str
    where: TextField
    point: Pairs
    hand_over: HandOver
    search_href: str
    panel: Panel | None = None
    longest_note: int = LONGEST_NOTE
    room: int = LONGEST_TEXT


def build_selection_page(
    reading: Reading,
    selected: Selected,
    where: Pairs,
    faults: Sequence[Fault],
    *,
    snapshot: Snapshot,
    today: date,
    freshness: Freshness | None,
    site: str,
    panel: Panel | None = None,
    paid: Mapping[str, Summary] = MappingProxyType({}),
) -> SelectionPage:
    """Return the page; ``where`` is the place for distances, ``site`` the address of the site.

    ``panel`` asks for the reader's situation, and ``paid`` tells by key who pays for it.
    """
    selection, typed = reading.selection, where
    where = () if faults else where  # an invalid place stays in its field
    compared = [_compared(pick, selected, snapshot, today, paid.get(pick.key)) for pick in selection.picks]
    columns = tuple(
        build_column(number, pick, found, reading, selected.gone.get(pick.key), site)
        for number, (pick, found) in enumerate(zip(selection.picks, compared, strict=True), 1)
    )
    layout = _layout(selection, where, freshness)
    return SelectionPage(
        layout=layout,
        heading=layout.title,
        notices=_notices(reading, faults),
        columns=columns,
        same_title=same_title(columns),
        comparison=build_comparison(compared) if any(compared) else Comparison(),
        state=selection.text,
        where=_where_field(typed, faults),
        point=tuple(pair for pair in where if pair[0] in ("lat", "lon")),
        hand_over=_hand_over(selection, where, columns, site),
        search_href=address((*SEARCH_AGAIN, *where, *pairs_of(selection))),
        panel=panel if any(compared) else None,
    )


def _layout(selection: Selection, where: Pairs, freshness: Freshness | None) -> Layout:
    title, bar = _heading(selection), build_bar(selection, where)
    return Layout(title, "selection", indexed=False, freshness=freshness, sheets=SHEETS, scripts=SCRIPTS, bar=bar)


def _heading(selection: Selection) -> str:
    count = len(selection.picks)
    return f"Ma sélection{wording.NBSP}: {wording.counted(count, 'offre', 'offres')}" if count else "Ma sélection"


def _compared(pick: Pick, selected: Selected, snapshot: Snapshot, today: date, paid: Summary | None) -> Compared | None:
    card, record = selected.cards.get(pick.key), selected.records.get(pick.key)
    if card is None or record is None:
        return None
    return build_compared(card, read_offer(record), snapshot, today, paid)


def _where_field(where: Pairs, faults: Sequence[Fault]) -> TextField:
    given = dict(where).get("place", "")
    error = next((why_and_nearest(fault) for fault in faults if fault.parameter == "place"), None)
    return TextField("place", "Distances depuis", given, error=error)


def _hand_over(selection: Selection, where: Pairs, columns: Sequence[Column], site: str) -> HandOver:
    link = site + selection_address(selection, where)
    titles = "".join(f"{column.number}. {column.title}, {column.name}\r\n" for column in columns)
    subject = _heading(selection).replace("Ma sélection", "Sélection de formations")
    # mail programs truncate an address at 2,000 characters
    body = f"{titles}\r\n{link}" if len(columns) <= 10 else link
    return HandOver(
        link=link,
        mail_href=f"mailto:?subject={quote(subject)}&body={quote(body)}",
        csv_href=selection_address(selection, where, CSV),
        calendar_href=selection_address(selection, where, CALENDAR),
    )


def _notices(reading: Reading, faults: Sequence[Fault]) -> tuple[str, ...]:
    """Return what had to be left out, and why."""
    told = [f"Distances : {why(fault)[:1].lower()}{why(fault)[1:]}" for fault in faults]
    if reading.repeated:
        told.append(f"{wording.counted(reading.repeated, 'doublon a été retiré', 'doublons ont été retirés')}.")
    if reading.beyond:
        rest = f"les {reading.beyond} suivantes n’y sont pas" if reading.beyond > 1 else "la suivante n’y est pas"
        told.append(f"Une sélection tient {MOST_PICKS} offres au plus : {rest}.")
    if reading.unreadable:
        parts = ", ".join(f"« {part} »" for part in reading.unreadable[:MOST_TOLD])
        rest = "…" if len(reading.unreadable) > MOST_TOLD else ""
        told.append(f"L’adresse est abîmée : ceci n’est pas la clé d’une offre : {parts}{rest}")
    if reading.too_long:
        told.append("Des notes ne tiennent pas dans l’adresse : elles sont signalées plus bas.")
    return tuple(wording.typeset(text) for text in told)
