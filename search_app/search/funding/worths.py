"""The values of sets of facts, and chosen values as levels."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from funding.evaluation.facet import VALUES, FundingValue
from search_app.search.funding.fact_sets import Mask
from search_app.search.funding.levels import union
from search_app.search.funding.rules import LEVELS, NOT_NO, PAID, YES
from search_app.search.funding.sessions import runs
from search_app.search.funding.values import Worth

EVERY_LEVEL: Final = "every"  # what all offers are on
NO_LEVEL: Final = "none"
_LEVEL_OF: Final[Mapping[FundingValue, str]] = {"paid": PAID, "possible": YES, "unknown": NOT_NO}


class Worths(NamedTuple):
    """The sets whose offers have one value by every session."""

    by_value: Mapping[FundingValue, Mask]
    every: Mask

    @property
    def rest(self) -> Mask:
        """Return the sets whose offers can have several values."""
        return self.every & ~union(self.by_value.values())


class Chosen(NamedTuple):
    """The sets all of whose offers have a chosen value by every session, and those none of whose offers has one."""

    always: Mask
    never: Mask
    every: Mask

    @property
    def rest(self) -> Mask:
        """Return the sets whose offers must be asked for."""
        return self.every & ~(self.always | self.never)


def to_worths(surely: Mapping[str, Mask], ever: Mapping[str, Mask], every: Mask) -> Worths:
    """Return the sets of each value, from those that surely are on each level and those that can be.

    >>> on = {"paid": 0b001, "yes": 0b001, "not_no": 0b011}
    >>> to_worths(on, on | {"yes": 0b011}, 0b111)
    Worths(by_value={'paid': 1, 'possible': 0, 'unknown': 0, 'no': 4}, every=7)
    """
    never = {level: every & ~mask for level, mask in ever.items()}
    return Worths(
        {
            "paid": surely[PAID],
            "possible": surely[YES] & never[PAID],
            "unknown": surely[NOT_NO] & never[YES],
            "no": never[NOT_NO],
        },
        every,
    )


def to_settled(worths: Worths, surely: Mapping[str, Mask], ever: Mapping[str, Mask]) -> dict[Worth, Mask]:
    """Return the sets whose offers are worth the same by every session, covered or not: from those of each value, and
    from those that schemes which cover all fees place on each level.

    >>> worths = to_worths({"paid": 3, "yes": 3, "not_no": 3}, {"paid": 3, "yes": 3, "not_no": 3}, 7)
    >>> told = to_settled(worths, {"paid": 1, "yes": 1, "not_no": 1}, {"paid": 3, "yes": 3, "not_no": 3})
    >>> [worth for worth, mask in told.items() if mask & 1], [worth for worth, mask in told.items() if mask & 2]
    ([Worth(value='paid', whole=True)], [])
    """
    settled = {Worth("no", False): worths.by_value["no"]}
    for value, level in _LEVEL_OF.items():
        mask = worths.by_value[value]
        settled |= {Worth(value, True): mask & surely[level], Worth(value, False): mask & ~ever[level]}
    return settled


def to_chosen(
    values: Iterable[FundingValue], surely: Mapping[str, Mask], ever: Mapping[str, Mask], every: Mask
) -> Chosen:
    """Return the sets of some values, from those that surely are on each level and those that can be.

    What lies between two values that are not chosen, or that are, need not be known.

    >>> on = {"paid": 0b001, "yes": 0b001, "not_no": 0b011}
    >>> to_chosen(["paid"], on, on | {"yes": 0b011}, 0b111)
    Chosen(always=1, never=6, every=7)
    >>> to_chosen(["possible"], on, on | {"yes": 0b011}, 0b111).rest
    2
    """
    surely = {**surely, EVERY_LEVEL: every, NO_LEVEL: 0}
    ever = {**ever, EVERY_LEVEL: every, NO_LEVEL: 0}
    always, possible = 0, 0
    for on, off in bands(values):
        always |= surely[on] & ~ever[off]
        possible |= ever[on] & ~surely[off]
    return Chosen(always, every & ~possible, every)


def bands(values: Iterable[FundingValue]) -> list[tuple[str, str]]:
    """Return some values as pairs of levels: their offers are on the first one and not on the second one.

    >>> bands(["paid", "possible", "no"])
    [('yes', 'none'), ('every', 'not_no')]
    """
    ladder = (NO_LEVEL, *LEVELS, EVERY_LEVEL)
    return [(ladder[last + 1], ladder[first]) for first, last in runs(VALUES.index(value) for value in values)]
