"""What the schemes say of the offers of each set, as numbers for the script that values offers by their sessions.

Many sets are alike: a profile is one for all of which every scheme says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

from search_app.search.funding.fact_sets import Mask
from search_app.search.funding.levels import Extents
from search_app.search.funding.painless.program import funder_bits, most_of
from search_app.search.funding.rules import Rules, Stretch

PACKED_BITS: Final = 32  # of the values by interval, two bits each; the funders lie above
MOST_INTERVALS: Final = PACKED_BITS // 2
_ASKED: Final = -1  # only the offer itself tells


class Said(NamedTuple):
    """What a scheme says of some sets: the values by interval, packed below its funders, and the best of them."""

    packed: int
    most: int
    is_steady: bool
    is_asked: bool


@dataclass(frozen=True)
class Profiles:
    """The profiles of one person; a search takes those of the same sets for several lists."""

    rules: Rules
    extents: Extents
    _made: dict[tuple[Mask, int, bool], dict[str, Any]] = field(default_factory=dict, init=False, repr=False)

    def of(self, among: Mask, least: int, *, beside_seats: bool) -> dict[str, Any]:
        """Return the parameters of the script that say what is known of some sets; of none if a person meets too many
        versions. Funders matter beside a condition on seats alone. Values below the ``least`` one are all the same.
        """
        key = among, least, beside_seats
        if key not in self._made:
            self._made[key] = self._of(among, least, beside_seats)
        return self._made[key]

    def _of(self, among: Mask, least: int, beside_seats: bool) -> dict[str, Any]:
        schemes = {"all": [*range(len(self.rules.schemes))], "nothing": []}
        if self.rules.moments.count > MOST_INTERVALS:
            return {**schemes, "known": {}, "profiles": []}
        parts: list[tuple[Mask, tuple[Said, ...]]] = [(among, ())]
        for (scheme, _), rows in zip(self.rules.schemes, self._by_values, strict=True):
            bits = funder_bits(scheme.funders) if beside_seats else 0
            split = [(mask, _said(bits, row)) for mask, row in rows if mask & among]
            parts = [(both, (*known, said)) for part, known in parts for mask, said in split if (both := part & mask)]
        asked = [max(map(most_of, stretches)) >= least for _, stretches in self.rules.schemes]
        told = (_to_profile(said, least) for _, said in parts)
        profiles = [(of, [each for each in asking if asked[each]]) for of, asking in told]
        known = {name: number for number, (mask, _) in enumerate(parts) for name in self.extents.sets.names_of(mask)}
        return {**schemes, "known": known, "profiles": profiles}

    @cached_property
    def _by_values(self) -> Sequence[Sequence[tuple[Mask, tuple[int, ...]]]]:
        """The sets by what each scheme says in each interval."""
        return [_by_values(stretches, self.extents) for _, stretches in self.rules.schemes]


def _by_values(stretches: Sequence[Stretch], extents: Extents) -> Sequence[tuple[Mask, tuple[int, ...]]]:
    """Return the sets by what a scheme says in each interval."""
    parts: list[tuple[Mask, tuple[int, ...]]] = [(extents.sets.every, ())]
    for stretch in stretches:
        values, length = _values(stretch, extents), len(stretch.intervals)
        parts = [
            (both, (*known, *(value,) * length))
            for part, known in parts
            for value, mask in values
            if (both := part & mask)
        ]
    return parts


def _values(stretch: Stretch, extents: Extents) -> Sequence[tuple[int, Mask]]:
    every, (yes, maybe), (not_no, maybe_not) = extents.sets.every, extents.of(stretch.yes), extents.of(stretch.not_no)
    unknown, no = not_no & ~maybe, every & ~maybe_not
    asked = every & ~(yes | unknown | no)
    return (2 if stretch.is_judged else 3, yes), (1, unknown), (0, no), (_ASKED, asked)


def _said(bits: int, row: Sequence[int]) -> Said:
    is_asked = _ASKED in row
    packed = 0 if is_asked else sum(value << 2 * interval for interval, value in enumerate(row))
    is_steady = len({*row}) == 1
    # Across an edge at which it changes a scheme says unknown.
    return Said(bits << PACKED_BITS | packed, row[0] if is_steady else max(1, *row), is_steady, is_asked)


def _to_profile(schemes: Sequence[Said], least: int = 1) -> tuple[list[int], list[int]]:
    """Return the packed values of some sets that can be the best one and at least ``least``, and the numbers of the
    schemes that the script evaluates for each offer.
    """
    steady: dict[int, int] = {}  # by funders: the best value of the schemes that say the same in all intervals
    for said in schemes:
        if said.is_steady and not said.is_asked:
            bits = said.packed >> PACKED_BITS
            steady[bits] = max(steady.get(bits, 0), said.most)
    any_seat, kept = steady.get(0, 0), set[int]()
    for said in schemes:
        bits = said.packed >> PACKED_BITS
        if said.is_asked or said.most < least or said.most <= (any_seat if bits else 0):
            continue
        if said.most == steady[bits] if said.is_steady else said.most > max(any_seat, steady.get(bits, 0)):
            kept.add(said.packed)
    return sorted(kept), [number for number, said in enumerate(schemes) if said.is_asked]
