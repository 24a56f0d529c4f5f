"""The scripts that value offers, with the parameters of one person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from funding.evaluation.facet import VALUES, FundingValue
from funding.facts.person import Person
from search_app.search.facets import UNTOLD
from search_app.search.funding.clauses import Clause
from search_app.search.funding.counting import OPEN_VALUE, counted
from search_app.search.funding.levels import Extents
from search_app.search.funding.profiles import to_profiles
from search_app.search.funding.program import to_program
from search_app.search.funding.rules import Rules
from search_app.search.funding.script import COUNT_ROWS, COUNT_VALUES, IS_WORTH
from search_app.search.query.sessions import SessionConditions

WORTH: Final[Mapping[FundingValue, int]] = {"no": 0, "unknown": 1, "possible": 2, "paid": 3}  # of the scripts
_DAYS: Final = ("first", "last", "first2", "last2")


@dataclass(frozen=True)
class Scripts:
    """The rules for one person as a program, with what is known of all sets."""

    rules: Rules
    person: Person
    extents: Extents

    def is_worth(self, conditions: SessionConditions, values: Iterable[FundingValue]) -> Clause:
        """Return the clause of the offers that have one of some values by a session that meets the conditions."""
        return {"script": {"script": {"source": IS_WORTH, "params": self._params([conditions], values)}}}

    def count_values(self, asked: Clause, conditions: SessionConditions) -> dict[str, Any]:
        """Return the aggregation that counts some offers by value."""
        names = [OPEN_VALUE + value for value in WORTH]
        return counted(asked, COUNT_VALUES, self._params([conditions], VALUES) | {"names": names})

    def count_rows(
        self, asked: Clause, rows: Mapping[str, SessionConditions], values: Iterable[FundingValue]
    ) -> dict[str, Any]:
        """Return the aggregation that counts some offers that have one of some values by sessions that meet the
        conditions of each row; these have the same days.
        """
        return counted(asked, COUNT_ROWS, self._params([*rows.values()], values) | {"names": [*rows]})

    def _params(self, rows: Sequence[SessionConditions], wanted: Iterable[FundingValue]) -> dict[str, Any]:
        told = [each.script_params() for each in rows]
        seats = any(each.seats is not None for each in rows)
        return {
            **(self._beside_seats if seats else self._program),
            **{name: told[0][name] for name in _DAYS},
            "rows": [
                [row["states"], row["funders"], row["least"], row["most"], int(UNTOLD in each.funders)]
                for row, each in zip(told, rows, strict=True)
            ],
            "seats": seats,
            "without": not any(each.any_set for each in rows),
            "wanted": sum(1 << WORTH[value] for value in wanted),
        }

    @cached_property
    def _program(self) -> dict[str, Any]:
        return self._to_program(beside_seats=False)

    @cached_property
    def _beside_seats(self) -> dict[str, Any]:
        return self._to_program(beside_seats=True)

    def _to_program(self, *, beside_seats: bool) -> dict[str, Any]:
        program = to_program(self.rules, self.person.env(), beside_seats=beside_seats)
        return program | to_profiles(self.rules, self.extents, beside_seats=beside_seats)
