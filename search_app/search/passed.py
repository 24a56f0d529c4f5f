"""Whether a session has begun or ended, no more precisely than its dates are known."""

from typing import Final

from search_app.search.results import SessionView

ENDED: Final = "Terminée"
BEGUN: Final = "Déjà commencée"
_KNOWN: Final = {"day": 10, "month": 7, "year": 4}  # characters of an ISO day that are certain at a precision


def passed(session: SessionView, entry: str | None, day: str) -> str | None:
    """Return in words that a session is over on this ISO day, None if it can be joined.

    A permanent entry is over when its period has ended, any other one when it has begun.

    >>> march = SessionView("S", "s", "2027-03-01", "2027-06-30", "month", "day", "", "open", [], True, None)
    >>> passed(march, "fixed", "2027-03-20"), passed(march, "fixed", "2027-04-01"), passed(march, None, "2027-07-01")
    (None, 'Déjà commencée', 'Terminée')
    >>> passed(march, "permanent", "2027-06-30"), passed(march, "permanent", "2027-07-01")
    (None, 'Terminée')
    """
    if session.end and session.end < day:  # the last day of a month or a year, if no day is known
        return ENDED
    return None if entry == "permanent" or not is_behind(session, day) else BEGUN


def is_behind(session: SessionView, day: str) -> bool:
    """Tell whether a session began before this ISO day; one of « mars 2027 » has when March is over."""
    known = _KNOWN.get(session.precision)
    return bool(session.start and known and session.start[:known] < day[:known])
