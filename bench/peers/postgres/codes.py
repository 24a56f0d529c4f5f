"""Values of all facets as numbers: 100,000 × the position of the facet in the app's table + that of the value.

Values of a facet are numbered in the order of their text, so that equal counts are ordered as in the app's lists.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from mappings.codes import FUNDER_LABELS, RECRUITING_LABELS, RHYTHM_LABELS
from search_app.search.facets import FACETS

STEP: Final = 100_000
NAMES: Final = tuple(facet.param for facet in FACETS)
# Seats left as rows of the list, and numbers that requests ask for: each is a bit of a mask (``Codes.bit``).
LEAST: Final = (1, 2, 3, 5, 10)
CLOSED: Final[Mapping[str, Iterable[str]]] = {
    "funder": FUNDER_LABELS,
    "recruiting": RECRUITING_LABELS,
    "rhythm": RHYTHM_LABELS,
    "seats": (*map(str, LEAST), "full", "unknown"),
    "nsf": (f"{number:03}" for number in range(1000)),
}


@dataclass(frozen=True)
class Codes:
    """The numbers of all values, by facet."""

    values: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, found: Mapping[str, Iterable[str]]) -> "Codes":
        """Return the numbers of the values found in a catalogue, with all values of closed tables.

        >>> codes = Codes.of({"region": {"93", "76"}})
        >>> codes.number("region", "93") - codes.base("region"), codes.bit("seats", "10")
        (1, 2)
        """
        values = {name: {*found.get(name, ()), *CLOSED_VALUES.get(name, ())} for name in NAMES}
        return cls({name: tuple(sorted(each)) for name, each in values.items()})

    @staticmethod
    def base(facet: str) -> int:
        """Return the number of a facet's first value."""
        return NAMES.index(facet) * STEP

    @cached_property
    def _numbers(self) -> dict[tuple[str, str], int]:
        return {
            (facet, value): self.base(facet) + position
            for facet, values in self.values.items()
            for position, value in enumerate(values)
        }

    def number(self, facet: str, value: str) -> int:
        """Return the number of a value; raises KeyError for one that is not in the catalogue."""
        return self._numbers[facet, value]

    def numbers(self, facet: str, values: Iterable[str]) -> list[int]:
        """Return the numbers of several values, in order."""
        return sorted(self._numbers[facet, value] for value in values)

    def bit(self, facet: str, value: str) -> int:
        """Return the bit of a value in a mask of its facet."""
        return 1 << (self._numbers[facet, value] - self.base(facet))

    def funder(self, value: str | None) -> int:
        """Return the number of a funder in rows of sessions: 0 is any."""
        return 0 if value is None else self._numbers["funder", value] - self.base("funder") + 1

    def mask_of_seats(self, left: int | None) -> int:
        """Return the rows of the list of seats that a session is in, None where its seats are not known."""
        if left is None:
            return self.bit("seats", "unknown")
        return sum(self.bit("seats", str(least)) for least in LEAST if left >= least) or self.bit("seats", "full")


CLOSED_VALUES: Final = {name: frozenset(values) for name, values in CLOSED.items()}
