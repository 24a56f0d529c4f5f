"""What rules can tell apart in a session: between which edges it starts, how long it lasts, if the CPF was declared.

Between two edges the same versions are in force for all schemes, so a session is known by the number of the interval in
which it starts at the earliest and at the latest.
"""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from typing import Any, Final, NamedTuple

from funding.book import Book
from funding.facts.values import Days, Span
from funding.rule.condition import Compare, Within
from funding.rule.scheme import FOREVER, Scheme, Version
from mappings.columns.durations import FIELD, LEAST, MOST
from mappings.columns.funding import NO_PERIOD, pack_period
from mappings.days import add_months
from mappings.session_index import FIRST, day_number
from search_app.search.funding.clauses import EVERY, NONE, Clause, all_of, but, not_

CountBy = Callable[[Sequence[Clause]], Awaitable[Sequence[int]]]  # returns how many offers meet each clause
MONTHS, CPF, START = "session.months", "session.cpf_open", "session.start"
BESIDE_START: Final = frozenset({MONTHS, CPF})
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moments:
    """Edges are the first days of the intervals after the first one, in order; cuts are numbers of months, in order.

    ``first`` is the first day of all. A length lies at place 0 if it is at most the first cut, at place 1 if it is at
    most the second one, and so on.
    """

    on: date
    first: date
    edges: tuple[date, ...]
    cuts: tuple[float, ...]

    @property
    def count(self) -> int:
        """Return the number of intervals."""
        return len(self.edges) + 1

    @property
    def present(self) -> int:
        """Return the interval of the day of the question."""
        return self.interval(self.on)

    def interval(self, day: date) -> int:
        """Return the interval that holds a day."""
        return bisect_right(self.edges, day)

    def days(self, interval: int) -> Days:
        """Return the days of an interval."""
        first = self.edges[interval - 1] if interval else self.first
        return Days(first, self.edges[interval] - _DAY if interval < len(self.edges) else FOREVER)

    def intervals_of(self, version: Version) -> range:
        """Return the intervals in which a version is in force."""
        if version.by == "day":
            held = version.first <= self.on <= version.end
            return range(self.count if held else 0)
        if version.end < self.first:
            return range(0)
        return range(self.interval(version.first), self.interval(version.end) + 1)

    def axis(self) -> list[int]:
        """Return the edges as days of the index."""
        return [day_number(edge.isoformat()) for edge in self.edges]

    def extras(self, facts: Iterable[str]) -> list["Extra"]:
        """Return all that a session can be in some facts; of most offers, all sessions are the same."""
        told = {*facts}
        lengths = [Extra({}, EVERY)]
        if MONTHS in told:
            places = range(len(self.cuts) + 1)
            lengths = [Extra({}, _WITHOUT_LENGTH)]
            lengths += [self._length(low, high) for low, high in product(places, places) if low <= high]
        states = _CPF if CPF in told else [Extra({}, EVERY)]
        return [
            Extra({**length.env, **state.env}, all_of([length.of_all, state.of_all]))
            for length, state in product(lengths, states)
        ]

    def _length(self, low: int, high: int) -> "Extra":
        """Return the extra of a length between two places; nothing tells if those of all sessions are so."""
        env = {MONTHS: Span(self._months_at(low), self._months_at(high))}
        if low < high:
            return Extra(env, NONE)
        above = {"range": {LEAST: {"gt": self.cuts[low - 1]}}} if low else {"exists": {"field": LEAST}}
        below = {"range": {MOST: {"lte": self.cuts[low]}}} if low < len(self.cuts) else EVERY
        return Extra(env, all_of([above, below]))

    def _months_at(self, place: int) -> float:
        return self.cuts[place] if place < len(self.cuts) else self.cuts[-1] + 1

    def with_edges(self, intervals: Iterable[int]) -> "Moments":
        """Return moments with those edges alone that some intervals begin with."""
        return replace(self, edges=tuple(self.edges[interval - 1] for interval in sorted(intervals)))


class Extra(NamedTuple):
    """What is known of a session beside its start, and the offers of which that is so of all sessions."""

    env: Mapping[str, Any]
    of_all: Clause


_WITHOUT_LENGTH: Final = not_({"exists": {"field": FIELD}})
_CPF: Final = [
    Extra({}, not_({"exists": {"field": "cpf_periods"}})),
    Extra({CPF: True}, {"term": {"cpf_periods": pack_period(None, None)}}),
    Extra({CPF: False}, {"term": {"cpf_periods": NO_PERIOD}}),
]


def to_moments(
    schemes: Iterable[Scheme], env: dict[str, Any], on: date, since: date = FIRST, earliest: date = FIRST
) -> Moments:
    """Return what the versions of some schemes tell apart for a person on a day, in sessions that can start on a day
    ``since`` or later. A start is told by its day, its month or its year, so no edge before that year matters.

    Nor does one until ``earliest``: no session starts before (``earliest``).
    """
    first = max(date(min(since, on).year, 1, 1), min(earliest, on))
    versions = [version for scheme in schemes for version in scheme.versions]
    edges = {edge for version in versions for edge in edges_of(version, env) if first < edge < FOREVER}
    compared = (each for version in versions for each in version.conditions if isinstance(each, Compare))
    cuts = {_cut(each) for each in compared if each.fact == MONTHS}
    return Moments(on, first, tuple(sorted(edges)), tuple(sorted(cuts)))


def edges_of(version: Version, env: Mapping[str, Any]) -> Iterator[date]:
    """Yield the days from which a version says something else to a person."""
    if version.by == "session_start":
        yield version.first
        if version.end < FOREVER:
            yield version.end + _DAY
    for each in version.conditions:
        if isinstance(each, Within) and each.fact == START and (since := env.get(each.since)) is not None:
            yield add_months(since.first, each.months)


def _cut(condition: Compare) -> float:
    """Return the number of months up to which a length is on one side of a condition; lengths are whole months."""
    return condition.threshold - 1 if condition.operator == "at_least" else condition.threshold


def tells(scheme: Scheme) -> frozenset[str]:
    """Return the facts of a session that a scheme compares and that no interval tells."""
    return BESIDE_START.intersection(fact for version in scheme.versions for fact in version.facts)


def starts_before(day: date) -> Clause:
    """Return the clause of the offers with a session that can start before a day, unless entry is permanent: a session
    of these that has begun starts on the day of the question.
    """
    before = {"range": {"starts": {"lt": day_number(day.isoformat())}}}
    return but(before, {"term": {"entry": "permanent"}})


async def read_earliest(book: Book, count_by: CountBy) -> date:
    """Return the last day on which rules change for everybody and before which no session starts; FIRST if none.

    What rules said before is asked of no offer then. Who uses the day checks in each answer that it still holds
    (``starts_before``): another program may be writing other offers.
    """
    edges = sorted({edge for scheme in book.schemes for version in scheme.versions for edge in edges_of(version, {})})
    counts = await count_by([starts_before(edge) for edge in edges]) if edges else ()
    return max((edge for edge, number in zip(edges, counts, strict=False) if not number), default=FIRST)
