"""Offers side by side: one row per aspect, in the order of readers' questions."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from mappings.codes import ENTRY_LABELS, MODE_LABELS
from mappings.offer import Offer
from search_app.pages.funding.dossier.summary import Summary
from search_app.pages.funding.links import funding_path
from search_app.pages.offer import sections
from search_app.pages.offer.enrolment import registration_period
from search_app.pages.offer.facts import Value
from search_app.pages.offer.sessions import SessionRow, build_session_rows
from search_app.pages.shared.cards import place_line
from search_app.search.reference_data import Snapshot
from search_app.search.results import OfferCard
from search_app.text import wording

MOST_SESSIONS: Final = 1  # coming sessions of an offer: the first that can be joined; its own page has all
MOST_CONTACTS: Final = 2
LONGEST_PROSE: Final = 240  # characters of a text that the offer's own page displays completely


@dataclass(frozen=True, slots=True)
class Compared:
    """One offer as a result, as stored, its sessions that are not over, and who pays for the reader, if asked."""

    card: OfferCard
    offer: Offer
    coming: tuple[SessionRow, ...]
    snapshot: Snapshot
    today: date
    paid: Summary | None = None


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

    @property
    def common(self) -> Cell | None:
        """Return the value of all offers, None if all are removed."""
        return next((cell for cell in self.cells if cell), None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rows that decide, the others that differ, and those that are alike for all offers."""

    first: tuple[CompareRow, ...] = ()
    more: tuple[CompareRow, ...] = ()
    alike: tuple[CompareRow, ...] = ()


def build_compared(
    card: OfferCard, offer: Offer, snapshot: Snapshot, today: date, paid: Summary | None = None
) -> Compared:
    """Return an offer prepared for comparison; announcements of its sessions include its title."""
    rows = build_session_rows(offer, card.sessions, today)
    coming = [
        replace(row, live=replace(row.live, about=f"{card.title}, {row.live.about}")) for row in rows if not row.over
    ]
    return Compared(card, offer, tuple(coming), snapshot, today, paid)


def build_comparison(compared: Sequence[Compared | None]) -> Comparison:
    """Return all rows; removed offers are None. Contact, session and who pays for the reader are displayed even where
    they are alike.
    """
    for_me = [ROW_FOR_ME] if any(each and each.paid for each in compared) else []
    always = [_row(name, make, compared) for name, make in (*ALWAYS_ROWS, *for_me)]
    first = [*always, *(_row(name, make, compared) for name, make in FIRST_ROWS)]
    more = [_row(name, make, compared) for name, make in MORE_ROWS]
    shown = [row for row in first if row in always or row.differs is not False]
    return Comparison(
        tuple(shown),
        tuple(row for row in more if row.differs is not False),
        tuple(row for row in (*first, *more) if row not in shown and row.differs is False),
    )


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
    return _cell((distance, remote, place_line(card.place)), "Lieu non communiqué")


def _sessions(each: Compared) -> Cell:
    if not each.coming:
        return Cell(unknown="Aucune session à venir annoncée")
    hidden = len(each.coming) - MOST_SESSIONS
    more = wording.counted(hidden, "autre date", "autres dates") if hidden > 0 else None
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


def _payment(each: Compared) -> Cell:
    card, detail = each.card, each.offer.detail
    free = wording.free([row.label for row in card.audience]) if card.free else None
    price = wording.euros(card.price) if card.price is not None else detail.price_text
    payers = ", ".join(funder.label for funder in card.funders)
    texts = (free, price or (None if free else "Prix non communiqué"), payers, _short(detail.remaining_costs))
    return _cell(texts, "Prix non communiqué")


def _for_me(each: Compared) -> Cell:
    """Return who pays for the reader, with the way to the dossier."""
    if each.paid is None:
        return Cell(unknown="Non calculé")
    remaining = f"Reste à payer{wording.NBSP}: {each.paid.remaining}"
    path = Value("Conditions et démarches", funding_path(each.card.key))
    return Cell((Value(each.paid.payers), Value(remaining), path))


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


def _contact(each: Compared) -> Cell:
    """Return numbers, a mail address and a site of an offer's contacts, those of its next sessions first."""
    cards = [card for row in each.coming[:MOST_SESSIONS] for card in row.contacts]
    cards += sections.build_contacts(each.offer)
    lines = list(dict.fromkeys(line for card in cards for line in card.lines if line.href))
    phones, mails, sites = ([line for line in lines if (line.href or "").startswith(scheme)]
                            for scheme in ("tel:", "mailto:", "http"))  # fmt: skip
    return _linked(
        [*phones[:MOST_CONTACTS], *mails[:1], *([] if phones or mails else sites[:1])], "Aucun contact donné"
    )


def _origin(each: Compared) -> Cell:
    return _cell((each.offer.source, f"fiche enregistrée le {wording.moment(each.offer.written_at)}"), "")


Row = tuple[str, Callable[[Compared], Cell]]
ALWAYS_ROWS: Final[tuple[Row, ...]] = (
    ("Contact", _contact),
    ("Prochaine session", _sessions),
)
ROW_FOR_ME: Final[Row] = ("Qui paie pour moi", _for_me)
FIRST_ROWS: Final[tuple[Row, ...]] = (
    ("Lieu", _place),
    ("Qui paie", _payment),
    ("Pour entrer", _entrance),
)
MORE_ROWS: Final[tuple[Row, ...]] = (
    ("Inscription", _registration),
    ("Durée", _duration),
    ("Modalité", _mode),
    ("Niveau et certification", _outcome),
    ("Source", _origin),
)
