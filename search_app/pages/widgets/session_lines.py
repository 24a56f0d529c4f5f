"""Sessions of an offer as its frame shows them: one block each, with the seats of few funders."""

from dataclasses import dataclass
from datetime import date

from search_app.pages.search.results.card import ResultCard
from search_app.pages.shared.cards import session_when, to_live_seats
from search_app.search.passed import passed
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


def joinable(card: OfferCard, today: date) -> list[SessionView]:
    """Return the sessions that can still be joined, the nearest first."""
    return [session for session in card.sessions if passed(session, card.entry, today.isoformat()) is None]


def where_line(card: ResultCard) -> str:
    """Return provider, place and distance in one line."""
    return " · ".join(text for text in (card.provider, card.place, card.distance) if text)
