"""The values of sets of facts, and chosen values as levels."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from funding.evaluation.facet import VALUES, FundingValue
from search_app.search.funding.fact_sets import Mask
from search_app.search.funding.levels import union
from search_app.search.funding.rules import LEVELS
from search_app.search.funding.sessions import runs

EVERY_LEVEL: Final = "every"  # what all offers are on
NO_LEVEL: Final = "none"


class Worths(NamedTuple):
    """The sets whose offers have one value by every session."""

    by_value: Mapping[FundingValue, Mask]
    every: Mask

    def of(self, values: Iterable[FundingValue]) -> Mask:
        """Return the sets with one of some values."""
        return union(self.by_value[value] for value in values)

    @property
    def rest(self) -> Mask:
        """Return the sets whose offers can have several values."""
        return self.every & ~union(self.by_value.values())


def bands(values: Iterable[FundingValue]) -> list[tuple[str, str]]:
    """Return some values as pairs of levels: their offers are on the first one and not on the second one.

    >>> bands(["paid", "possible", "no"])
    [('yes', 'none'), ('every', 'not_no')]
    """
    ladder = (NO_LEVEL, *LEVELS, EVERY_LEVEL)
    return [(ladder[last + 1], ladder[first]) for first, last in runs(VALUES.index(value) for value in values)]
