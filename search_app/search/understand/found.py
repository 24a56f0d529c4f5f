"""Stretches of the typed text and their interpretation."""

from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal[
    "code", "mode", "remote", "month", "seats", "funder", "free", "entry_level", "level", "place", "radius", "aside",
    "near_me", "undecided", "state_funded", "recruiting", "entry", "price", "hours", "rhythm",
]  # fmt: skip


MOST_WORDS: Final = 40  # words of a query that are examined one by one; the longest title has 40


@dataclass(frozen=True, slots=True)
class FilterWords:
    """A stretch of the typed text that is a filter, with the search parameters that it stands for.

    Words that are set aside (``aside``, ``near_me``) have no parameters: they are reported and not searched for.
    """

    kind: Kind
    typed: str
    parameters: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of folded text, from ``start`` to ``end``, and its interpretation."""

    kind: Kind
    start: int
    end: int
    parameters: tuple[tuple[str, Any], ...]
