"""The clause that an offer has one session that meets the conditions of a search and starts in some intervals.

A session that starts on one day, or in days between two edges, is found by the range of its start window on the index,
which holds the other conditions of the search, too. Offers with another session are ``unclear``: one that can start on
either side of an edge, one of unknown start if an edge lies ahead, and one of permanent entry that begins after an edge
ahead. Permanent entry that has begun starts on the day of the question.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from mappings.session_index import ANY, END, LAST_DAY, UNDATED, WHATEVER, combination
from search_app.search.funding.clauses import EVERY, NONE, Clause, all_of, any_of, but
from search_app.search.funding.moments import Moments
from search_app.search.query.sessions import Days, SessionConditions

_PERMANENT: Final[Clause] = {"term": {"entry": "permanent"}}
_SESSIONS: Final[Clause] = {"exists": {"field": "session_spans"}}
_ANY_WINDOW: Final = combination(ANY, WHATEVER, ANY)


@dataclass(frozen=True)
class Sessions:
    """The sessions of a search that is made on the day of the moments; ``is_met`` if it finds only offers with one that
    meets the conditions.
    """

    moments: Moments
    conditions: SessionConditions
    is_met: bool = False

    @cached_property
    def meet(self) -> Clause:
        """Return the clause that one session meets the conditions."""
        return all_of(self.conditions.query())

    @cached_property
    def reached(self) -> frozenset[int]:
        """Return the intervals in which a session that meets the conditions can start."""
        return frozenset({self.moments.present, *(i for i in range(self.moments.count) if self._clipped(i, i))})

    def start_in(self, intervals: frozenset[int]) -> Clause:
        """Return the clause that one session meets the conditions and starts in one of some intervals, of offers that
        are not ``unclear``.
        """
        if intervals >= self.reached:
            return EVERY if self.is_met else self.meet
        inside = any_of(self._within(first, last) for first, last in _runs(intervals & self.reached))
        at_once = self.meet if self.moments.present in intervals else NONE
        return any_of([but(inside, self._at_once), all_of([self._at_once, at_once])])

    @cached_property
    def unclear(self) -> Clause:
        """Return the offers with a session that ranges do not tell; others among them cost time, and nothing else."""
        if any(days.first > days.last for days in self._days):
            return EVERY
        axis = self.moments.axis()
        first = min((days.first for days in self._days if days.first <= LAST_DAY), default=0)
        # A start on both sides of an edge that all days asked for come after is on both sides of the last such edge.
        passed = [(edge - 1, first) for edge in axis if edge <= first]
        straddling = [*passed[-1:], *((edge - 1, edge) for edge in axis if edge > first)]
        clauses = [_starts(before, after, "contains") for before, after in straddling]
        ahead = axis[self.moments.present :]
        if ahead:
            clauses.append(all_of([_PERMANENT, _starts(ahead[0], LAST_DAY, "intersects")]))
            if any(days.last > LAST_DAY for days in self._days):
                clauses.append({"range": {"windows": {"gte": _ANY_WINDOW + UNDATED, "lte": _ANY_WINDOW + END}}})
        return any_of(clauses)

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


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return the runs of adjacent numbers.

    >>> _runs({1, 2, 5})
    [(1, 2), (5, 5)]
    """
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
