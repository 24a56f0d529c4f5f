"""The one session that a result shows: the first matching one that can be joined."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from mappings.codes import NOT_OPEN
from search_app.pages.shared.cards import in_window
from search_app.search.params.search_params import SearchParams
from search_app.search.passed import is_behind, passed
from search_app.search.present.seat_lines import build_best_line
from search_app.search.results import OfferCard, SessionView
from search_app.text import wording
from search_app.text.dates import short_day

NO_SESSION: Final = wording.typeset("Dates : à demander")


def matching_sessions(card: OfferCard) -> Sequence[SessionView]:
    """Return the sessions that meet the search, in their order."""
    return card.sessions[: card.matching_sessions]


def session_to_show(card: OfferCard, params: SearchParams, today: date) -> SessionView | None:
    """Return the first matching session that can be joined; without one, the first that is not over; else the first.

    Where the most seats come first, it is the one that has them.
    """
    matching = matching_sessions(card)
    to_come = [each for each in matching if not passed(each, card.entry, today.isoformat())]
    open_ones = [each for each in to_come if each.recruiting not in NOT_OPEN]
    if params.sort == "seats":
        open_ones.sort(key=lambda each: _known_left(each, params), reverse=True)
    with_seats = (each for each in open_ones if not is_full(each))
    return next(with_seats, None) or next(iter((*open_ones, *to_come, *matching)), None)


def can_be_joined(card: OfferCard, params: SearchParams, today: date) -> bool:
    """Tell whether the session that a result shows can still be joined."""
    session = session_to_show(card, params, today)
    if session is None or session.recruiting in NOT_OPEN:
        return False
    return not passed(session, card.entry, today.isoformat())


def other_dates(card: OfferCard, shown: SessionView | None, today: date) -> int:
    """Return how many other matching sessions are not over."""
    day = today.isoformat()
    return sum(each is not shown and not passed(each, card.entry, day) for each in matching_sessions(card))


def short_when(session: SessionView, entry: str | None, params: SearchParams, today: date) -> str:
    """Return when a session starts, or that it can be entered all year; with the days searched for if today is not
    among them.
    """
    if entry == "permanent":
        return _all_year(session, params, today)
    return short_day(session.start, session.precision) if session.start else "Date à demander"


def _all_year(session: SessionView, params: SearchParams, today: date) -> str:
    day = today.isoformat()
    told = "Entrée toute l’année"
    begun = is_behind(session, day) or (session.precision == "day" and session.start == day)
    if session.start and not begun:
        return f"{told} dès {'le ' if session.precision == 'day' else ''}{short_day(session.start, session.precision)}"
    if session.end and not passed(session, entry="permanent", day=day):
        until = "au" if session.end_precision == "day" else "à"
        told += f", jusqu’{until} {short_day(session.end, session.end_precision)}"
    return told + in_window(session, today, (params.start_from, params.start_to))


def _known_left(session: SessionView, params: SearchParams) -> int:
    """Return the seats left that the card would show; -1 if unknown."""
    left = build_best_line(session.seats, params.funder).available
    return -1 if left is None else left


def is_full(session: SessionView) -> bool:
    """Tell whether no funder has a seat left, of those whose figures are known."""
    known = [figure.available for figure in session.seats if figure.available is not None]
    return bool(known) and not any(known)
