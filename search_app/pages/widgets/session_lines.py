"""Sessions and places as frames show them: one line each, with few seats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mappings.codes import MODE_LABELS
from search_app.pages.shared.cards import place_line, session_when, to_live_seats
from search_app.search.passed import passed
from search_app.search.present.seat_lines import LiveSeats, SeatLine, State, build_seat_lines, to_state
from search_app.search.results import OfferCard, SessionView
from search_app.text import wording


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session; ``passed``: it cannot be joined any more."""

    when: str
    state: State | None
    seats: tuple[SeatLine, ...]
    contradiction: str | None
    live: LiveSeats
    passed: str | None


def build_session_line(
    session: SessionView, entry: str | None, today: date, *, funders: Sequence[str] = (), most: int = 1
) -> SessionLine:
    """Return a session with its most useful figures: of the chosen ``funders`` first, then the most seats."""
    by_seats = sorted(session.seats, key=lambda figure: -1 if figure.available is None else figure.available)
    lines = build_seat_lines(by_seats[::-1], preferred=funders)
    return SessionLine(
        when=session_when(session, entry, today),
        state=to_state(session.recruiting),
        seats=lines[:most],
        contradiction=session.contradiction,
        live=to_live_seats(session, entry, cut=len(lines) > most),
        passed=passed(session, entry, today.isoformat()),
    )


def joinable(card: OfferCard, today: date) -> list[SessionView]:
    """Return the sessions that can still be joined, the nearest first."""
    return [session for session in card.sessions if passed(session, card.entry, today.isoformat()) is None]


def where_line(card: OfferCard) -> str:
    """Return provider, place and distance in one line."""
    place = MODE_LABELS["remote"] if card.mode == "remote" else place_line(card.place)
    distance = None if card.distance_km is None else wording.kilometres(card.distance_km)
    provider = wording.provider_line(card.provider.name, card.provider.siren)
    return " · ".join(text for text in (provider, place, distance) if text)
