"""By when everything must be settled that has no date of its own: before the session is entered."""

from datetime import date
from typing import Final

from funding import SessionFacts
from search_app.pages.offer.sessions import SessionRow
from search_app.text.dates import french_day

NO_DATE: Final = "Avant le début de la session, date à demander à l’organisme"
OTHER_SESSION: Final = "Pour une autre session, dates à demander à l’organisme"
ANY_DAY: Final = "Avant l’entrée, possible à tout moment"
ENROL: Final = "S’inscrire "  # how a row begins that tells the days of enrolment


def entering_text(session: SessionFacts | None, row: SessionRow | None, on: date) -> str:
    """Return the last moment to enter a session, as of a day, and its enrolment days; OTHER_SESSION if it is closed."""
    if row and (row.over or row.closed):
        return OTHER_SESSION
    enrolment = row.enrolment if row else None
    days = f" ; inscription à la session {enrolment.removeprefix(ENROL)}" if enrolment else ""
    return f"{_entered(session, on)}{days}"


def _entered(session: SessionFacts | None, on: date) -> str:
    start = session.start if session else None
    if session is None or (start is None and not session.permanent):
        return NO_DATE
    if session.permanent:
        return f"Avant l’entrée, possible à partir du {french_day(start)}" if start and start > on else ANY_DAY
    if start is None or start <= on:
        return ANY_DAY if start is None else "Dès maintenant, la session a commencé"
    if start != session.start_last:
        return f"Avant le début de la session, au plus tôt le {french_day(start)}"
    return f"Avant le {french_day(start)}, début de la session"
