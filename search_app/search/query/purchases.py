"""Filters and counts of what one and the same funder line tells: funder, programme and market.

An offer meets "funder 2, market M1" if one of its lines has both. ``purchases`` of an offer holds what each line meets,
so that the filter is one lookup (``mappings.columns.purchases``); counts of one part beside another look at the lines.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, Final

from mappings.columns.purchases import ANY, BETWEEN, purchase_token, told
from search_app.search.facets import FACETS, UNTOLD, Facet
from search_app.search.params.search_params import SearchParams

Clause = dict[str, Any]
Wanted = Mapping[str, tuple[str, ...]]  # values by part; none: any
TOKENS: Final = "purchases"
PARTS: Final = ("funder", "programme", "market")  # in the order of a line
ON_LINES: Final = {facet.param: facet for facet in FACETS if facet.on_line}
if ON_LINES.keys() != {*PARTS}:
    raise ValueError(f"a funder line has the parts {PARTS}, the facets {[*ON_LINES]} are on it")
# Of so many combinations at most a query asks by name: 50 values of each of three parts would be 125,000.
MOST_TOKENS: Final = 1_000
NO_LINE: Final[Clause] = {"term": {TOKENS: purchase_token(told(None), ANY, ANY)}}

# Lines of an offer, each as a list: position, funder, programme, market, seats.
_LINES: Final = (
    "def lines = doc['purchase_lines']; int count = lines.size(); "
    "for (int at = 0; at < count; at++) { def parts = lines.get(at).splitOnToken(params.between); "
    "boolean meets = true; "
    "for (def each : params.wanted) { if (!each.values.contains(parts[each.part])) { meets = false; } } "
)
_MEETS: Final = (
    _LINES + "if (meets) { return true; } } if (count > 0) { return false; } "
    "for (def each : params.wanted) { if (!each.values.contains('')) { return false; } } return true;"
)
_VALUES: Final = (
    f"Set found = new HashSet(); {_LINES}if (!meets) {{ continue; }} def value = parts[params.part]; "
    "if (value.length() > 0) { found.add(value); } } return new ArrayList(found);"
)


def wanted_of(params: SearchParams, without: Facet | None = None) -> dict[str, tuple[str, ...]]:
    """Return the chosen values of each part, but those of a facet that leaves its own out."""
    parts = [part for part in PARTS if without is None or part != without.param]
    return {part: values for part in parts if (values := params.chosen(part))}


def line_clauses(wanted: Wanted) -> list[Clause]:
    """Return the clause that one line has one of the values of each part, as a list of one; empty without any."""
    if not wanted:
        return []
    if len(wanted) == 1:
        ((part, values),) = wanted.items()
        if UNTOLD not in values:
            return [{"terms": {ON_LINES[part].field: list(values)}}]
    if prod(len(values) for values in wanted.values()) <= MOST_TOKENS:
        return [_by_tokens(wanted)]
    apart = [_by_tokens({part: values}) for part, values in wanted.items()]
    return [{"bool": {"filter": [*apart, {"script": {"script": {"source": _MEETS, "params": _params(wanted)}}}]}}]


def _by_tokens(wanted: Wanted) -> Clause:
    parts = [[told(_value(value)) for value in wanted[part]] if part in wanted else [ANY] for part in PARTS]
    return {"terms": {TOKENS: [purchase_token(*each) for each in product(*parts)]}}


def _value(chosen: str) -> str | None:
    return None if chosen == UNTOLD else chosen


def _params(wanted: Wanted) -> dict[str, Any]:
    """Return the parameters of the scripts; a value that is not told is empty text on a line."""
    parts = [
        {"part": PARTS.index(part) + 1, "values": ["" if value == UNTOLD else value for value in values]}
        for part, values in wanted.items()
    ]
    return {"between": BETWEEN, "wanted": parts}


def values_beside(facet: Facet, wanted: Wanted) -> Clause:
    """Return what a ``terms`` aggregation counts: its values on lines with the others' ``wanted`` values."""
    if not wanted:
        return {"field": facet.field}
    return {"script": {"source": _VALUES, "params": _params(wanted) | {"part": PARTS.index(facet.param) + 1}}}


def choices(facet: Facet, values: Sequence[str], wanted: Wanted, more: Mapping[str, list[Clause]]) -> Clause:
    """Return the aggregation that counts what choosing each value alone would give, beside ``wanted`` ones of others.

    ``more`` are further clauses by value.
    """
    return {
        "filters": {
            "filters": {
                value: all_of([*more.get(value, ()), *line_clauses({**wanted, facet.param: (value,)})])
                for value in values
            }
        }
    }


def all_of(clauses: list[Clause]) -> Clause:
    """Return the clause that all of some hold."""
    return clauses[0] if len(clauses) == 1 else {"bool": {"filter": clauses}}
