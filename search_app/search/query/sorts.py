"""The engine's sort of each order of ``params.sorts``; every one ends with the key, so that pages never overlap."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from search_app.search.params.sorts import SORTS
from search_app.search.places.areas import Circle
from search_app.search.query.request import SearchRequest

Sort = dict[str, Any]


def build_sort(request: SearchRequest) -> list[Sort]:
    """Return the engine's sort of a request."""
    return [*_BUILDERS[request.params.effective_sort](request), {"key": "asc"}]


def build_news_sort(request: SearchRequest) -> list[Sort]:
    """Return the order by latest news: of a matching session, or of the offer without session conditions.

    An index made before these dates were recorded has none of them, which is not an error.
    """
    clauses = request.conditions.clauses()
    date = {"order": "desc", "missing": "_last", "unmapped_type": "date"}
    if not clauses:
        return [{"news_at": date}, {"written_at": "desc"}, {"key": "asc"}]
    nested = {"path": "sessions", "filter": {"bool": {"filter": clauses}}}
    return [{"sessions.first_seen": date | {"mode": "max", "nested": nested}}, {"written_at": "desc"}, {"key": "asc"}]


def _by_relevance(request: SearchRequest) -> list[Sort]:
    """Return the order by words; ties are ordered by distance."""
    return [{"_score": "desc"}, *by_distance(request)] if request.params.q else []


def _by_start(request: SearchRequest) -> list[Sort]:
    """Earliest matching session that can still start today or later, then past ones, then unknown dates."""
    today = request.today.isoformat()
    yesterday = (request.today - timedelta(days=1)).isoformat()
    return [_earliest(request, {"gte": today}), _earliest(request, {"lte": yesterday})]


def _earliest(request: SearchRequest, last_possible_start: dict[str, str]) -> Sort:
    clauses = request.conditions.clauses()
    clauses.append({"range": {"sessions.start_last": last_possible_start}})
    nested = {"path": "sessions", "filter": {"bool": {"filter": clauses}}}
    return {"sessions.start": {"order": "asc", "mode": "min", "missing": "_last", "nested": nested}}


def by_distance(request: SearchRequest) -> list[Sort]:
    """Return the order by distance from the search point, an empty list without one."""
    if not isinstance(request.area, Circle):
        return []
    point = {"lat": request.area.lat, "lon": request.area.lon}
    return [{"_geo_distance": {"location": point, "order": "asc", "unit": "km", "mode": "min", "distance_type": "arc"}}]


def _by_seats(request: SearchRequest) -> list[Sort]:
    """Most seats left in a matching session under the chosen funders; unknown last."""
    params = request.params
    clauses = request.conditions.clauses()
    nested: dict[str, Any] = {"path": "sessions"}
    if clauses:
        nested["filter"] = {"bool": {"filter": clauses}}
    if len(params.funder) <= 1:
        name = f"sessions.left.{params.funder[0]}" if params.funder else "sessions.left.any"
        return [{name: {"order": "desc", "mode": "max", "missing": "_last", "nested": nested}}]
    # An offer without such a session sorts as the largest number: ascending, so that it comes last.
    source = (
        "int most = -1; for (String f : params.funders) "
        "{ if (doc[f].size() > 0 && doc[f].value > most) { most = (int) doc[f].value; } } return -most;"
    )
    script = {"source": source, "params": {"funders": [f"sessions.left.{code}" for code in params.funder]}}
    return [{"_script": {"type": "number", "order": "asc", "mode": "min", "nested": nested, "script": script}}]


_BUILDERS: Final[Mapping[str, Callable[[SearchRequest], list[Sort]]]] = {
    "relevance": _by_relevance,
    "start": _by_start,
    "distance": by_distance,
    "seats": _by_seats,
}
if SORTS.keys() != _BUILDERS.keys():
    raise ValueError(f"only one of params.sorts and query.sorts has the order {set(SORTS) ^ set(_BUILDERS)}")
