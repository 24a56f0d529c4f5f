"""Which records are of one text: joined by evidence, the strongest first, unless stronger evidence tells them apart."""

from array import array
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from indexer.harvest.merge.table import Group, MergeTable
from indexer.harvest.record.evidence import SCHEMES, Scheme

# A value that so many records of one source have says nothing about a text, e.g. the address of a home page.
MOST_OF_ONE_SOURCE: Final = 50
# No text has more records; the work for a cluster grows with the square of their number.
MOST_RECORDS: Final = 200


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
        if len(self._records(first)) + len(self._records(second)) > MOST_RECORDS:
            return False
        mine, theirs = self._titles(first), self._titles(second)
        shared = mine.keys() & theirs.keys()
        if scheme.across and shared:
            return False
        # What one record claims must not make one text of two that their own source tells apart. A source that itself
        # uses an identifier twice, in two sets, speaks of one text, whatever the title is meanwhile.
        is_own = not scheme.unique and self._table.told(one)[0] == self._table.told(other)[0]
        if not is_own and any(mine[source].isdisjoint(theirs[source]) for source in shared):
            return False
        return not any(self._differ(first, second, each) for each in stronger)

    def _differ(self, first: int, second: int, scheme: Scheme) -> bool:
        mine, theirs = self._values(first, scheme.name), self._values(second, scheme.name)
        return bool(mine and theirs and not mine & theirs)

    def _values(self, root: int, scheme: str) -> set[str]:
        return {value for n in self._records(root) for value in self._table.values(n, scheme)}

    def _titles(self, root: int) -> dict[str, set[str]]:
        """Return the titles that each source of a cluster tells."""
        found: dict[str, set[str]] = defaultdict(set)
        for n in self._records(root):
            source, title = self._table.told(n)
            found[source].add(title)
        return found

    def _records(self, root: int) -> list[int]:
        return self._members.get(root, [root])

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
