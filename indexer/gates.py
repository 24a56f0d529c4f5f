"""What gates of loads, harvests and editions have in common: their names on a command line, shares that are compared
with a limit, and what a report tells.
"""

import argparse
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol, TypeVar

Gate = TypeVar("Gate", bound=str)


class Gated(Protocol):
    """A report that tells of gates."""

    refused_by: list[str]
    problems: list[str]


def gates_of(names: Sequence[Gate]) -> Callable[[str], frozenset[Gate]]:
    """Return what reads gates of a command line, comma-separated; it raises ArgumentTypeError."""

    def read(text: str) -> frozenset[Gate]:
        given = [name for name in text.split(",") if name]
        if not given or any(name not in names for name in given):
            raise argparse.ArgumentTypeError(f"{text!r}: any of {', '.join(names)}, comma-separated")
        return frozenset(gate for gate in names if gate in given)

    return read


def tell_refusals(report: Gated, refusals: Mapping[Gate, str], force: Collection[Gate]) -> bool:
    """Tell a report which gates refuse and which of them are forced; return whether none is left that refuses."""
    report.refused_by = [f"{gate}: {text}" for gate, text in refusals.items() if gate not in force]
    report.problems += [f"gate {gate} forced: {text}" for gate, text in refusals.items() if gate in force]
    return not report.refused_by


def refuse_loss(before: int, after: int, most: float, told: str) -> str | None:
    """Return why so great a loss is refused, None if it is not; ``told`` says both numbers.

    >>> refuse_loss(100, 60, 0.3, "60 rows instead of 100")
    '60 rows instead of 100: 40% fewer, at most 30% is allowed'
    >>> refuse_loss(100, 70, 0.3, ""), refuse_loss(0, 70, 0.3, "")
    (None, None)
    """
    if not before or (before - after) / before <= most:
        return None
    return f"{told}: {(before - after) / before:.0%} fewer, at most {most:.0%} is allowed"


def refuse_bad(bad: int, read: int, most: float, told: str) -> str | None:
    """Return why so many bad ones of those read are refused, None if they are not; ``told`` says both numbers.

    >>> refuse_bad(11, 100, 0.1, "11 of 100 records are rejects")
    '11 of 100 records are rejects: 11.0%, at most 10% is allowed'
    >>> refuse_bad(10, 100, 0.1, ""), refuse_bad(0, 0, 0.1, "")
    (None, None)
    """
    if not read or bad / read <= most:
        return None
    return f"{told}: {bad / read:.1%}, at most {most:.0%} is allowed"
