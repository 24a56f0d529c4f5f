"""The different facts of all offers that rules on funding ask for, and which of them a clause holds for.

A catalogue has some hundred (``mappings.columns.funding_set``). A set of them is a mask, one bit for each: what a
scheme says of every offer takes some operations on whole numbers, and its offers are found by one list of terms.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from mappings.columns.funding import NO_PERIOD, pack_period
from mappings.columns.funding_set import ASKED, NAME, SOME_DAYS, fields_of, is_term, name_of
from search_app.search.funding.clauses import EVERY, NONE, Clause

Mask = int
MOST_SETS: Final = 10_000  # of one catalogue; beyond, a script decides alone
FEW_OF: Final = 8  # below an eighth of all sets their bits are taken one by one
_CPF: Final = "cpf_periods"
_DAYS_IN_SETS: Final = (str(pack_period(None, None)), str(NO_PERIOD))


def places(mask: Mask) -> Iterator[int]:
    """Yield the places of the bits of a mask.

    >>> [*places(0b10110)]
    [1, 2, 4]
    """
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


class Extent(NamedTuple):
    """The sets whose offers a clause surely holds for, and those for some of whose offers it may hold."""

    sure: Mask
    possible: Mask


class FactSets:
    """Some sets, in order of their terms."""

    def __init__(self, terms: Iterable[str] = ()) -> None:
        self.terms = tuple(sorted(filter(is_term, terms)))  # offers of another text are valued by the script
        self.names = tuple(map(name_of, self.terms))
        self._places = {name: place for place, name in enumerate(self.names)}
        self.every: Mask = (1 << len(self.terms)) - 1
        self._holding: dict[str, dict[str, Mask]] = {name: {} for name in ASKED}
        for place, term in enumerate(self.terms):
            for name, values in fields_of(term).items():
                for value in values:
                    self._holding[name][value] = self._holding[name].get(value, 0) | 1 << place
        self.clause = lru_cache(maxsize=256)(self._clause)

    def _clause(self, mask: Mask) -> Clause:
        """Return the clause of the offers of some sets."""
        if not mask:  # also while no sets are known
            return NONE
        return EVERY if mask == self.every else {"terms": {NAME: self.names_of(mask)}}

    def names_of(self, mask: Mask) -> list[str]:
        """Return the names of some sets."""
        if mask.bit_count() * FEW_OF < len(self.names):
            return [self.names[place] for place in places(mask)]
        return [name for name, bit in zip(self.names, reversed(bin(mask)[2:]), strict=False) if bit == "1"]

    def mask_of(self, name: str) -> Mask:
        """Return the set of a name alone, none if it is not known."""
        place = self._places.get(name)
        return 0 if place is None else 1 << place

    def extent(self, clause: Mapping[str, Any]) -> Extent:
        """Return for which sets a clause holds; one on anything else may hold for each.

        >>> sets = FactSets(["training||||2|||", "vae||||4|||"])
        >>> sets.extent({"bool": {"filter": [{"terms": {"funder": ["2"]}}, {"range": {"price": {"lte": 1}}}]}})
        Extent(sure=0, possible=1)
        >>> sets.extent({"bool": {"must_not": [{"term": {"kind": "vae"}}]}})
        Extent(sure=1, possible=1)
        """
        ((kind, body),) = clause.items()
        if kind == "bool":
            return self._of_parts(body)
        if kind in ("match_all", "match_none"):
            return Extent(self.every, self.every) if kind == "match_all" else Extent(0, 0)
        field, asked = (body["field"], None) if kind == "exists" else next(iter(body.items()))
        if field not in self._holding or kind == "range":
            return Extent(0, self.every)
        values = [*self._holding[field]] if asked is None else [asked] if kind == "term" else asked
        return self._of_values(
            field, [str(value).lower() if isinstance(value, bool) else str(value) for value in values]
        )

    def _of_values(self, field: str, values: Iterable[str]) -> Extent:
        holding, found, maybe = self._holding[field], 0, 0
        for value in values:
            found |= holding.get(value, 0)
            if field == _CPF and value not in (*_DAYS_IN_SETS, SOME_DAYS):
                maybe |= holding.get(SOME_DAYS, 0)
        return Extent(found, found | maybe)

    def _of_parts(self, parts: Mapping[str, Any]) -> Extent:
        sure = possible = self.every
        for part in parts.get("filter", ()):
            each = self.extent(part)
            sure, possible = sure & each.sure, possible & each.possible
        if "should" in parts:
            some = [self.extent(part) for part in parts["should"]]
            any_sure = any_possible = 0
            for each in some:
                any_sure, any_possible = any_sure | each.sure, any_possible | each.possible
            sure, possible = sure & any_sure, possible & any_possible
        for part in parts.get("must_not", ()):
            each = self.extent(part)
            sure, possible = sure & ~each.possible, possible & ~each.sure
        return Extent(sure, possible)
