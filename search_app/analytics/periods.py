"""Periods of the start: months, quarters and years, cut to the window that is asked, and their labels."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from search_app.text.dates import MONTHS

MONTHS_OF: Final = {"month": 1, "quarter": 3, "year": 12}
_ORDINALS: Final = {1: "1er", 2: "2e", 3: "3e", 4: "4e"}


@dataclass(frozen=True, slots=True)
class Period:
    """One period; ``first`` and ``last`` are its days within the window."""

    value: str
    label: str
    first: date
    last: date


def periods_between(kind: str, first: date, last: date) -> list[Period]:
    """Return the periods of a kind from one day to another, the outer ones cut to these days.

    >>> [period.value for period in periods_between("quarter", date(2026, 11, 5), date(2027, 4, 1))]
    ['2026-Q4', '2027-Q1', '2027-Q2']
    >>> periods_between("year", date(2027, 3, 1), date(2027, 3, 31))[0].first
    datetime.date(2027, 3, 1)
    """
    return list(_periods(kind, first, last))


def _periods(kind: str, first: date, last: date) -> Iterator[Period]:
    months = MONTHS_OF[kind]
    start = date(first.year, (first.month - 1) // months * months + 1, 1)
    while start <= last:
        following = add_months(start, months)
        end = following - timedelta(days=1)
        yield Period(*_named(kind, start), max(start, first), min(end, last))
        start = following


def period_of(kind: str, day: date) -> Period:
    """Return the whole period that holds a day."""
    start = date(day.year, (day.month - 1) // MONTHS_OF[kind] * MONTHS_OF[kind] + 1, 1)
    return Period(*_named(kind, start), start, add_months(start, MONTHS_OF[kind]) - timedelta(days=1))


def _named(kind: str, start: date) -> tuple[str, str]:
    """Return value and label of the period that begins on a day."""
    if kind == "year":
        return str(start.year), str(start.year)
    if kind == "month":
        return f"{start.year}-{start.month:02}", f"{MONTHS[start.month - 1]} {start.year}"
    quarter = (start.month + 2) // 3
    return f"{start.year}-Q{quarter}", f"{_ORDINALS[quarter]} trimestre {start.year}"


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of a shorter month.

    >>> add_months(date(2028, 2, 29), -12), add_months(date(2027, 1, 31), 1)
    (datetime.date(2027, 2, 28), datetime.date(2027, 2, 28))
    """
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Move:
    """How the window of a comparison is moved: by whole months, or by days."""

    months: int = 0
    days: int = 0

    def day(self, day: date) -> date:
        """Return a moved first day."""
        return add_months(day, self.months) + timedelta(days=self.days)

    def last_day(self, day: date) -> date:
        """Return a moved last day: the end of a month stays one.

        >>> Move(months=-1).last_day(date(2027, 2, 28))
        datetime.date(2027, 1, 31)
        """
        if self.months and (day + timedelta(days=1)).day == 1:
            return add_months(day + timedelta(days=1), self.months) - timedelta(days=1)
        return self.day(day)


def move_of(compare: str, first: date | None, last: date | None) -> Move:
    """Return the move of a comparison; ``previous`` is the window just before, of as many months or days.

    >>> move_of("previous", date(2027, 1, 1), date(2027, 3, 31))
    Move(months=-3, days=0)
    >>> move_of("previous", date(2027, 1, 5), date(2027, 1, 6))
    Move(months=0, days=-2)
    """
    if compare == "year" or first is None or last is None:
        return Move(months=-12)
    after = last + timedelta(days=1)
    if first.day == 1 and after.day == 1:
        return Move(months=-((after.year - first.year) * 12 + after.month - first.month))
    return Move(days=-(last - first).days - 1)
