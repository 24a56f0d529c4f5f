"""Counts of offers by a property of a session that meets the session conditions: recruitment, funder, seats left.

Counted by ranges, each row of a list is a condition on ``windows``, which the engine looks up in the whole catalogue:
some thirty of them a search. Where a search leaves few offers it is sooner done to look at the sessions of these. Both
ways count the same; a test compares them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from mappings.codes import FUNDER_LABELS
from mappings.session_index import FUNDER_NUMBERS, STATE_NUMBERS
from search_app.search.facets import AtLeast, Codes
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
Count = Callable[[str, Rows], Body]  # returns aggregations by name
Meets = Callable[[SessionConditions], list[Clause]]
OPEN: Final = ":open"  # suffix of the aggregation of the offers that a script counts, beside one that tells the others
REST: Final = ":rest"  # suffix of the aggregation of the offers that another one beside it leaves out
TOLD: Final = "told"  # the aggregation in it
NO_ROW: Final = ""  # of a counter


def count_states(name: str, values: Codes, conditions: SessionConditions, few: bool, count: Count) -> Body:
    """Return the aggregation by recruitment state; ``few`` tells whether few are counted, ``count`` counts many."""
    if few:
        script = COUNT_STATES[conditions.seats is not None]
        return {name: _scripted(script, conditions, _names(STATE_NUMBERS))}
    return count(name, {code: replace(conditions, recruiting=(code,)) for code in values.proposed()})


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


def count_seats(
    name: str, values: AtLeast, chosen: Seats | None, conditions: SessionConditions, few: bool, count: Count
) -> Body:
    """Return the aggregation by seats left under the funders of the conditions; a number that is ``chosen`` has a row,
    too.
    """
    rows = values.rows(chosen)
    if few:
        steps = [row for row in rows if isinstance(row, int)]
        more = {"steps": steps}
        return {name: _scripted(COUNT_SEATS, conditions, [*map(str, steps), *values.words], more)}
    return count(name, {str(row): replace(conditions, seats=cast(Seats, row)) for row in rows})


def _names(numbers: Mapping[str, int]) -> list[str]:
    """Return the names of the counters with these numbers, in order."""
    by_number = {number: name for name, number in numbers.items()}
    return [by_number.get(number, NO_ROW) for number in range(max(by_number) + 1)]


def by_range(name: str, rows: Rows) -> Body:
    """Return the aggregation, by that name, that counts the offers with a session that meets the conditions of rows."""
    return {name: {"filters": {"filters": {row: all_of(each.query()) for row, each in rows.items()}}}}


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
