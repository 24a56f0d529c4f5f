"""What a stretch of the typed text was taken for."""

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "code", "mode", "remote", "month", "seats", "funder", "free", "entry_level", "level", "place", "radius", "aside",
    "near_me", "state_funded", "recruiting", "entry", "price", "hours",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FilterWords:
    """A stretch of the typed text that is a filter: the parameters of a search that it stands for.

    What is set aside (``aside``, ``near_me``) has none: it is not searched for, and whoever typed it is told.
    """

    kind: Kind
    typed: str
    parameters: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of folded text, from ``start`` to ``end``, and what it stands for."""

    kind: Kind
    start: int
    end: int
    parameters: tuple[tuple[str, Any], ...]
