"""Values of facts: a fact that is not in an environment is unknown, and a value may be known in part."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Env = Mapping[str, Any]  # fact -> bool, str, Told, Span or Days; an unknown fact is absent or None

Kleene = bool | None  # None: unknown


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
