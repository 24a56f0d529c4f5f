"""The table of an offer's sessions, and its places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from mappings.codes import lheo_table
from mappings.offer import FOREVER, Meeting, Offer, Place, Session
from search_app.exports.meeting_events import to_span
from search_app.pages.offer.enrolment import closed_reasons, enrolment_line, registration_lines
from search_app.pages.offer.facts import ContactCard, Fact, Value, mail_link, phone_link, to_contact_card, web_link
from search_app.pages.offer.session_facts import session_facts
from search_app.pages.shared.cards import session_when, to_live_seats
from search_app.search.passed import passed
from search_app.search.present.seat_lines import LiveSeats, SeatLine, State, build_seat_lines, to_state
from search_app.search.present.sessions import DATED
from search_app.search.reference_data import Snapshot
from search_app.search.results import SessionView
from search_app.text import wording
from search_app.text.meetings import meeting_details, meeting_passed, meeting_text

DIRECTIONS = "https://www.openstreetmap.org/directions"


@dataclass(frozen=True, slots=True)
class MeetingItem:
    """A step of a session's recruitment: one line, and its details."""

    text: str
    lines: tuple[Value, ...]
    passed: str | None = None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session in the table; ``over``: it cannot be joined any more, by date or according to the feed.

    ``passed`` says so by date, ``marked_over`` by the feed. ``closed`` is why registration is closed now, ``enrolment``
    until when it is open; ``first_day`` the first possible ISO start day, the last of all days if unknown.
    """

    when: str
    over: bool
    marked_over: bool
    state: State | None
    seats: tuple[SeatLine, ...]
    contradiction: str | None
    registration: tuple[str, ...]
    contacts: tuple[ContactCard, ...]
    url: Value | None
    number: str
    live: LiveSeats
    calendar: str | None = None
    passed: str | None = None
    closed: tuple[str, ...] = ()
    enrolment: str | None = None
    first_day: str = FOREVER.isoformat()
    meetings: tuple[MeetingItem, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceBlock:
    """One place with its address."""

    name: str | None
    lines: tuple[str, ...]
    note: str | None
    links: tuple[Value, ...]


def build_session_rows(offer: Offer, views: Sequence[SessionView], today: date) -> tuple[SessionRow, ...]:
    """Return a row for each session: those that can be joined, closed ones, and those that are over.

    Each part keeps the order of the views (to come, past, unknown).
    """
    stored = {session.id: session for session in offer.sessions}
    rows = [_row(stored[view.id], view, offer, today) for view in views if view.id in stored]
    return tuple(sorted(rows, key=lambda row: (row.over, bool(row.closed))))


def _row(session: Session, view: SessionView, offer: Offer, today: date) -> SessionRow:
    roles = lheo_table("dict-type-contact")
    contacts = [card for contact in session.contacts if (card := to_contact_card(contact, roles))]
    gone_by = passed(view, offer.entry, today.isoformat())
    closed = closed_reasons(session, today)
    return SessionRow(
        when=session_when(replace(view, recruiting="closed") if closed else view, offer.entry, today),
        over=session.over or session.open_until < today or gone_by is not None,
        marked_over=session.over,
        state=to_state(view.recruiting),
        seats=build_seat_lines(view.seats),
        contradiction=view.contradiction,
        registration=registration_lines(session.registration, today),
        contacts=tuple(contacts),
        url=web_link(session.url) if session.url else None,
        number=session.id,
        live=to_live_seats(view, offer.entry),
        calendar=_calendar(session, offer, today),
        passed=gone_by,
        closed=closed,
        enrolment=enrolment_line(session, closed, today),
        first_day=max(view.start or FOREVER.isoformat(), today.isoformat()),
        meetings=tuple(_meeting(meeting, today) for meeting in session.meetings),
        facts=session_facts(session),
    )


def _meeting(meeting: Meeting, today: date) -> MeetingItem:
    lines = [*map(Value, meeting_details(meeting)), *([web_link(meeting.url)] if meeting.url else [])]
    return MeetingItem(meeting_text(meeting), tuple(lines), meeting_passed(meeting, today))


def _calendar(session: Session, offer: Offer, today: date) -> str | None:
    """Return the address of a session's calendar, None if it is past or has neither a day nor a meeting to come."""
    if session.over or session.open_until < today:
        return None
    dated = session.window and session.start_precision in DATED
    if not dated and not any(to_span(each) and not meeting_passed(each, today) for each in session.meetings):
        return None
    return f"/offres/{offer.key}/{session.key}.ics"


def build_places(offer: Offer, snapshot: Snapshot) -> tuple[PlaceBlock, ...]:
    """Return the places of an offer."""
    blocks = (_place(place, snapshot) for place in offer.places)
    return tuple(block for block in blocks if block.name or block.lines or block.note or block.links)


def _place(place: Place, snapshot: Snapshot) -> PlaceBlock:
    town = " ".join(text for text in (place.postal_code, place.town) if text)
    area = [snapshot.label(kind, code) for kind in ("department", "region") if (code := getattr(place, kind))]
    country = place.country if place.country and place.country.casefold() not in ("fr", "france") else ""
    lines = [place.person, *place.lines, town, ", ".join(dict.fromkeys(area)), country]
    links = [phone_link(number) for number in place.phones] + [mail_link(mail) for mail in (place.email,) if mail]
    links += [web_link(url) for url in place.urls] + _way(place)
    shown = dict.fromkeys(line for line in lines if line and line != place.name)
    return PlaceBlock(place.name, tuple(shown), _position(place), tuple(links))


def _way(place: Place) -> list[Value]:
    """Return the link to a map with directions, if the position is known."""
    if place.lat is None or place.lon is None:
        return []
    return [Value("Y aller : plan et itinéraire (OpenStreetMap)", f"{DIRECTIONS}?to={place.lat:.5f}%2C{place.lon:.5f}")]


def _position(place: Place) -> str | None:
    """Return the codes of commune and establishment, and the coordinates; unknown ones are left out."""
    codes = (("commune", place.insee), ("SIRET", place.siret), ("UAI", place.uai))
    parts = [f"{name} {code}" for name, code in codes if code]
    if place.lat is not None and place.lon is not None:
        centre = ", centre de la commune" if place.located_by == "commune" else ""
        parts.append(f"position {_degrees(place.lat)} ; {_degrees(place.lon)}{centre}")
    text = ", ".join(parts)
    return wording.typeset(text[:1].upper() + text[1:]) or None


def _degrees(value: float) -> str:
    return f"{value:.5f}".rstrip("0").rstrip(".").replace(".", ",")
