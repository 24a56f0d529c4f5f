"""LHEO dates (texts AAAAMMJJ, parts may be unknown), parsed alike by the loader and by readers of stored offers."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from mappings.codes import Precision

UNKNOWN: Final = ("00000000", "99999999")  # unknown start and unknown end; feeds use either for both
EIGHT: Final = re.compile(r"[0-9]{8}")
MONTHS_A_YEAR: Final = 12
SHORTEST_MONTH: Final = 28
YEARS: Final = range(1900, 2201)  # years outside this range are treated as typing errors


class Day(NamedTuple):
    """First and last day that a date can mean, both None if unknown; ``sound`` is false if the text is not a valid
    date.
    """

    first: date | None
    last: date | None
    precision: Precision
    sound: bool = True


NO_DAY: Final = Day(None, None, "unknown")
BAD_DAY: Final = Day(None, None, "unknown", False)


@lru_cache(maxsize=20_000)
def parse_day(text: str | None) -> Day:
    """Parse a date of a feed.

    >>> parse_day("20270301")
    Day(first=datetime.date(2027, 3, 1), last=datetime.date(2027, 3, 1), precision='day', sound=True)
    >>> parse_day("20270200").last, parse_day("20270000").precision
    (datetime.date(2027, 2, 28), 'year')
    >>> parse_day("00000000").sound, parse_day(None).sound, parse_day("20270231").sound, parse_day("920270301").sound
    (True, True, False, False)
    """
    if not text or text in UNKNOWN:
        return NO_DAY
    if not EIGHT.fullmatch(text) or int(text[:4]) not in YEARS:
        return BAD_DAY
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if month == 0 and day == 0:
        return Day(date(year, 1, 1), date(year, 12, 31), "year")
    if not 1 <= month <= 12 or day > monthrange(year, month)[1]:
        return BAD_DAY
    if day == 0:
        return Day(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")
    return Day(date(year, month, day), date(year, month, day), "day")


def is_inverted(start: Day, end: Day) -> bool:
    """Tell whether the end lies entirely before the start.

    >>> start = parse_day("20270315")
    >>> is_inverted(start, parse_day("20270300")), is_inverted(start, parse_day("20270201"))
    (False, True)
    """
    return start.first is not None and end.last is not None and end.last < start.first


def add_months(day: date, months: int) -> date:
    """Return the day some months later, the month's last one where it has no such day.

    >>> add_months(date(2026, 12, 31), 2), add_months(date(2026, 3, 1), -3)
    (datetime.date(2027, 2, 28), datetime.date(2025, 12, 1))
    """
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    of_month = day.day if day.day <= SHORTEST_MONTH else min(day.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, of_month)


def months_between(start: date, end: date) -> int:
    """Return the smallest number of months that a period lasts at most, its last day included.

    >>> months_between(date(2026, 9, 1), date(2027, 8, 31)), months_between(date(2026, 9, 1), date(2027, 9, 1))
    (12, 13)
    """
    months = max((end.year - start.year) * MONTHS_A_YEAR + end.month - start.month, 0)
    return months if end < add_months(start, months) else months + 1
