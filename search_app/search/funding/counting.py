"""Aggregations of the offers that clauses tell and of those that a script values, and their sum."""

from collections.abc import Mapping
from typing import Any, Final

from funding.evaluation.facet import FundingValue
from search_app.search.funding.clauses import EVERY, Clause, all_of, not_
from search_app.search.funding.rules import LEVELS
from search_app.search.funding.script import NEW_COUNTERS
from search_app.search.query.session_counts import TOLD, count_by_script

TOTAL: Final = "total"  # the row of all offers, beside the levels
OPEN_VALUE: Final = "open:"  # prefix of the values that a script counts


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
