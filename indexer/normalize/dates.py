"""LHEO dates: texts AAAAMMJJ whose parts may be unknown."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from mappings.codes import Entry, Precision
from mappings.offer import FOREVER

UNKNOWN: Final = ("00000000", "99999999")  # unknown start and unknown end; feeds use either in both places
# As programs write days: with a time only where it is midnight somewhere in France, so that the day is certain.
ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2})(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+0[0-2]:?00)?)?)?")
EIGHT: Final = re.compile(r"[0-9]{8}")
YEARS: Final = range(1900, 2201)  # beyond, it is a slip of the keyboard


class Day(NamedTuple):
    """First and last day that a text can mean, none if unknown; ``sound`` is false for one that means nothing."""

    first: date | None
    last: date | None
    precision: Precision
    sound: bool = True


ANY_DAY: Final = (date(YEARS[0], 1, 1), FOREVER)  # the window of a session that one can enter at any time
NO_DAY: Final = Day(None, None, "unknown")
BAD_DAY: Final = Day(None, None, "unknown", False)


def restate_iso(text: str) -> str | None:
    """Return an ISO date or month as LHEO writes it, none for what is neither.

    >>> restate_iso("2027-03-01"), restate_iso("2027-03-01T00:00:00+01:00"), restate_iso("2027-03")
    ('20270301', '20270301', '20270300')
    >>> restate_iso("20270301"), restate_iso("2027-03-01T23:00:00Z"), restate_iso("01-03-2027")
    (None, None, None)
    """
    found = ISO.fullmatch(text)
    return f"{found[1]}{found[2]}{found[3] or '00'}" if found else None


@lru_cache(maxsize=20_000)
def parse_day(text: str | None) -> Day:
    """Read a date of a feed.

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
    """Tell whether the end lies wholly before the start.

    >>> start = parse_day("20270315")
    >>> is_inverted(start, parse_day("20270300")), is_inverted(start, parse_day("20270201"))
    (False, True)
    """
    return start.first is not None and end.last is not None and end.last < start.first


def start_window(start: Day, end: Day, entry: Entry | None) -> tuple[date, date] | None:
    """Return the days that a search for starts is compared with: the start, or the whole period of a permanent entry.

    >>> start_window(parse_day("20270300"), parse_day("20270630"), "fixed")
    (datetime.date(2027, 3, 1), datetime.date(2027, 3, 31))
    >>> start_window(parse_day("20270301"), parse_day("99999999"), "permanent")
    (datetime.date(2027, 3, 1), datetime.date(9999, 12, 31))
    >>> start_window(parse_day("00000000"), parse_day("20270630"), "permanent")
    """
    if start.first is None or start.last is None:
        return None
    if entry == "permanent":
        return start.first, end.last or FOREVER
    return start.first, start.last


def open_until(start: Day, end: Day, entry: Entry | None) -> date:
    """Return the last day on which a session is upcoming: its latest start, or its end if entry is permanent.

    >>> open_until(parse_day("20270300"), parse_day("20270630"), "fixed")
    datetime.date(2027, 3, 31)
    >>> open_until(parse_day("00000000"), parse_day("20270630"), "fixed")
    datetime.date(2027, 6, 30)
    >>> open_until(parse_day("20270301"), parse_day("99999999"), "permanent")
    datetime.date(9999, 12, 31)
    """
    if entry != "permanent" and start.last is not None:
        return start.last
    return end.last or FOREVER
