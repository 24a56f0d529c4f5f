"""What the rules of one level say of each set of facts, by the interval in which a session starts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_
from typing import NamedTuple

from search_app.search.funding.fact_sets import Extent, FactSets, Mask
from search_app.search.funding.rules import Bounds, Rule


class Extents:
    """For which sets the bounds of rules hold, worked out once for each."""

    def __init__(self, sets: FactSets) -> None:
        self.sets = sets
        self._known: dict[int, tuple[Bounds, Extent]] = {}  # with the bounds, so that no others have their id

    def of(self, bounds: Bounds) -> Extent:
        """Return the sets whose offers surely are within the bounds, and those of which some can be."""
        if id(bounds) not in self._known:
            surely, between = self.sets.extent(bounds.surely), self.sets.extent(bounds.between)
            self._known[id(bounds)] = bounds, Extent(surely.sure, surely.possible | between.possible)
        return self._known[id(bounds)][1]


class Partly(NamedTuple):
    """A rule, and the sets of which the facts alone do not tell what it says."""

    rule: Rule
    mask: Mask


@dataclass(frozen=True)
class LevelSets:
    """The rules of one level whose seats count under the same funders, over so many intervals."""

    rules: Sequence[Rule]
    extents: Extents
    count: int

    @cached_property
    def _extents(self) -> Sequence[Extent]:
        """Return for each rule the sets that are on the level by it: surely, and by some session or offer."""
        return [self.extents.of(rule.bounds) for rule in self.rules]

    @cached_property
    def sure(self) -> Sequence[Mask]:
        """Return for each interval the sets that surely are on the level."""
        return [self._by_interval(interval, "sure") for interval in range(self.count)]

    @cached_property
    def possible(self) -> Sequence[Mask]:
        """Return for each interval the sets that can be on the level."""
        return [self._by_interval(interval, "possible") for interval in range(self.count)]

    def _by_interval(self, interval: int, bound: str) -> Mask:
        of_rules = zip(self.rules, self._extents, strict=True)
        return union(getattr(extent, bound) for rule, extent in of_rules if interval in rule.intervals)

    @cached_property
    def _of_schemes(self) -> Sequence[Sequence[tuple[Rule | None, Extent]]]:
        """Return for each scheme its rule in each interval, None where it has none."""
        schemes: dict[str, list[tuple[Rule | None, Extent]]] = {}
        for rule, extent in zip(self.rules, self._extents, strict=True):
            by_interval = schemes.setdefault(rule.scheme, [(None, Extent(0, 0))] * self.count)
            for interval in rule.intervals:
                by_interval[interval] = rule, extent
        return [*schemes.values()]

    @cached_property
    def always(self) -> Mask:
        """Return the sets that one scheme alone keeps on the level, whenever a session starts."""
        return union(
            reduce(and_, (extent.sure for _, extent in scheme), self.extents.sets.every) for scheme in self._of_schemes
        )

    @cached_property
    def changes(self) -> Sequence[Mask]:
        """Return for each edge the sets of which some scheme says something else after it than before."""
        return [
            union(
                (before.possible | after.possible) & ~(before.sure & after.sure)
                for (rule, before), (other, after) in (scheme[edge - 1 : edge + 1] for scheme in self._of_schemes)
                if rule is not other
            )
            for edge in range(1, self.count)
        ]

    def by_start(self, reached: Iterable[int], among: Mask) -> Iterator[tuple[Mask, frozenset[int]]]:
        """Yield some of the sets by the intervals in which a session must start for them to be surely on the level."""
        parts: list[tuple[Mask, frozenset[int]]] = [(among, frozenset())]
        for interval in reached:
            inside = self.sure[interval]
            split = [(part & inside, held | {interval}) for part, held in parts]
            parts = [each for each in [*split, *((part & ~inside, held) for part, held in parts)] if each[0]]
        return ((part, held) for part, held in parts if held)

    def partly(self, reached: frozenset[int], among: Mask) -> Iterator[Partly]:
        """Yield the rules that leave some of the sets open in intervals that sessions reach."""
        for rule, extent in zip(self.rules, self._extents, strict=True):
            inside = rule.intervals & reached
            if inside:
                settled = reduce(and_, (self.sure[interval] for interval in inside))
                if mask := extent.possible & ~extent.sure & ~settled & among:
                    yield Partly(rule, mask)

    def changed(self, edges: Iterable[int]) -> Mask:
        """Return the sets for which it matters on which side of some edges a session starts."""
        return union(self.changes[edge] for edge in edges) & ~self.always

    @cached_property
    def settled(self) -> Mask:
        """Return the sets that are on the level whenever a session starts, and whatever it is."""
        steady = reduce(and_, self.sure, self.extents.sets.every) & ~union(self.changes)
        return steady | self.always

    @cached_property
    def ever(self) -> Mask:
        """Return the sets that can be on the level by some session."""
        return union(self.possible)


def union(masks: Iterable[Mask]) -> Mask:
    """Return the sets that are in any of some masks."""
    return reduce(or_, masks, 0)
