"""Values of facts: a fact that is not in an environment is unknown, and a value may be known in part."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

Env = Mapping[str, Any]  # fact -> bool, str, Told, Span or Days; an unknown fact is absent or None

Kleene = bool | None  # None: unknown
MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Told:
    """A list that was told: it holds the ``sure`` codes, perhaps the ``doubtful`` ones, and no others."""

    sure: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Span:
    """A number between ``low`` and ``high``, both inclusive; None as ``high``: any number from ``low``."""

    low: float
    high: float | None

    @classmethod
    def of(cls, number: float) -> "Span":
        """Return the span of one exactly known number."""
        return cls(number, number)


@dataclass(frozen=True, slots=True)
class Days:
    """A day between ``first`` and ``last``, both inclusive; None as ``last``: any day from ``first``."""

    first: date
    last: date | None


def add_months(day: date, months: int) -> date:
    """Return the day some months later, the month's last one where it has no such day.

    >>> add_months(date(2026, 12, 31), 2), add_months(date(2026, 3, 1), -3)
    (datetime.date(2027, 2, 28), datetime.date(2025, 12, 1))
    """
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int:
    """Return the smallest number of months that a period lasts at most, its last day included.

    >>> months_between(date(2026, 9, 1), date(2027, 8, 31)), months_between(date(2026, 9, 1), date(2027, 9, 1))
    (12, 13)
    """
    months = max((end.year - start.year) * MONTHS_A_YEAR + end.month - start.month, 0)
    return months if end < add_months(start, months) else months + 1
