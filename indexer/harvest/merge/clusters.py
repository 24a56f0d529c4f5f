"""Which records are of one text: joined by evidence, the strongest first, unless stronger evidence tells them apart."""

from array import array
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from indexer.harvest.merge.table import Group, MergeTable
from indexer.harvest.record.evidence import SCHEMES, Scheme

# A value that so many records of one source have says nothing about a text, e.g. the address of a home page.
MOST_OF_ONE_SOURCE: Final = 50


class Clusters:
    """A partition of the records, at first each alone; the result does not depend on their order."""

    def __init__(self, table: MergeTable, size: int) -> None:
        self._table = table
        self._parent = array("q", range(size))
        self._members: dict[int, list[int]] = {}  # of clusters of several records

    def join_all(self) -> None:
        """Join by every scheme, in the order of their strength."""
        for place, scheme in enumerate(SCHEMES):
            if scheme.joins:
                stronger = [each for each in SCHEMES[1:place] if each.parts]
                for group in self._table.shared(scheme.name):
                    self._join_group(group, scheme, stronger)

    def roots(self) -> Iterator[tuple[int, int]]:
        """Yield (root, record) of every record; the root stands for its cluster."""
        return ((self._find(n), n) for n in range(len(self._parent)))

    def _join_group(self, group: Group, scheme: Scheme, stronger: list[Scheme]) -> None:
        members = self._sound(group, scheme)
        for n in members[1:]:
            for other in members:
                if other == n:
                    break
                if self._may_join(other, n, scheme, stronger):
                    self._join(other, n)
                    break

    def _sound(self, group: Group, scheme: Scheme) -> list[int]:
        """Return the records that a value may join: none where a source shows that it does not name one text."""
        titles: dict[str, set[str]] = defaultdict(set)
        roots: dict[str, set[int]] = defaultdict(set)
        for n, source, title in group.members:
            titles[source].add(title)
            roots[source].add(self._find(n))
        if scheme.unique and any(len(told) > 1 for told in titles.values()):
            return []
        most = 1 if scheme.across else MOST_OF_ONE_SOURCE
        if any(len(found) > most for found in roots.values()):
            return []
        return list(dict.fromkeys(n for n, _, _ in group.members))

    def _may_join(self, one: int, other: int, scheme: Scheme, stronger: list[Scheme]) -> bool:
        first, second = self._find(one), self._find(other)
        if first == second:
            return True
        if scheme.across and self._sources(first) & self._sources(second):
            return False
        return not any(self._differ(first, second, each) for each in stronger)

    def _differ(self, first: int, second: int, scheme: Scheme) -> bool:
        mine, theirs = self._values(first, scheme.name), self._values(second, scheme.name)
        return bool(mine and theirs and not mine & theirs)

    def _values(self, root: int, scheme: str) -> set[str]:
        return {value for n in self._members.get(root, [root]) for value in self._table.values(n, scheme)}

    def _sources(self, root: int) -> set[str]:
        return {self._table.source(n) for n in self._members.get(root, [root])}

    def _find(self, n: int) -> int:
        while self._parent[n] != n:
            self._parent[n] = self._parent[self._parent[n]]
            n = self._parent[n]
        return n

    def _join(self, one: int, other: int) -> None:
        first, second = sorted((self._find(one), self._find(other)))
        if first != second:
            self._parent[second] = first
            self._members[first] = [*self._members.get(first, [first]), *self._members.pop(second, [second])]
