"""The page of the selection: `/selection`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote

from search_app.base.errors import Fault
from search_app.pages.search.fields import TextField
from search_app.pages.search.form import why, why_and_nearest
from search_app.pages.selection.compare import Compared, CompareRow, build_compared, build_rows
from search_app.pages.selection.shortlist import (
    EARLIER,
    LATER,
    LONGEST_NOTE,
    LONGEST_TEXT,
    MOST_PICKS,
    REMOVED,
    Pick,
    Reading,
    Selection,
    selection_address,
)
from search_app.pages.shared.layout import Freshness, Layout, Link, Page
from search_app.pages.shared.picking import SCRIPT, SEARCH_AGAIN, build_bar, pairs_of
from search_app.search.links import Pairs, address
from search_app.search.reference_data import Snapshot
from search_app.search.selected import Gone, Selected
from search_app.search.whole_offer import read_offer
from search_app.text import wording

CSV: Final = "/selection.csv"
CALENDAR: Final = "/selection.ics"
SHEET: Final = "selection.css"
SCRIPTS: Final = (SCRIPT, "notes.js")
GONE: Final = "Cette offre n’est plus au catalogue"
MOST_TOLD: Final = 3  # displayed parts of an address that cannot be parsed


@dataclass(frozen=True, slots=True)
class NoteField:
    """The note on an offer as given; ``name`` is that of its field."""

    name: str
    value: str
    error: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """A button that sends the form, with the notes as typed, and changes the selection."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """One offer of the selection; a removed (``gone``) one with its last state and similar offers, if known."""

    number: int
    key: str
    title: str
    href: str
    link: str
    provider: str
    gone: bool
    was: str | None
    likes: tuple[Link, ...]
    acts: tuple[Act, ...]
    note: NoteField


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
    rows: tuple[CompareRow, ...]
    state: str
    where: TextField
    point: Pairs
    hand_over: HandOver
    search_href: str
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
) -> SelectionPage:
    """Return the page; ``where`` is the place for distances, ``site`` the address of the site."""
    selection, typed = reading.selection, where
    where = () if faults else where  # an invalid place stays in its field
    compared = [_compared(pick, selected, snapshot, today) for pick in selection.picks]
    heading = _heading(selection)
    columns = tuple(
        _column(number, pick, found, reading, selected.gone.get(pick.key), site)
        for number, (pick, found) in enumerate(zip(selection.picks, compared, strict=True), 1)
    )
    bar = build_bar(selection, where)
    return SelectionPage(
        layout=Layout(
            heading, "selection", indexed=False, freshness=freshness, sheets=(SHEET,), scripts=SCRIPTS, bar=bar
        ),
        heading=heading,
        notices=_notices(reading, faults),
        columns=columns,
        rows=build_rows(compared) if any(compared) else (),
        state=selection.text,
        where=_where_field(typed, faults),
        point=tuple(pair for pair in where if pair[0] in ("lat", "lon")),
        hand_over=_hand_over(selection, where, columns, site),
        search_href=address((*SEARCH_AGAIN, *where, *pairs_of(selection))),
    )


def _heading(selection: Selection) -> str:
    count = len(selection.picks)
    return f"Ma sélection{wording.NBSP}: {wording.counted(count, 'offre', 'offres')}" if count else "Ma sélection"


def _compared(pick: Pick, selected: Selected, snapshot: Snapshot, today: date) -> Compared | None:
    card, record = selected.cards.get(pick.key), selected.records.get(pick.key)
    if card is None or record is None:
        return None
    return build_compared(card, read_offer(record), snapshot, today)


def _column(
    number: int,
    pick: Pick,
    found: Compared | None,
    reading: Reading,
    was: Gone | None,
    site: str,
) -> Column:
    selection, key = reading.selection, pick.key
    picked = pairs_of(selection)
    card = found.card if found else None
    href = f"/offres/{key}"
    return Column(
        number=number,
        key=key,
        title=wording.typeset(card.title) if card else GONE,
        href=address(picked, href),
        link=site + href,
        provider=wording.provider_line(card.provider.name, card.trainer) if card else f"clé {key}",
        gone=card is None,
        was=None if card or not was else f"{wording.typeset(was.title)}, jusqu’au {wording.moment(was.removed_at)}",
        likes=() if card or not was else _likes(was, href, picked),
        acts=_acts(number, len(selection.picks)),
        note=_note_field(number, pick, reading),
    )


def _acts(number: int, count: int) -> tuple[Act, ...]:
    """Return the buttons of the offer at this position."""
    acts = [Act(REMOVED, "Retirer")]
    if number < count:
        acts.insert(0, Act(LATER, "Après"))
    return (Act(EARLIER, "Avant"), *acts) if number > 1 else tuple(acts)


def _likes(was: Gone, href: str, picked: Pairs) -> tuple[Link, ...]:
    """Return the links to other offers of its training, and to its own page with similar offers."""
    every = Link("Ce qui lui ressemble", address(picked, href))
    if not was.likes:
        return (every,)
    pairs = (("training", was.training), *SEARCH_AGAIN, *picked)
    text = f"La même formation ({wording.counted(was.likes, 'offre', 'offres')})"
    return (Link(text, address(pairs)), every)


def _note_field(number: int, pick: Pick, reading: Reading) -> NoteField:
    given = reading.too_long.get(pick.key)
    if given is None:
        return NoteField(f"n{number}", pick.note, None)
    error = (
        f"{LONGEST_NOTE} caractères au plus : la fin ne sera pas transmise."
        if pick.note
        else "L’adresse n’a plus de place pour cette note : raccourcissez-en une."
    )
    return NoteField(f"n{number}", given, wording.typeset(error))


def _where_field(where: Pairs, faults: Sequence[Fault]) -> TextField:
    given = dict(where).get("place", "")
    error = next((why_and_nearest(fault) for fault in faults if fault.parameter == "place"), None)
    return TextField("place", "Distances depuis", given, error=error)


def _hand_over(selection: Selection, where: Pairs, columns: Sequence[Column], site: str) -> HandOver:
    link = site + selection_address(selection, where)
    titles = "".join(f"{column.number}. {column.title}\r\n" for column in columns)
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
