"""Funder lines: funder, programme and market must hold for one and the same line."""

from collections.abc import Mapping
from typing import NamedTuple

UNTOLD = "unknown"  # the value of a filter for rows without one


class Line(NamedTuple):
    """One funder line; None is not told."""

    funder: str | None = None
    programme: str | None = None
    market: str | None = None


PARTS = Line._fields


def told(text: str | None) -> str | None:
    """Return a programme or market, None if it is a filler."""
    text = (text or "").strip()
    return text if text not in ("", ".") else None


def meets(lines: tuple[Line, ...], wanted: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether one line has a wanted value in each part; without lines there is one that tells nothing."""
    return any(
        all((getattr(line, part) or UNTOLD) in values for part, values in wanted.items() if values)
        for line in lines or (Line(),)
    )


def values_that_meet(lines: tuple[Line, ...], wanted: Mapping[str, frozenset[str]], part: str) -> set[str]:
    """Return the values of a part of which each, chosen alone, is met; UNTOLD only if it is chosen."""
    values = {value for line in lines if (value := getattr(line, part))} | (wanted.get(part, frozenset()) & {UNTOLD})
    return {value for value in values if meets(lines, {**wanted, part: frozenset((value,))})}
