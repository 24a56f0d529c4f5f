"""The clause that an offer has one session that meets the conditions of a search and starts in some intervals.

A session that starts on one day, or in days between two edges, is found by the range of its start window on the index,
which holds the other conditions of the search, too. ``crossings`` find the offers with another session: one that can
start on either side of an edge, one of unknown start if an edge lies ahead, and one of permanent entry that begins
after an edge ahead. Permanent entry that has begun starts on the day of the question.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

from mappings.session_index import ANY, END, LAST_DAY, UNDATED, WHATEVER, combination
from search_app.search.funding.clauses import EVERY, NONE, Clause, all_of, any_of, but
from search_app.search.funding.moments import Moments
from search_app.search.query.sessions import Days, SessionConditions

_PERMANENT: Final[Clause] = {"term": {"entry": "permanent"}}
_SESSIONS: Final[Clause] = {"exists": {"field": "session_spans"}}
_ANY_WINDOW: Final = combination(ANY, WHATEVER, ANY)


class Crossing(NamedTuple):
    """Offers with a session that may lie on both sides of some edges; others among them cost time, and nothing else.

    ``edges`` are numbers: edge 0 lies between the intervals 0 and 1. ``everywhere`` if nothing is known of any offer.
    """

    edges: frozenset[int]
    clause: Clause
    everywhere: bool = False


@dataclass(frozen=True)
class Sessions:
    """The sessions that meet the conditions of a search, which is made on the day of the moments and finds only offers
    with one.
    """

    moments: Moments
    conditions: SessionConditions

    @cached_property
    def meet(self) -> Clause:
        """Return the clause that one session meets the conditions."""
        return all_of(self.conditions.query())

    @cached_property
    def reached(self) -> frozenset[int]:
        """Return the intervals in which a session that meets the conditions can start."""
        return frozenset({self.moments.present, *(i for i in range(self.moments.count) if self._clipped(i, i))})

    def start_in(self, intervals: frozenset[int]) -> Clause:
        """Return the clause that one session meets the conditions and starts in one of some intervals, of the offers of
        the search that cross no edge.
        """
        if intervals >= self.reached:
            return EVERY
        inside = any_of(self._within(first, last) for first, last in runs(intervals & self.reached))
        at_once = self.meet if self.moments.present in intervals else NONE
        return any_of([but(inside, self._at_once), all_of([self._at_once, at_once])])

    @cached_property
    def crossings(self) -> Sequence[Crossing]:
        """Return the offers with a session that ranges do not place on one side of an edge."""
        axis, present = self.moments.axis(), self.moments.present
        if any(days.first > days.last for days in self._days):
            return [Crossing(frozenset(), EVERY, everywhere=True)]
        first = min((days.first for days in self._days if days.first <= LAST_DAY), default=0)
        # A start on both sides of an edge that all days asked for come after is on both sides of the last such edge.
        passed = [number for number, edge in enumerate(axis) if edge <= first]
        found = [Crossing(frozenset(passed), _starts(axis[passed[-1]] - 1, first, "contains"))] if passed else []
        for number, edge in enumerate(axis[len(passed) :], start=len(passed)):
            found.append(Crossing(frozenset({number}), _starts(edge - 1, edge, "contains")))
        ahead = frozenset(range(present, len(axis)))
        if ahead:
            begins_after = all_of([_PERMANENT, _starts(axis[present], LAST_DAY, "intersects")])
            found.append(Crossing(ahead, begins_after))
            if any(days.last > LAST_DAY for days in self._days):
                undated: Clause = {"range": {"windows": {"gte": _ANY_WINDOW + UNDATED, "lte": _ANY_WINDOW + END}}}
                found.append(Crossing(ahead, undated))
        return found

    @cached_property
    def _days(self) -> list[Days]:
        return self.conditions.days()

    @cached_property
    def _at_once(self) -> Clause:
        """Return the offers that start on the day of the question: permanent entry, or no session at all."""
        return any_of([_PERMANENT, NONE if self.conditions.any_set else {"bool": {"must_not": [_SESSIONS]}}])

    def _within(self, first: int, last: int) -> Clause:
        days = self._clipped(first, last)
        return all_of(replace(self.conditions, only=days).query()) if days else NONE

    def _clipped(self, first: int, last: int) -> tuple[Days, ...]:
        """Return the days of the conditions that lie in some intervals; an unknown start is in the last one."""
        axis = self.moments.axis()
        begin = axis[first - 1] if first else 0
        end = axis[last] - 1 if last < len(axis) else END
        return tuple(
            Days(max(days.first, begin), min(days.last, end))
            for days in self._days
            if days.first <= end and begin <= days.last
        )


def _starts(first: int, last: int, relation: str) -> Clause:
    return {"range": {"starts": {"gte": first, "lte": last, "relation": relation}}}


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return the runs of adjacent numbers.

    >>> runs({1, 2, 5})
    [(1, 2), (5, 5)]
    """
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def paying(conditions: SessionConditions, funders: Iterable[str]) -> SessionConditions | None:
    """Return the conditions with seats under these funders, if there are any; None if none of them was chosen.

    A scheme without a funder of the code table (a person's own account, say) pays any seat.
    """
    under = tuple(funders)
    if conditions.seats is None or not under or (conditions.seats == "unknown" and not conditions.funders):
        return conditions
    if conditions.funders:
        under = tuple(code for code in under if code in conditions.funders)
    return replace(conditions, funders=under) if under else None


def is_implied(conditions: SessionConditions) -> bool:
    """Tell whether a session that has the seats asked for under funders of a scheme meets the conditions themselves.

    A session that is full under one of several chosen funders need not be so under all of them.
    """
    return not isinstance(conditions.seats, str) or len(conditions.funders) <= 1


def seats_under(conditions: SessionConditions, funders: Sequence[str]) -> Clause:
    """Return the clause that a session meets the conditions with seats under funders, one of which pays its offer.

    To have these seats must imply the conditions themselves (``is_implied``).
    """
    under = paying(conditions, funders)
    if under is None:
        return NONE
    if conditions.seats == "full" and funders and not conditions.funders:
        under = replace(under, wholly=True)
    pay_it: Clause = {"terms": {"funder": [*funders]}} if funders and not under.funders else EVERY
    return all_of([*under.query(), pay_it])
