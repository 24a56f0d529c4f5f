"""The scripts that value offers, with the parameters of one person; counts by clauses and by them, and their sum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from funding.evaluation.facet import VALUES, FundingValue
from funding.facts.person import Person
from search_app.search.facets import UNTOLD
from search_app.search.funding.clauses import EVERY, Clause, all_of, not_
from search_app.search.funding.fact_sets import Mask
from search_app.search.funding.levels import Extents
from search_app.search.funding.painless.profiles import Profiles
from search_app.search.funding.painless.program import floor_of, to_program
from search_app.search.funding.painless.script import COUNT_ROWS, COUNT_VALUES, IS_WORTH, NEW_COUNTERS
from search_app.search.funding.rules import LEVELS, Rules
from search_app.search.query.session_counts import TOLD, count_by_script
from search_app.search.query.sessions import SessionConditions

TOTAL: Final = "total"  # the row of all offers, beside the levels
OPEN_VALUE: Final = "open:"  # prefix of the values that a script counts
WORTH: Final[Mapping[FundingValue, int]] = {"no": 0, "unknown": 1, "possible": 2, "paid": 3}  # of the scripts
_DAYS: Final = ("first", "last", "first2", "last2")


@dataclass(frozen=True)
class Scripts:
    """The rules for one person as a program, with what is known of all sets."""

    rules: Rules
    person: Person
    extents: Extents

    def is_worth(self, conditions: SessionConditions, values: Sequence[FundingValue], among: Mask) -> Clause:
        """Return the clause of the offers that have one of some values by a session that meets the conditions, for
        offers of some sets.
        """
        return {"script": {"script": {"source": IS_WORTH, "params": self._params([conditions], values, among)}}}

    def count_values(self, asked: Clause, conditions: SessionConditions, among: Mask) -> dict[str, Any]:
        """Return the aggregation that counts some offers of some sets by value."""
        names = [OPEN_VALUE + value for value in WORTH]
        return counted(asked, COUNT_VALUES, self._params([conditions], VALUES, among) | {"names": names})

    def count_rows(
        self, asked: Clause, rows: Mapping[str, SessionConditions], values: Sequence[FundingValue], among: Mask
    ) -> dict[str, Any]:
        """Return the aggregation that counts some offers, of some sets, that have one of some values by sessions that
        meet the conditions of each row; these have the same days.
        """
        return counted(asked, COUNT_ROWS, self._params([*rows.values()], values, among) | {"names": [*rows]})

    def _params(self, rows: Sequence[SessionConditions], wanted: Sequence[FundingValue], among: Mask) -> dict[str, Any]:
        told = [each.script_params() for each in rows]
        seats = any(each.seats is not None for each in rows)
        least, enough = _limits(wanted)
        return {
            **self._program,
            "floor": floor_of(self.rules, beside_seats=seats),
            **self._profiles.of(among, least, beside_seats=seats),
            **{name: told[0][name] for name in _DAYS},
            "rows": [
                [row["states"], row["funders"], row["least"], row["most"], int(UNTOLD in each.funders)]
                for row, each in zip(told, rows, strict=True)
            ],
            "seats": seats,
            "without": not any(each.any_set for each in rows),
            "wanted": sum(1 << WORTH[value] for value in wanted),
            "enough": enough,
        }

    @cached_property
    def _profiles(self) -> Profiles:
        return Profiles(self.rules, self.extents)

    @cached_property
    def _program(self) -> dict[str, Any]:
        return to_program(self.rules, self.person.env())


def _limits(wanted: Sequence[FundingValue]) -> tuple[int, int]:
    """Return the lowest value that must be told from those below, and the one above which none need be told.

    >>> _limits(["possible", "paid"]), _limits(["possible"]), _limits(["no", "unknown", "possible", "paid"])
    ((2, 2), (1, 3), (1, 3))
    """
    numbers = sorted(WORTH[value] for value in wanted)
    best = WORTH["paid"]
    if numbers[0] > 0 and numbers == [*range(numbers[0], best + 1)]:
        return numbers[0], numbers[0]
    return 1, best


def by_clauses(rows: Mapping[str, Clause]) -> dict[str, Any]:
    """Return the aggregation that counts the offers of each clause."""
    return {"filters": {"filters": {**rows}}}


def apart(asked: Clause, told: dict[str, Any], among: Clause = EVERY) -> dict[str, Any]:
    """Return an aggregation of the offers among some that clauses tell."""
    return {"filter": all_of([among, not_(asked)]), "aggs": {TOLD: told}}


def counted(asked: Clause, script: str, params: dict[str, Any]) -> dict[str, Any]:
    """Return the aggregation that counts some offers by a script, by the names of its counters."""
    return {"filter": asked, "aggs": {TOLD: count_by_script(NEW_COUNTERS, script, params)}}


def count_values(counted: Mapping[str, int]) -> dict[FundingValue, int]:
    """Return the offers of each value: from those of the levels, each of which holds the one before, and the open ones.

    >>> count_values({"paid": 2, "yes": 5, "not_no": 9, "total": 10, "open:paid": 1, "open:no": 1})
    {'paid': 3, 'possible': 3, 'unknown': 4, 'no': 2}
    """
    paid, yes, not_no, total = (counted.get(name, 0) for name in (*LEVELS, TOTAL))
    told: tuple[tuple[FundingValue, int], ...] = (
        ("paid", paid), ("possible", yes - paid), ("unknown", not_no - yes), ("no", total - not_no),
    )  # fmt: skip
    return {value: number + counted.get(OPEN_VALUE + value, 0) for value, number in told}
