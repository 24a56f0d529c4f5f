"""Sessions of an offer as its frame shows them: one block each, with the seats of few funders."""

from dataclasses import dataclass
from datetime import date

from mappings.offer import Offer
from search_app.pages.offer.sessions import build_session_rows
from search_app.pages.search.results.card import ResultCard
from search_app.pages.shared.cards import session_when, to_live_seats
from search_app.search.present.seat_lines import LiveSeats, SeatLine, State, build_seat_lines, to_state
from search_app.search.results import OfferCard, SessionView


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session with the seats under each funder."""

    when: str
    state: State | None
    seats: tuple[SeatLine, ...]
    contradiction: str | None
    live: LiveSeats


def build_session_line(session: SessionView, entry: str | None, today: date, most: int) -> SessionLine:
    """Return a session with at most so many figures, those with the most seats first."""
    by_seats = sorted(session.seats, key=lambda figure: figure.available is None or -figure.available)
    lines = build_seat_lines(by_seats)
    return SessionLine(
        when=session_when(session, entry, today),
        state=to_state(session.recruiting),
        seats=lines[:most],
        contradiction=session.contradiction,
        live=to_live_seats(session, entry, cut=len(lines) > most),
    )


def sessions_to_come(offer: Offer, card: OfferCard, today: date) -> list[SessionView]:
    """Return the sessions that are not over in the order of the offer's page: first those that can be joined."""
    views = {session.id: session for session in card.sessions}
    return [views[row.number] for row in build_session_rows(offer, card.sessions, today) if not row.over]


def where_line(card: ResultCard) -> str:
    """Return provider, place and distance in one line."""
    return " · ".join(text for text in (card.provider, card.place, card.distance) if text)
