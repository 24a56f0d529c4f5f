"""What a pivot asks the engine: the offers, and the parameters of the scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from mappings.session_index import FUNDER_NUMBERS, STATE_NUMBERS, day_number
from search_app.analytics.dimensions import UNTOLD, Dimension, Kind
from search_app.analytics.engine import merging, scripts
from search_app.analytics.engine.sums import AT
from search_app.analytics.measures import DIFFERENT, Measure
from search_app.analytics.periods import Move, Period
from search_app.analytics.query import PivotQuery, chosen_values
from search_app.search.params.search_params import SearchParams
from search_app.search.query import SearchRequest, build_count_body

Body = dict[str, Any]
KEYED_BY: Final = {
    Kind.OFFER: scripts.OFFER, Kind.FUNDER: scripts.FUNDER, Kind.LINE: scripts.LINE, Kind.STATE: scripts.STATE,
    Kind.PERIOD: scripts.PERIOD,
}  # fmt: skip
LINE_PARTS: Final = ("funder", "programme", "market")
STATES: Final = {str(number): state for state, number in STATE_NUMBERS.items()}
ALL_FUNDERS: Final = sum(1 << number for code, number in FUNDER_NUMBERS.items() if code != "any")
TOTAL, ROWS, COLUMNS, CELLS = 1, 2, 4, 8  # bits of the groups that are counted
MOST_COLUMNS: Final = 200
PIVOT: Final = "pivot"  # the aggregation
_SEATS: Final = frozenset(("capacity", "left", "filled", "left_at_least", "seats_known"))


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a pivot one request counts.

    ``sort`` is the measure by which the engine orders the rows and keeps one page; None for all rows, in no order.
    ``only`` are keys of rows that are counted, None for all; ``hashed`` is one of so many parts of the rows, by hash.
    """

    groups: int = TOTAL | ROWS | COLUMNS | CELLS
    sort: Measure | None = None
    first: int = 0
    size: int = 0
    keys_alone: bool = False
    most_columns: int = MOST_COLUMNS  # more are only counted
    only: Sequence[str] | None = None
    hashed: tuple[int, int] = (0, 1)


def pivot_body(
    query: PivotQuery, request: SearchRequest, periods: Sequence[Period], part: Part, move: Move | None = None
) -> Body:
    """Return the body of the request; ``request`` has the window of starts that is compared if ``move`` is given."""
    body = offers_body(query, request)
    if part.only is not None and query.rows is not None and _is_of_offers(query.rows, part.only):
        body["query"]["bool"]["filter"].append(_one_of(query.rows.field, part.only))
    body["aggs"] = {
        PIVOT: {
            "scripted_metric": {
                "init_script": scripts.INIT,
                "map_script": scripts.MAP,
                "combine_script": scripts.COMBINE,
                "reduce_script": merging.REDUCE,
                "params": _parameters(query, request.params, request, periods, part, move),
            }
        }
    }
    body["track_total_hits"] = False
    return body


def offers_body(query: PivotQuery, request: SearchRequest) -> Body:
    """Return the body of all offers that are in the total, a row or a column.

    Beside a condition on seats, a funder's cell is the search with that funder alone, whose offers are not all in the
    total: « complet » under one funder is not « complet » under any. The scripts decide, therefore.
    """
    if _by_funder(query) and request.params.seats is not None:
        request = replace(request, params=replace(request.params, seats=None))
    return build_count_body(request)


def _is_of_offers(rows: Dimension, keys: Sequence[str]) -> bool:
    """Tell whether a field of the offer tells which offers are in rows; a line may tell what another one does not."""
    return bool(rows.field) and (rows.kind is not Kind.LINE or "" not in keys)


def _one_of(field: str, keys: Sequence[str]) -> Body:
    clauses: list[Body] = [{"terms": {field: [key for key in keys if key]}}]
    if "" in keys:
        clauses.append({"bool": {"must_not": [{"exists": {"field": field}}]}})
    return {"bool": {"should": clauses}}


def _parameters(
    query: PivotQuery,
    params: SearchParams,
    request: SearchRequest,
    periods: Sequence[Period],
    part: Part,
    move: Move | None,
) -> Body:
    """Return the parameters of all four scripts; none is ever null."""
    return {
        **session_parameters(request, periods, move),
        **_keys(query, params, part.only),
        **_wanted(query, params),
        "groups": part.groups,
        "part": part.hashed[0],
        "parts": part.hashed[1],
        "keys": part.keys_alone,
        "mostColumns": part.most_columns,
        "sort": _sort(part.sort) if part.sort else [],
        "from": part.first,
        "size": part.size,
    }


