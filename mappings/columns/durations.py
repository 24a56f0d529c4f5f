"""How many months the sessions of an offer last, as a column, and the days that their starts and ends can mean."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from mappings.days import YEARS, months_between

FIELD: Final = "session_months"
# The fewest and the most months of all sessions; only of offers every session of which has a length.
LEAST, MOST = "months_least", "months_most"
FIELDS: Final = (FIELD, LEAST, MOST)
MONTHS_BITS: Final = 8
MOST_MONTHS: Final = (1 << MONTHS_BITS) - 1  # longer ones count as this


class SessionDays(NamedTuple):
    """First and last day that the start and the end of a session can mean; None is unknown."""

    start: date | None = None
    start_last: date | None = None
    end: date | None = None
    end_last: date | None = None


def session_days(session: Mapping[str, Any]) -> SessionDays:
    """Return the days of a stored session: of its end only the last one is stored, with the precision.

    >>> session_days({"end": "2027-06-30", "end_precision": "month"})[2:]
    (datetime.date(2027, 6, 1), datetime.date(2027, 6, 30))
    """
    return to_session_days(*(session.get(name) for name in ("start", "start_last", "end", "end_precision")))


def to_session_days(
    start: str | None, start_last: str | None, last: str | None, end_precision: str | None
) -> SessionDays:
    """Return the days of a session from its stored fields."""
    end = to = _day(last)
    if to and end_precision in ("month", "year"):
        end = to.replace(day=1) if end_precision == "month" else to.replace(month=1, day=1)
    return SessionDays(_day(start), _day(start_last), end, to)


def _day(stored: str | None) -> date | None:
    """Return a stored day; one outside the years that the loader believes is unknown."""
    day = date.fromisoformat(stored) if stored else None
    return day if day and day.year in YEARS else None


def index_lengths(sessions: Sequence[Mapping[str, Any]], entry: str | None) -> dict[str, Any]:
    """Return the columns.

    >>> index_lengths([{"start": "2027-03-01", "end": "2027-06-30"}, {"start": "2027-03-01"}], "fixed")
    {'session_months': [1028]}
    """
    packed = index_months(sessions, entry)
    if not packed or len(packed) < len(sessions):
        return {FIELD: packed}
    low, high = (number >> MONTHS_BITS & MOST_MONTHS for number in packed), (number & MOST_MONTHS for number in packed)
    return {FIELD: packed, LEAST: min(low), MOST: max(high)}


def index_months(sessions: Sequence[Mapping[str, Any]], entry: str | None) -> list[int]:
    """Return for each session its position, its fewest and its most months; packed.

    A session without known start or end has none, nor has any if entry is permanent: its period is not that of the
    course.

    >>> index_months([{"start": "2027-03-01", "end": "2027-06-30", "end_precision": "month"}], "fixed") == [4 << 8 | 4]
    True
    """
    if entry == "permanent":
        return []
    found = []
    for position, session in enumerate(sessions):
        days = session_days(session)
        if days.start and days.end and days.end_last:
            low = months_between(days.start_last or days.start, days.end)
            high = months_between(days.start, days.end_last)
            found.append((position << MONTHS_BITS | min(low, MOST_MONTHS)) << MONTHS_BITS | min(high, MOST_MONTHS))
    return found
