"""Counts of offers by a property of a session that meets the session conditions: recruitment, funder, seats left.

Counted by ranges, each row of a list is a condition on ``windows``, which the engine looks up in the whole catalogue:
some thirty of them a search. Where a search leaves few offers it is sooner done to look at the sessions of these. Both
ways count the same; a test compares them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from mappings.codes import FUNDER_LABELS
from mappings.session_index import FUNDER_NUMBERS, STATE_NUMBERS
from search_app.search.facets import Codes
from search_app.search.params.search_params import Seats
from search_app.search.query.purchases import all_of
from search_app.search.query.session_scripts import (
    ALL_COUNTERS,
    BY_NAME,
    COUNT_FUNDERS,
    COUNT_SEATS,
    COUNT_STATES,
    NEW_COUNTERS,
)
from search_app.search.query.sessions import Clause, SessionConditions

Body = dict[str, Any]
Rows = Mapping[str, SessionConditions]
Meets = Callable[[SessionConditions], list[Clause]]
OPEN: Final = ":open"  # suffix of the aggregation of the offers that a script counts, beside one that tells the others
REST: Final = ":rest"  # suffix of those of the offers that another one beside them leaves out; a number may follow
PART: Final = re.compile(f"(?:{OPEN}|{REST}\\d*)$")
TOLD: Final = "told"  # the aggregation in it
NO_ROW: Final = ""  # of a counter


def state_rows(values: Codes, conditions: SessionConditions) -> Rows:
    """Return the conditions by recruitment state."""
    return {code: replace(conditions, recruiting=(code,)) for code in values.proposed()}


def count_states(conditions: SessionConditions) -> Body:
    """Return the aggregation by recruitment state, by a script."""
    return _scripted(COUNT_STATES[conditions.seats is not None], conditions, _names(STATE_NUMBERS))


def count_funders(conditions: SessionConditions, seats: Seats) -> Body:
    """Return the aggregation by funder under which a session has these seats, by a script."""
    script_conditions = replace(conditions, seats=seats, funders=tuple(FUNDER_LABELS))
    names = _names({code: FUNDER_NUMBERS[code] for code in FUNDER_LABELS})
    return _scripted(COUNT_FUNDERS, script_conditions, names)


def seats_under(
    conditions: SessionConditions, seats: Seats, codes: Iterable[str], meets: Meets
) -> dict[str, list[Clause]]:
    """Return, by funder, the clauses that a session has these seats under it."""
    return {code: meets(replace(conditions, seats=seats, funders=(code,))) for code in codes}


def seats_rows(rows: Sequence[int | str], conditions: SessionConditions) -> Rows:
    """Return the conditions by seats left under the funders of the conditions."""
    return {str(row): replace(conditions, seats=cast(Seats, row)) for row in rows}


def count_seats(rows: Sequence[int | str], words: Iterable[str], conditions: SessionConditions) -> Body:
    """Return the aggregation by seats left under the funders of the conditions, by a script."""
    steps = [row for row in rows if isinstance(row, int)]
    return _scripted(COUNT_SEATS, conditions, [*map(str, steps), *words], {"steps": steps})


def _names(numbers: Mapping[str, int]) -> list[str]:
    """Return the names of the counters with these numbers, in order."""
    by_number = {number: name for name, number in numbers.items()}
    return [by_number.get(number, NO_ROW) for number in range(max(by_number) + 1)]


def by_range(rows: Rows) -> Body:
    """Return the aggregation that counts the offers with a session that meets the conditions of rows."""
    return {"filters": {"filters": {row: all_of(each.query()) for row, each in rows.items()}}}


def _scripted(
    script: str, conditions: SessionConditions, names: Sequence[str], more: Mapping[str, Any] | None = None
) -> Body:
    """Return the aggregation that counts, by name, the offers with a session that meets the conditions."""
    params = {**conditions.script_params(), "names": list(names), **(more or {})}
    return count_by_script(NEW_COUNTERS, script, params)


def count_by_script(start: str, script: str, params: Mapping[str, Any]) -> Body:
    """Return the aggregation whose script adds to counters, named by the parameter ``names``; ``start`` makes them."""
    return {
        "scripted_metric": {
            "init_script": start,
            "map_script": script,
            "combine_script": ALL_COUNTERS,
            "reduce_script": BY_NAME,
            "params": params,
        }
    }
