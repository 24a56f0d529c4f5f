"""The schemes that pay fees, as clauses for one person: which offers say yes by a session, and which do not say no.

A scheme is cut into stretches of intervals in which it says the same. What a session tells besides its start (its
length, the CPF) is not asked for here: a clause has a lower and an upper bound, and a script decides what lies between.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

from funding.book import Book
from funding.facts.person import Person
from funding.facts.values import Days
from funding.rule.scheme import Scheme, Version
from mappings.session_index import FIRST
from search_app.search.funding.clauses import EVERY, NONE, Clause, all_of, any_of, but, not_
from search_app.search.funding.conditions import UNKNOWN, Pair, to_pair
from search_app.search.funding.moments import START, Extra, Moments, tells, to_moments

# A yes that nobody judges, any yes, anything but a no: what is on one level is on the next one.
PAID, YES, NOT_NO = "paid", "yes", "not_no"
LEVELS: Final = (PAID, YES, NOT_NO)
_GAP: Final = ((UNKNOWN, EVERY),)


class Bounds(NamedTuple):
    """The offers that surely are on a level by a session of some intervals, and those that only a session can tell."""

    surely: Clause
    between: Clause


@dataclass(frozen=True, slots=True)
class Rule:
    """What a stretch of a scheme says; ``funders`` are those whose seats count, none: any; ``whole`` if it covers all
    fees.
    """

    bounds: Bounds
    intervals: frozenset[int]
    funders: tuple[str, ...]
    scheme: str
    whole: bool


@dataclass(frozen=True)
class Stretch:
    """Adjacent intervals in which one version is in force, or none; ``cases`` are its clauses by what else a session
    is, each with the offers of which that is so of all sessions.
    """

    intervals: range
    version: Version | None
    cases: Sequence[tuple[Pair, Clause]]

    @property
    def is_judged(self) -> bool:
        """Tell whether somebody decides a yes."""
        return bool(self.version and self.version.judged)

    @property
    def never_says_yes(self) -> bool:
        """Tell whether it says yes of no offer."""
        return all(pair.true == NONE for pair, _ in self.cases)

    @cached_property
    def yes(self) -> Bounds:
        """Return the offers of which it says yes."""
        return _bounds((pair.true, of_all) for pair, of_all in self.cases)

    @cached_property
    def not_no(self) -> Bounds:
        """Return the offers of which it does not say no."""
        return _bounds((not_(pair.false), of_all) for pair, of_all in self.cases)

    def says_the_same(self, other: "Stretch") -> bool:
        """Tell whether two stretches say the same of every offer and session."""
        return self.cases == other.cases and (self.is_judged == other.is_judged or self.never_says_yes)


Schemes = Sequence[tuple[Scheme, Sequence[Stretch]]]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of each level, the schemes they were made from, and the moments by which they tell sessions apart."""

    moments: Moments
    levels: Mapping[str, Sequence[Rule]]
    schemes: Schemes


def compile_rules(book: Book, person: Person, on: date, since: date = FIRST, earliest: date = FIRST) -> Rules:
    """Return the rules of the schemes of a book that pay fees, for a person on a day, and for sessions that can start
    on a day ``since`` or later; none starts before ``earliest``.
    """
    schemes = [scheme for scheme in book.schemes if "fees" in scheme.pays and scheme.versions]
    env = person.env()
    moments = to_moments(schemes, env, on, since, earliest)
    moments, split = _simplify(moments, [(scheme, list(_stretches(scheme, moments, env))) for scheme in schemes])
    levels: dict[str, list[Rule]] = {level: [] for level in LEVELS}
    for scheme, stretches in split:
        for stretch in stretches:
            intervals = frozenset(stretch.intervals)
            yes = Rule(stretch.yes, intervals, scheme.funders, scheme.id, scheme.covers == "full")
            if yes.bounds != Bounds(NONE, NONE):
                levels[YES].append(yes)
                if not stretch.is_judged:
                    levels[PAID].append(yes)
            not_no = replace(yes, bounds=stretch.not_no)
            if not_no.bounds != Bounds(NONE, NONE):
                levels[NOT_NO].append(not_no)
    return Rules(moments, levels, split)


def _bounds(cases: Iterable[tuple[Clause, Clause]]) -> Bounds:
    """Return the bounds of a clause that depends on the session, from its cases."""
    found = list(cases)
    always = all_of(clause for clause, _ in found)
    if all(clause == always for clause, _ in found):
        return Bounds(always, NONE)
    by_all = any_of(all_of([clause, of_all]) for clause, of_all in found)
    told = any_of(of_all for _, of_all in found)
    ever = any_of(clause for clause, _ in found)
    return Bounds(any_of([always, by_all]), but(but(ever, always), told))


def _simplify(moments: Moments, split: Schemes) -> tuple[Moments, Schemes]:
    """Return the same without the edges at which no scheme changes what it says to this person."""
    joined = [(scheme, _joined(stretches)) for scheme, stretches in split]
    begins = sorted({each.intervals.start for _, stretches in joined for each in stretches} - {0})
    # The new number of an interval: how many edges are left before it.
    new = [sum(begin <= interval for begin in begins) for interval in range(moments.count)]
    renumbered = [
        (scheme, [replace(each, intervals=range(new[each.intervals[0]], new[each.intervals[-1]] + 1)) for each in kept])
        for scheme, kept in joined
    ]
    return moments.with_edges(begins), renumbered


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    kept: list[Stretch] = []
    for stretch in stretches:
        if kept and kept[-1].says_the_same(stretch):
            kept[-1] = replace(kept[-1], intervals=range(kept[-1].intervals.start, stretch.intervals.stop))
        else:
            kept.append(stretch)
    return kept


def _stretches(scheme: Scheme, moments: Moments, env: dict[str, Any]) -> Iterator[Stretch]:
    """Yield the stretches of a scheme in order; together they are all intervals."""
    begin, told = 0, tells(scheme)
    more = moments.extras(told)
    in_force = ((moments.intervals_of(version), version) for version in scheme.versions)
    for intervals, version in sorted((row for row in in_force if row[0]), key=lambda row: row[0].start):
        if begin < intervals.start:
            yield Stretch(range(begin, intervals.start), None, _GAP)
        # A version that compares the start itself is another one in each interval.
        apart = START in version.facts
        for part in [range(each, each + 1) for each in intervals] if apart else [intervals]:
            yield _stretch(version, part, moments, env, more)
        begin = intervals.stop
    if begin < moments.count:
        yield Stretch(range(begin, moments.count), None, _GAP)


def _stretch(
    version: Version, intervals: range, moments: Moments, env: dict[str, Any], more: Sequence[Extra]
) -> Stretch:
    days = Days(moments.days(intervals[0]).first, moments.days(intervals[-1]).last)
    doubtful = bool(version.doubt(moments.on))

    def pair(extra: Mapping[str, Any]) -> Pair:
        true, false = to_pair(version.when, {**env, START: days, **extra})
        return Pair(NONE if doubtful else true, false)

    whatever = pair({})
    is_settled = whatever.false == EVERY or len(more) == 1
    cases = [(whatever, EVERY)] if is_settled else [(pair(extra), of_all) for extra, of_all in more]
    if all(each == cases[0][0] for each, _ in cases):
        cases = [(cases[0][0], EVERY)]
    return Stretch(intervals, version, cases)
