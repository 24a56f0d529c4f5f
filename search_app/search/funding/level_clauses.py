"""Clauses of the offers on each level of payment (``rules.LEVELS``), and of those that only a script can decide."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import and_
from typing import Final, NamedTuple

from search_app.search.funding.clauses import Clause, all_of, any_of, joined
from search_app.search.funding.fact_sets import FactSets, Mask
from search_app.search.funding.levels import Extents, LevelSets, union
from search_app.search.funding.rules import LEVELS, Rule, Rules
from search_app.search.funding.sessions import Sessions
from search_app.search.funding.values import Worth
from search_app.search.funding.worths import Worths, to_settled, to_worths
from search_app.search.query.sessions import ANY_FUNDER, SessionConditions

MOST_SHARES: Final = 12  # each costs some clauses in every list; the offers of the others are valued by a script


class LevelBounds(NamedTuple):
    """By level the sets that are on it by every session, and those that are by some."""

    surely: Mapping[str, Mask]
    ever: Mapping[str, Mask]


class Parts(NamedTuple):
    """The clauses of some levels, and the offers of which they do not tell: those that meet ``open``, of the sets
    ``among``.
    """

    levels: Mapping[str, Clause]
    open: Clause
    among: Mask


class Share(NamedTuple):
    """Some sets whose offers the same schemes pay by every session that has the seats asked for under their funders:
    by level these funders, of each scheme.
    """

    mask: Mask
    funders: Mapping[str, Sequence[tuple[str, ...]]]

    def split(self, mask: Mask, level: str, funders: tuple[str, ...]) -> "Iterator[Share]":
        """Yield the sets that a scheme of some funders keeps on a level, and the others."""
        if inside := self.mask & mask:
            yield Share(inside, {**self.funders, level: (*self.funders[level], funders)})
        if outside := self.mask & ~mask:
            yield Share(outside, self.funders)


@dataclass(frozen=True)
class LevelClauses:
    """The rules for one person over the sets of all offers."""

    rules: Rules
    sets: FactSets
    _bounds: dict[tuple[str | None, bool], LevelBounds] = field(default_factory=dict, init=False, repr=False)
    _settled: dict[str | None, Mapping[Worth, Mask]] = field(default_factory=dict, init=False, repr=False)
    _grouped: dict[tuple[str, str | None, bool], Mapping[tuple[str, ...], LevelSets]] = field(
        default_factory=dict, init=False, repr=False
    )

    @cached_property
    def extents(self) -> Extents:
        """Return for which sets the bounds of rules hold."""
        return Extents(self.sets)

    def bounds(self, under: str | None, *, whole: bool = False) -> LevelBounds:
        """Return the sets that facts alone place on each level, and those that a session can; by schemes that cover all
        fees, if ``whole``. The sessions are those with seats ``under`` a funder (``SessionConditions``).
        """
        key = under, whole
        if key not in self._bounds:
            self._bounds[key] = self._to_bounds(under, whole)
        return self._bounds[key]

    def worths(self, under: str | None) -> Worths:
        """Return the sets whose offers have one value by every session."""
        return to_worths(*self.bounds(under), self.sets.every)

    def settled(self, under: str | None) -> Mapping[Worth, Mask]:
        """Return the sets whose offers are worth the same by every session, covered or not."""
        if under not in self._settled:
            self._settled[under] = to_settled(self.worths(under), *self.bounds(under, whole=True))
        return self._settled[under]

    def parts(self, conditions: SessionConditions, among: Mask, levels: Iterable[str]) -> Parts:
        """Return what clauses tell, of some levels, about offers of some sets with a session that meets the conditions,
        none of which is on seats.
        """
        told = {level: self._level_sets(level, None).get((), self._no_rules) for level in levels}
        sessions = Sessions(self.rules.moments, conditions)
        return Parts(
            {level: any_of(self._told(sets, sessions, among)) for level, sets in told.items()},
            any_of(self._open([*told.values()], sessions, among)),
            among,
        )

    def shares(self, among: Mask, levels: Sequence[str]) -> tuple[Sequence[Share], Mask]:
        """Return some sets by the schemes that pay their offers, and those of which facts alone do not tell.

        Shares of few sets are among the latter.
        """
        parts: list[Share] = [Share(among, {})]
        left: Mask = 0
        for level in levels:
            groups = self._level_sets(level, ANY_FUNDER)
            clear = reduce(and_, (each.settled | ~each.ever for each in groups.values()), self.sets.every)
            clear |= groups[()].settled if () in groups else 0
            left |= among & ~clear
            parts = [Share(part.mask, {**part.funders, level: ()}) for part in parts]
            for funders, each in groups.items():
                parts = [share for part in parts for share in part.split(each.settled, level, funders)]
        told = sorted((part for part in parts if part.mask & ~left), key=lambda part: -(part.mask & ~left).bit_count())
        kept = [Share(part.mask & ~left, part.funders) for part in told[:MOST_SHARES]]
        return kept, among & ~union(share.mask for share in kept)

    def _to_bounds(self, under: str | None, whole: bool) -> LevelBounds:
        surely, ever = {}, {}
        for level in LEVELS:
            groups = self._level_sets(level, under, whole)
            # Beside seats under any funder, only who pays any seat pays for every session.
            surely[level] = groups[()].settled if () in groups else 0
            ever[level] = union(each.ever for each in groups.values())
        return LevelBounds(surely, ever)

    @cached_property
    def _no_rules(self) -> LevelSets:
        return LevelSets((), self.extents, self.rules.moments.count)

    def _told(self, told: LevelSets, sessions: Sessions, among: Mask) -> list[Clause]:
        """Return the clauses of the offers that are on a level."""
        found = [(self.sets.clause(mask), intervals) for mask, intervals in told.by_start(sessions.reached, among)]
        for rule, mask in told.partly(sessions.reached, among):
            clause = all_of([self.sets.clause(mask), rule.bounds.surely])
            found.append((clause, rule.intervals & sessions.reached))
        return [all_of([clause, sessions.start_in(intervals)]) for intervals, clause in joined(found)]

    def _open(self, levels: Sequence[LevelSets], sessions: Sessions, among: Mask) -> list[Clause]:
        """Return the clauses of the offers of which clauses do not tell whether they are on a level."""
        found = [
            all_of([self.sets.clause(mask), rule.bounds.between])
            for told in levels
            for rule, mask in told.partly(sessions.reached, among)
        ]
        crossed: dict[Mask, list[Clause]] = {}
        for edges, clause, everywhere in sessions.crossings:
            masks = (told.ever if everywhere else told.changed(edges) for told in levels)
            crossed.setdefault(union(masks) & among, []).append(clause)
        return found + [all_of([self.sets.clause(mask), any_of(clauses)]) for mask, clauses in crossed.items()]

    def _level_sets(self, level: str, under: str | None, whole: bool = False) -> Mapping[tuple[str, ...], LevelSets]:
        """Return the rules of a level in one group; beside seats under any funder by the funders of their scheme.

        Beside seats under one funder these are the rules of schemes that pay any seat or this one: for all sessions.
        """
        key = level, under, whole
        if key not in self._grouped:
            found: dict[tuple[str, ...], list[Rule]] = {}
            for rule in self.rules.levels[level]:
                if (whole and not rule.whole) or (under and rule.funders and under not in rule.funders):
                    continue
                found.setdefault(rule.funders if under == ANY_FUNDER else (), []).append(rule)
            count = self.rules.moments.count
            self._grouped[key] = {funders: LevelSets(rules, self.extents, count) for funders, rules in found.items()}
        return self._grouped[key]
