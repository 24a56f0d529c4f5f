"""The periods that are rows or columns: those of the window that is asked, else from the first to the last start."""

from datetime import date, timedelta
from typing import Any, Final

from mappings.session_index import FIRST, NO_START
from search_app.analytics.dimensions import Dimension
from search_app.analytics.engine.asking import Asking
from search_app.analytics.periods import Period, periods_between
from search_app.search.query import SearchRequest, build_count_body
from search_app.search.query.session_scripts import each_session
from search_app.search.resolved import ResolvedSearch

BOUNDS: Final = "bounds"
_MAP: Final = each_session(
    f"long delta = span & {NO_START}; if (delta == {NO_START}) {{ continue; }} "
    "if (first < state.first) { state.first = first; } "
    "if (first + delta > state.last) { state.last = first + delta; }"
)
_REDUCE: Final = (
    "long first = Long.MAX_VALUE; long last = -1; for (def part : states) { if (part == null) { continue; } "
    "if (part[0] < first) { first = part[0]; } if (part[1] > last) { last = part[1]; } } "
    "return last < 0 ? null : [first, last]"
)


def bounds_body(request: SearchRequest) -> dict[str, Any]:
    """Return the body that finds the first and the last start told by the sessions that meet the conditions."""
    script = {
        "init_script": "state.first = Long.MAX_VALUE; state.last = -1L",
        "map_script": _MAP,
        "combine_script": "return new long[] {state.first, state.last}",
        "reduce_script": _REDUCE,
        "params": request.conditions.script_params(),
    }
    return build_count_body(request) | {"aggs": {BOUNDS: {"scripted_metric": script}}}


async def find_periods(
    asking: Asking, search: ResolvedSearch, dimension: Dimension
) -> tuple[ResolvedSearch, list[Period]]:
    """Return the search that was finally asked, and the periods of a dimension over its offers; raises EngineError."""
    first, last = search.params.start_from, search.params.start_to
    if first is None or last is None:
        search, answer = await asking.ask_search(search, bounds_body)
        told = answer["aggregations"][BOUNDS]["value"]
        days = [FIRST + timedelta(days=day) for day in told] if told else []
        first = first or _least(last, days)
        last = last or _greatest(first, days)
    if first is None or last is None:
        return search, []
    return search, periods_between(dimension.name, first, last)


def _least(limit: date | None, days: list[date]) -> date | None:
    return min([*days, *([limit] if limit else [])], default=None)


def _greatest(limit: date | None, days: list[date]) -> date | None:
    return max([*days, *([limit] if limit else [])], default=None)
