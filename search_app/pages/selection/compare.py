"""Offers side by side: one row per aspect, in the order of readers' questions."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from mappings.codes import ENTRY_LABELS, MODE_LABELS
from mappings.offer import Offer
from search_app.pages.offer import sections
from search_app.pages.offer.enrolment import registration_period
from search_app.pages.offer.facts import Value
from search_app.pages.offer.sessions import SessionRow, build_session_rows
from search_app.pages.shared.cards import place_line
from search_app.search.reference_data import Snapshot
from search_app.search.results import OfferCard
from search_app.text import wording

MOST_SESSIONS: Final = 3  # coming sessions of an offer; its own page has all
MOST_CONTACTS: Final = 3
LONGEST_PROSE: Final = 240  # characters of a text that the offer's own page displays completely


@dataclass(frozen=True, slots=True)
class Compared:
    """One offer as a result, as stored, and its sessions that are not over."""

    card: OfferCard
    offer: Offer
    coming: tuple[SessionRow, ...]
    snapshot: Snapshot
    today: date


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of one offer in one row; ``unknown`` is displayed instead of no value, ``more`` counts hidden ones."""

    values: tuple[Value, ...] = ()
    sessions: tuple[SessionRow, ...] = ()
    more: str | None = None
    unknown: str | None = None


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One row; a cell is None if the offer is removed. ``differs`` is None with fewer than two offers."""

    name: str
    cells: tuple[Cell | None, ...]
    differs: bool | None


def build_compared(card: OfferCard, offer: Offer, snapshot: Snapshot, today: date) -> Compared:
    """Return an offer prepared for comparison; announcements of its sessions include its title."""
    rows = build_session_rows(offer, card.sessions, today)
    coming = [
        replace(row, live=replace(row.live, about=f"{card.title}, {row.live.about}")) for row in rows if not row.over
    ]
    return Compared(card, offer, tuple(coming), snapshot, today)


def build_rows(compared: Sequence[Compared | None]) -> tuple[CompareRow, ...]:
    """Return all rows; removed offers are None."""
    return tuple(_row(name, make, compared) for name, make in ROWS)


def _row(name: str, make: Callable[[Compared], Cell], compared: Sequence[Compared | None]) -> CompareRow:
    cells = tuple(make(each) if each else None for each in compared)
    told = [_told(cell) for cell in cells if cell]
    return CompareRow(name, cells, len(set(told)) > 1 if len(told) > 1 else None)


def _told(cell: Cell) -> tuple[object, ...]:
    """Return the text of a cell, without parts that always differ (numbers of sessions, ages)."""
    seats = [(row.when, row.state, [(line.text, line.funder) for line in row.seats]) for row in cell.sessions]
    return tuple(value.text for value in cell.values), str(seats), cell.more, cell.unknown


def _cell(texts: Iterable[str | None], unknown: str) -> Cell:
    return _linked((Value(wording.typeset(text)) for text in texts if text), unknown)


def _linked(values: Iterable[Value], unknown: str) -> Cell:
    found = tuple(dict.fromkeys(values))
    return Cell(found) if found else Cell(unknown=unknown)


def _short(text: str | None) -> str | None:
    """Return the beginning of a text, up to the end of a word.

    >>> _short("mot " * 100)[-8:], _short(" \\n ")
    ('mot mot…', None)
    """
    plain = " ".join((text or "").split())
    if len(plain) <= LONGEST_PROSE:
        return plain or None
    return plain[:LONGEST_PROSE].rsplit(" ", 1)[0] + "…"


def _place(each: Compared) -> Cell:
    card = each.card
    remote = MODE_LABELS["remote"] if card.mode == "remote" else None
    distance = None if card.distance_km is None else f"à {wording.kilometres(card.distance_km)}"
    return _cell((remote, place_line(card.place), distance), "Lieu non communiqué")


def _sessions(each: Compared) -> Cell:
    if not each.coming:
        return Cell(unknown="Aucune session à venir annoncée")
    hidden = len(each.coming) - MOST_SESSIONS
    more = wording.counted(hidden, "autre session à venir", "autres sessions à venir") if hidden > 0 else None
    return Cell(sessions=each.coming[:MOST_SESSIONS], more=more)


def _registration(each: Compared) -> Cell:
    """Return the end of registration; with its session unless it is the same for all displayed ones."""
    stored = {session.id: session.registration for session in each.offer.sessions}
    shown = each.coming[:MOST_SESSIONS]
    periods = [
        (row.when, registration_period(registration, each.today))
        for row in shown
        if (registration := stored[row.number])
    ]
    told = [(when, period) for when, period in periods if period]
    if len({period for _, period in told}) > 1 or 0 < len(told) < len(shown):
        return _cell((f"{when} : {period[:1].lower()}{period[1:]}" for when, period in told), "")
    return _cell((period for _, period in told), "Période non précisée")


def _payers(each: Compared) -> Cell:
    return _cell((funder.label for funder in each.card.funders), "Financeurs non précisés")


def _price(each: Compared) -> Cell:
    card, detail = each.card, each.offer.detail
    free = wording.free([row.label for row in card.audience]) if card.free else None
    price = wording.euros(card.price) if card.price is not None else detail.price_text
    return _cell((free, price, _short(detail.remaining_costs)), "Prix non communiqué")


def _duration(each: Compared) -> Cell:
    detail = each.offer.detail
    return _cell((sections.duration_text(each.offer), detail.duration, _short(detail.rhythm)), "Durée non communiquée")


def _mode(each: Compared) -> Cell:
    labels = (MODE_LABELS.get(each.offer.mode or ""), ENTRY_LABELS.get(each.offer.entry or ""))
    return _cell(labels, "Modalité non précisée")


def _entrance(each: Compared) -> Cell:
    offer, snapshot = each.offer, each.snapshot
    audience = ", ".join(snapshot.label("audience", code) for code in offer.audience)
    return _cell((sections.entry_level_text(offer, snapshot), _short(audience), _short(offer.detail.conditions)), "")


def _outcome(each: Compared) -> Cell:
    level = each.card.level.label if each.card.level else None
    return _cell((level, *each.card.certifications), "Niveau et certification non précisés")


def _contact_values(each: Compared, scheme: str, unknown: str) -> Cell:
    """Return the numbers or addresses of an offer's contacts, those of its coming sessions first."""
    cards = [card for row in each.coming[:MOST_SESSIONS] for card in row.contacts]
    cards += sections.build_contacts(each.offer)
    lines = dict.fromkeys(line for card in cards for line in card.lines if (line.href or "").startswith(scheme))
    return _linked(list(lines)[:MOST_CONTACTS], unknown)


def _phone(each: Compared) -> Cell:
    return _contact_values(each, "tel:", "Aucun numéro donné")


def _mail(each: Compared) -> Cell:
    return _contact_values(each, "mailto:", "Aucune adresse donnée")


def _origin(each: Compared) -> Cell:
    return _cell((each.offer.source, f"fiche enregistrée le {wording.moment(each.offer.written_at)}"), "")


ROWS: Final[tuple[tuple[str, Callable[[Compared], Cell]], ...]] = (
    ("Lieu", _place),
    ("Prochaines sessions", _sessions),
    ("Inscription", _registration),
    ("Qui paie", _payers),
    ("Prix", _price),
    ("Durée", _duration),
    ("Modalité", _mode),
    ("Pour y entrer", _entrance),
    ("Niveau et certification", _outcome),
    ("Téléphone", _phone),
    ("Courriel", _mail),
    ("Source", _origin),
)
