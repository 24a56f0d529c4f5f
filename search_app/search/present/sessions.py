"""Matching sessions of an offer, their order, and their view.

The engine finds the offers; which of their sessions match is computed here by the same rules, over the same stored
fields. The brute-force test compares both.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from mappings.codes import Contradiction
from mappings.session_index import contradiction_of
from search_app.base.settings import SEATS_OLD_AFTER_DAYS
from search_app.search.query.sessions import SessionConditions
from search_app.search.reference_data import Snapshot
from search_app.search.results import SeatsView, SessionView
from search_app.search.stored import StoredFigure, StoredSession
from search_app.text import wording
from search_app.text.dates import french_period

DATED: Final = ("day", "month")  # precisions of a start that a calendar can show


def session_matches(session: StoredSession, conditions: SessionConditions) -> bool:
    """Tell whether all conditions hold for this stored session."""
    if conditions.start_from or conditions.start_to:
        window = session.window
        if window is None:
            return False
        # ISO days compare as text
        if conditions.start_from and window.lte < conditions.start_from:
            return False
        if conditions.start_to and window.gte > conditions.start_to:
            return False
    if conditions.seats is not None and not _seats_are_as_asked(session.left, conditions):
        return False
    if conditions.upcoming_on and session.open_until < conditions.upcoming_on:
        return False
    return not conditions.recruiting or session.recruiting in conditions.recruiting


def _seats_are_as_asked(left: dict[str, int], conditions: SessionConditions) -> bool:
    # Under UNTOLD, of offers that no funder pays, nothing is known: it is no key.
    known = [left[funder] for funder in conditions.funders or ("any",) if funder in left]
    if conditions.seats == "unknown":
        return not known
    if conditions.seats == "full":
        return bool(known) and not any(known)
    return max(known, default=0) >= (conditions.seats or 1)


def order_sessions(
    sessions: Sequence[StoredSession], conditions: SessionConditions, today: date
) -> tuple[Sequence[StoredSession], Sequence[StoredSession]]:
    """Return the matching sessions and the others, each: today or later first, then past ones, then unknown dates."""
    if len(sessions) > 1:
        day = today.isoformat()

        def position(session: StoredSession) -> tuple[int, str, str]:
            start = session.start
            if start is None:
                return 2, "", session.id
            return (0 if (session.start_last or start) >= day else 1), start, session.id

        sessions = sorted(sessions, key=position)
    if not conditions.any_set:
        return sessions, ()
    matching: list[StoredSession] = []
    others: list[StoredSession] = []
    for session in sessions:
        (matching if session_matches(session, conditions) else others).append(session)
    return matching, others


def to_session_view(
    session: StoredSession,
    snapshot: Snapshot,
    today: date,
    *,
    matches: bool,
    old_after_days: int = SEATS_OLD_AFTER_DAYS,
) -> SessionView:
    """Return the view of a stored session."""
    start, precision, end, end_precision = session.start, session.start_precision, session.end, session.end_precision
    recruiting, figures = session.recruiting, session.seats
    seats = to_seats_views(figures, snapshot, today, old_after_days) if figures else []
    # Positional arguments, in the order of the class: hundreds are created per answer.
    return SessionView(
        session.id, session.key, start, end, precision, end_precision,
        french_period(start, precision, end, end_precision), recruiting, seats, matches,
        _contradiction_text(recruiting, seats) if seats else None,
    )  # fmt: skip


def to_seats_views(
    figures: Sequence[StoredFigure], snapshot: Snapshot, today: date, old_after_days: int
) -> list[SeatsView]:
    """Return the views of the stored figures of a session."""
    labels = snapshot.labels["funder"]
    return [to_seats_view(figure, labels, today, old_after_days) for figure in figures]


def to_seats_view(figure: StoredFigure, labels: Mapping[str, str], today: date, old_after_days: int) -> SeatsView:
    """Return the view of a figure, of an offer or of the ledger."""
    funder, observed_at = figure.funder, figure.observed_at
    age = _age_days(observed_at[:10], today)
    return SeatsView(
        funder, labels.get(funder, funder), figure.capacity, figure.available, observed_at, age, age > old_after_days
    )


@lru_cache(maxsize=1024)
def _age_days(day: str, today: date) -> int:
    return max(0, (today - date.fromisoformat(day)).days)


def contradiction_text(kind: Contradiction, left: int | str | None) -> str:
    """Return the sentence on a contradiction; ``left`` is the largest figure, a text stands for one of several.

    >>> contradiction_text("closed_left", 1).replace(wording.NBSP, " "), contradiction_text("open_full", 0)
    ('Inscriptions closes, mais 1 place affichée : appelez', 'Inscriptions ouvertes, mais complet\xa0: appelez')
    """
    if kind == "open_full":
        return wording.typeset("Inscriptions ouvertes, mais complet : appelez")
    places = (
        f"{left}{wording.NBSP}places affichées"
        if isinstance(left, str)
        else wording.counted(left or 0, "place affichée", "places affichées")
    )
    return wording.typeset(f"Inscriptions closes, mais {places} : appelez")


def _contradiction_text(recruiting: str, seats: list[SeatsView]) -> str | None:
    most_left = None
    for figure in seats:
        if figure.available is not None and (most_left is None or figure.available > most_left):
            most_left = figure.available
    kind = contradiction_of(recruiting, most_left)
    return contradiction_text(kind, most_left) if kind else None
