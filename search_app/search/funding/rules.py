"""The schemes that pay fees, as rules for one person: for which offers and sessions one says yes, or does not say no.

A ``Rule`` holds for an offer that its clause holds for, by a session that starts in some intervals and is one of some
extras. An offer's value is the best one over its sessions, so it reaches a level if one rule of the level holds.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from funding.book import Book
from funding.facts.person import Person
from funding.facts.values import Days
from funding.rule.condition import facts_of
from funding.rule.scheme import Scheme, Version
from mappings.session_index import FIRST
from search_app.search.funding.clauses import NONE, Clause, all_of, but, not_
from search_app.search.funding.conditions import UNKNOWN, Pair, to_pair
from search_app.search.funding.moments import START, Extra, Moments, tells, to_moments

Starts = frozenset[tuple[int, int]]  # the interval of the earliest start, and that of the latest
# A yes that nobody judges, any yes, anything but a no: what holds one level holds the next one.
PAID, YES, NOT_NO = "paid", "yes", "not_no"
LEVELS: Final = (PAID, YES, NOT_NO)


@dataclass(frozen=True, slots=True)
class Rule:
    """``funders`` are those whose seats count, none: any; ``extras`` are what a session must be, None: anything."""

    clause: Clause
    starts: Starts
    funders: tuple[str, ...]
    extras: frozenset[Extra] | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Adjacent intervals in which one version is in force, or none; ``cases`` are its clauses by what else a session
    is, none if that changes nothing.
    """

    intervals: range
    version: Version | None
    pair: Pair
    cases: Mapping[Extra, Pair]

    @property
    def is_judged(self) -> bool:
        """Tell whether somebody decides a yes."""
        return bool(self.version and self.version.judged)

    def says_the_same(self, other: "Stretch") -> bool:
        """Tell whether two stretches say the same of every offer and session."""
        same = self.pair == other.pair and self.cases == other.cases
        return same and (self.is_judged == other.is_judged or self.never_says_yes)

    @property
    def never_says_yes(self) -> bool:
        """Tell whether it says yes of no offer."""
        return all(pair.true == NONE for pair in (self.pair, *self.cases.values()))

    def pair_of(self, extra: Extra | None) -> Pair:
        """Return the clauses for sessions that are so."""
        return self.pair if extra is None else self.cases.get(extra, self.pair)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of each level, the schemes they were made from, and the moments by which they tell sessions apart."""

    moments: Moments
    levels: Mapping[str, Sequence[Rule]]
    schemes: Sequence[tuple[Scheme, Sequence[Stretch]]]


def compile_rules(book: Book, person: Person, on: date, since: date = FIRST) -> Rules:
    """Return the rules of the schemes of a book that pay fees, for a person on a day, and for sessions that can start
    on a day ``since`` or later.
    """
    schemes = [scheme for scheme in book.schemes if "fees" in scheme.pays and scheme.versions]
    env = person.env()
    moments = to_moments(schemes, env, on, since)
    levels: dict[str, list[Rule]] = {level: [] for level in LEVELS}
    moments, split = _simplify(moments, [(scheme, list(_stretches(scheme, moments, env))) for scheme in schemes])
    for scheme, stretches in split:
        for rule, is_sure in _yes(scheme, stretches):
            levels[YES].append(rule)
            if is_sure:
                levels[PAID].append(rule)
        levels[NOT_NO] += _not_no(scheme, stretches, moments.count)
    return Rules(moments, levels, split)


def _simplify(
    moments: Moments, split: Sequence[tuple[Scheme, Sequence[Stretch]]]
) -> tuple[Moments, list[tuple[Scheme, list[Stretch]]]]:
    """Return the same without the edges at which no scheme changes what it says to this person."""
    joined: list[tuple[Scheme, list[Stretch]]] = []
    for scheme, stretches in split:
        kept: list[Stretch] = []
        for stretch in stretches:
            if kept and kept[-1].says_the_same(stretch):
                both = range(kept[-1].intervals.start, stretch.intervals.stop)
                kept[-1] = replace(kept[-1], intervals=both)
            else:
                kept.append(stretch)
        joined.append((scheme, kept))
    begins = sorted({each.intervals.start for _, stretches in joined for each in stretches} - {0})
    # The new number of an interval: how many edges are left before it.
    new = [sum(begin <= interval for begin in begins) for interval in range(moments.count)]
    renumbered = [
        (scheme, [replace(each, intervals=range(new[each.intervals[0]], new[each.intervals[-1]] + 1)) for each in kept])
        for scheme, kept in joined
    ]
    return moments.with_edges(begins), renumbered


def _stretches(scheme: Scheme, moments: Moments, env: dict[str, Any]) -> Iterator[Stretch]:
    """Yield the stretches of a scheme in order; together they are all intervals."""
    begin, extras = 0, moments.extras(told) if (told := tells(scheme)) else []
    in_order = sorted(
        ((moments.intervals_of(version), version) for version in scheme.versions), key=lambda row: row[0].start
    )
    for intervals, version in in_order:
        if not intervals:
            continue
        if begin < intervals.start:
            yield Stretch(range(begin, intervals.start), None, UNKNOWN, {})
        # A version that compares the start itself is another one in each interval.
        apart = START in facts_of(version.when)
        for part in [range(each, each + 1) for each in intervals] if apart else [intervals]:
            yield _stretch(version, part, moments, env, extras)
        begin = intervals.stop
    if begin < moments.count:
        yield Stretch(range(begin, moments.count), None, UNKNOWN, {})


def _stretch(
    version: Version, intervals: range, moments: Moments, env: dict[str, Any], extras: Sequence[Extra]
) -> Stretch:
    days = Days(moments.days(intervals[0]).first, moments.days(intervals[-1]).last)
    env = env | {START: days}
    doubtful = bool(version.doubt(moments.on))

    def pair(more: dict[str, Any]) -> Pair:
        true, false = to_pair(version.when, env | more)
        return Pair(NONE if doubtful else true, false)

    whatever = pair({})
    cases = {extra: pair(moments.env(extra)) for extra in extras}
    if all(each == whatever for each in cases.values()):
        cases = {}
    return Stretch(intervals, version, whatever, cases)


def _yes(scheme: Scheme, stretches: Sequence[Stretch]) -> Iterator[tuple[Rule, bool]]:
    """Yield the rules of a yes, and whether nobody judges it; all versions between two starts must say it."""
    for at, first in enumerate(stretches):
        for end in range(at + 1, len(stretches) + 1):
            run = stretches[at:end]
            last = run[-1]
            if last.never_says_yes:
                break
            starts = frozenset((i, j) for i in first.intervals for j in last.intervals if i <= j)
            for rule in _rules(scheme, run, starts, lambda pair: pair.true):
                yield rule, not first.is_judged


def _not_no(scheme: Scheme, stretches: Sequence[Stretch], count: int) -> Iterator[Rule]:
    """Yield the rules of anything but a no; one version between two starts that does not say it is enough."""
    for stretch in stretches:
        first, last = stretch.intervals[0], stretch.intervals[-1]
        starts = frozenset((i, j) for i in range(last + 1) for j in range(max(i, first), count))
        yield from _rules(scheme, [stretch], starts, lambda pair: not_(pair.false))


def _rules(scheme: Scheme, run: Sequence[Stretch], starts: Starts, part: Callable[[Pair], Clause]) -> Iterator[Rule]:
    """Yield the rule of a part of the clauses of all stretches, and those for sessions of which it is more."""

    def clause(extra: Extra | None) -> Clause:
        return all_of(part(stretch.pair_of(extra)) for stretch in run)

    extras = {extra: clause(extra) for stretch in run for extra in stretch.cases}
    whatever = all_of(extras.values()) if extras else clause(None)
    if whatever != NONE:
        yield Rule(whatever, starts, scheme.funders)
    kinds: list[tuple[Clause, set[Extra]]] = []
    for extra, found in extras.items():
        same = next((told for each, told in kinds if each == found), None)
        if same is None:
            kinds.append((found, {extra}))
        else:
            same.add(extra)
    for found, told in kinds:
        rest = but(found, whatever)
        if rest != NONE:
            yield Rule(rest, starts, scheme.funders, frozenset(told))
