"""What one offer adds to the sums of its cells, by funder: as the search and the query module count it.

A session is in every month that its days meet (``mappings.session_index``); an offer is in the months of its sessions.
Figures are those of funders that pay the action. Each addition is a place in a series and a number; series of months
are of differences, so that a session of three years is two additions, too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from mappings.analytics.history import ANY, BACK, MONTHS, SUMS, month_of
from mappings.session_index import (
    DAY_BITS,
    DAY_MASK,
    DELTA_BITS,
    FIRST_AT,
    FUNDER_BITS,
    FUNDER_NUMBERS,
    LAST_AT,
    LEFT_BITS,
    POSITION_AT,
    day_number,
)

WIDTH: Final = 1 + MONTHS + 1  # total, differences by month, and where those of the last one end
PLACES: Final = {name: number * WIDTH for number, name in enumerate(SUMS)}
FUNDER_OF: Final = {number: code for code, number in FUNDER_NUMBERS.items()}
_FIGURE: Final = (1 << LEFT_BITS) - 1
_NUMBER: Final = (1 << FUNDER_BITS) - 1
assert (1 << DAY_BITS) - 1 == DAY_MASK
assert DELTA_BITS < FIRST_AT

Additions = list[tuple[int, int]]


class Columns(NamedTuple):
    """The columns of an offer, as the index has them."""

    funders: Sequence[str] = ()
    spans: Sequence[int] = ()
    left: Sequence[int] = ()
    capacity: Sequence[int] = ()
    bought: Sequence[int] = ()


class Months:
    """The months that are kept of a day, as days of the axis of sessions."""

    def __init__(self, day: date) -> None:
        self.first = month_of(day, -BACK)
        starts = [day_number(f"{month_of(day, offset - BACK)}-01") for offset in range(MONTHS + 1)]
        self._begin, self._end = starts[0], starts[-1]
        self._of_day = [month for month, (start, end) in enumerate(pairwise(starts)) for _ in range(start, end)]

    def met(self, first: int, last: int) -> tuple[int, int] | None:
        """Return the first and the last month that days meet, None if none is kept."""
        if last < self._begin or first >= self._end:
            return None
        last_day = min(last, self._end - 1) - self._begin
        return self._of_day[max(first, self._begin) - self._begin], self._of_day[last_day]


@dataclass(slots=True)
class _Pair:
    """What is known of a session under a funder."""

    left: int | None = None
    capacity: int | None = None


@dataclass(slots=True)
class _Session:
    months: tuple[int, int] | None
    pairs: dict[str, _Pair] = field(default_factory=dict)


def additions_of(offer: Columns, months: Months) -> dict[str, Additions]:
    """Return the additions to the cell of each funder of the offer, and of ANY."""
    sessions = _sessions(offer, months)
    merged = _merged(session.months for session in sessions.values())
    lines = [(FUNDER_OF[number >> LEFT_BITS & _NUMBER], number & _FIGURE) for number in offer.bought]
    made = {}
    for funder in (ANY, *offer.funders):
        added = _of_offer(merged, [seats for code, seats in lines if funder in (ANY, code)])
        for session in sessions.values():
            pairs = session.pairs.values() if funder == ANY else filter(None, [session.pairs.get(funder)])
            _add(added, session.months, _of_session([*pairs]))
        made[funder] = added
    return made


def _sessions(offer: Columns, months: Months) -> dict[int, _Session]:
    sessions = {}
    for span in offer.spans:
        first, last = span >> FIRST_AT & DAY_MASK, span >> LAST_AT & DAY_MASK
        sessions[span >> POSITION_AT] = _Session(months.met(first, last))
    for name, figures in (("left", offer.left), ("capacity", offer.capacity)):
        for figure in figures:
            funder = FUNDER_OF[figure >> LEFT_BITS & _NUMBER]
            if funder != ANY:
                pairs = sessions[figure >> LEFT_BITS + FUNDER_BITS].pairs
                setattr(pairs.setdefault(funder, _Pair()), name, figure & _FIGURE)
    return sessions


def _merged(met: Iterable[tuple[int, int] | None]) -> list[tuple[int, int]]:
    """Return the months that any session meets, as ranges apart from each other.

    >>> _merged([(3, 5), None, (0, 1), (2, 2), (5, 9)])
    [(0, 9)]
    """
    merged: list[tuple[int, int]] = []
    for first, last in sorted(each for each in met if each is not None):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    return merged


def _of_offer(merged: Sequence[tuple[int, int]], lines: Sequence[int]) -> Additions:
    values = {"offers": 1}
    if lines:
        values |= {"bought": sum(lines), "bought_told": len(lines)}
    added: Additions = [(PLACES[name], value) for name, value in values.items()]
    for months in merged:
        _add_months(added, months, values)
    return added


def _of_session(pairs: Sequence[_Pair]) -> dict[str, int]:
    """Return the sums of a session whose pairs are these."""
    values = {"sessions": 1}
    left = [pair.left for pair in pairs if pair.left is not None]
    capacity = [pair.capacity for pair in pairs if pair.capacity is not None]
    filled = [
        (pair.capacity - pair.left, pair.capacity)
        for pair in pairs
        if pair.left is not None and pair.capacity is not None and pair.left <= pair.capacity
    ]
    if left:
        values |= {"seats_known": 1, "left_at_least": max(left), "left": sum(left), "left_told": len(left)}
    if capacity:
        values |= {"capacity": sum(capacity), "capacity_told": len(capacity)}
    if filled:
        values |= {"filled": sum(each for each, _ in filled), "filled_capacity": sum(of for _, of in filled)}
        values["filled_told"] = len(filled)
    return values


def _add(added: Additions, months: tuple[int, int] | None, values: dict[str, int]) -> None:
    added += [(PLACES[name], value) for name, value in values.items()]
    if months is not None:
        _add_months(added, months, values)


def _add_months(added: Additions, months: tuple[int, int], values: dict[str, int]) -> None:
    first, last = months
    for name, value in values.items():
        if value:
            added.append((PLACES[name] + 1 + first, value))
            added.append((PLACES[name] + 2 + last, -value))
