"""LHEO's date texts (AAAAMMJJ) as spans of days, read by code of the tests' own."""

from calendar import monthrange
from datetime import date
from typing import NamedTuple

YEARS = range(1900, 2201)


class Span(NamedTuple):
    """The first and the last day that a text can mean, both inclusive."""

    first: date
    last: date


def parse_span(text: str | None) -> Span | None:
    """Return the days that a text can mean, None if it is unknown or unreadable.

    >>> parse_span("20270200")
    Span(first=datetime.date(2027, 2, 1), last=datetime.date(2027, 2, 28))
    >>> parse_span("20270000").last
    datetime.date(2027, 12, 31)
    >>> [parse_span(text) for text in ("00000000", "99999999", "20260231", "20261300", "920270315", "-", None)]
    [None, None, None, None, None, None, None]
    """
    if text is None or len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if year not in YEARS or month > 12 or (month == 0 and day > 0):
        return None
    if month == 0:
        return Span(date(year, 1, 1), date(year, 12, 31))
    length = monthrange(year, month)[1]
    if day > length:
        return None
    if day == 0:
        return Span(date(year, month, 1), date(year, month, length))
    return Span(date(year, month, day), date(year, month, day))


def parse_period(start: str | None, end: str | None) -> tuple[Span | None, Span | None]:
    """Return start and end of a period; an end before the start counts as unknown.

    >>> parse_period("20270315", "20270301")[1] is None
    True
    >>> parse_period("20270315", "20270300")[1]
    Span(first=datetime.date(2027, 3, 1), last=datetime.date(2027, 3, 31))
    """
    starts, ends = parse_span(start), parse_span(end)
    if starts and ends and ends.last < starts.first:
        return starts, None
    return starts, ends