def session_parameters(request: SearchRequest, periods: Sequence[Period], move: Move | None) -> Body:
    """Return the parameters of the sums over sessions."""
    conditions, funders = request.conditions, _funders(request.params)
    asked = conditions.script_params()
    return {
        **{name: asked[name] for name in ("first", "last", "first2", "last2", "states", "least", "most")},
        "today": day_number(conditions.upcoming_on) if conditions.upcoming_on else 0,
        "conditions": conditions.any_set,
        "seen": 1 if funders is None else funders,
        "counted": ALL_FUNDERS if funders is None else funders,
        "starts": [day_number((move.day(each.first) if move else each.first).isoformat()) for each in periods],
        "ends": [day_number((move.last_day(each.last) if move else each.last).isoformat()) for each in periods],
    }


def _keys(query: PivotQuery, params: SearchParams, only: Sequence[str] | None) -> Body:
    """Return what has the keys of rows and columns, and which of them count."""
    dimensions = (query.rows, query.columns)
    return {
        "kinds": [KEYED_BY[each.kind] if each else scripts.NONE for each in dimensions],
        "fields": [each.field if each else "" for each in dimensions],
        "allowed": [_allowed(params, query.rows, only), _allowed(params, query.columns, None)],
        "parts3": [LINE_PARTS.index(each.name) if each and each.name in LINE_PARTS else 0 for each in dimensions],
        "lineValues": [_line_values(query, params, name, only) for name in LINE_PARTS],
    }


def _wanted(query: PivotQuery, params: SearchParams) -> Body:
    """Return which sums are wanted: others cost time for nothing."""
    measured = {each.name for each in query.counted}
    of_lines = any(each.name in LINE_PARTS for each in query.dimensions)
    by_line = any(each.kind is Kind.LINE for each in query.dimensions)
    by_line = by_line or any(getattr(params, name, ()) for name in ("programme", "market"))
    seats_by_funder = _by_funder(query) and params.seats is not None
    by_sessions = seats_by_funder or any(each.is_of_sessions for each in query.dimensions)
    about_seats = any(_SEATS & {each.of, each.told, each.over} for each in query.counted)
    return {
        "lines": by_line and ("bought" in measured or of_lines),
        "bought": "bought" in measured,
        "sessions": by_sessions or any(each.about_sessions for each in query.counted),
        "figures": params.seats is not None or about_seats,
        "amounts": bool(measured & {"price_hour", "price_known"}),
        "different": any(name in measured for name in DIFFERENT),
        **{name: name in measured for name in DIFFERENT},
    }


def _by_funder(query: PivotQuery) -> bool:
    return any(each.kind is Kind.FUNDER for each in query.dimensions)


def _funders(params: SearchParams) -> int | None:
    """Return the chosen funders as bits, None without any; « unknown » is none of them."""
    if not params.funder:
        return None
    return sum(1 << FUNDER_NUMBERS[code] for code in params.funder if code != UNTOLD)


def _allowed(params: SearchParams, dimension: Dimension | None, only: Sequence[str] | None) -> Mapping[str, bool]:
    """Return the keys that are rows of a dimension, none for all; "" is that of what has no value."""
    if only is not None:
        return dict.fromkeys(only, True)
    if dimension is None or (chosen := chosen_values(params, dimension)) is None:
        return {}
    return {"" if value == UNTOLD else value: True for value in chosen}


def _line_values(query: PivotQuery, params: SearchParams, name: str, only: Sequence[str] | None) -> Mapping[str, bool]:
    """Return the values of a part of a funder line that count, none for all."""
    if only is not None and query.rows is not None and query.rows.name == name:
        return dict.fromkeys(only, True)
    values: Sequence[str] = getattr(params, name, ())
    return {"" if value == UNTOLD else value: True for value in values}


def _sort(measure: Measure) -> list[int]:
    """Return the order of the rows by a measure, as the script takes it."""
    return [AT[measure.of], AT[measure.over] if measure.over else -1, AT[measure.told] if measure.told else -1]
