"""The engine's sort of each order of ``params.sorts``; every one ends with the key, so that pages never overlap."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from mappings.session_index import day_number
from search_app.search.params.sorts import SORTS
from search_app.search.places.areas import Circle
from search_app.search.query.request import SearchRequest
from search_app.search.query.session_scripts import NEWS, SEATS, START

Sort = dict[str, Any]
# Sorts on-site offers, and those without a mode, before remote ones.
_REMOTE: Final = "doc['mode'].size() != 0 && doc['mode'].value == 'remote' ? 1 : 0"


def build_sort(request: SearchRequest) -> list[Sort]:
    """Return the engine's sort of a request; around a place, remote offers come after all others, in every order."""
    remote_last = [_by_script(_REMOTE, "asc", {})] if request.parts_remote else []
    return [*remote_last, *_BUILDERS[request.params.effective_sort](request), {"key": "asc"}]


def build_news_sort(request: SearchRequest) -> list[Sort]:
    """Return the order by latest news: of a matching session, or of the offer without session conditions."""
    last = [{"written_at": "desc"}, {"key": "asc"}]
    if request.conditions.any_set:
        return [_by_script(NEWS, "desc", request.conditions.script_params()), *last]
    return [{"news_at": {"order": "desc", "missing": "_last"}}, *last]


def _by_relevance(request: SearchRequest) -> list[Sort]:
    """Return the order by words; ties are ordered by distance."""
    return [{"_score": "desc"}, *by_distance(request)] if request.params.q else []


def _by_start(request: SearchRequest) -> list[Sort]:
    """Earliest matching session that can still start today or later, then past ones, then unknown dates."""
    conditions = request.conditions
    source = START[conditions.any_set, conditions.seats is not None]
    today = {"today": day_number(request.today.isoformat())}
    return [_by_script(source, "asc", conditions.script_params() | today)]


def by_distance(request: SearchRequest) -> list[Sort]:
    """Return the order by distance from the search point, an empty list without one."""
    if not isinstance(request.area, Circle):
        return []
    point = {"lat": request.area.lat, "lon": request.area.lon}
    return [{"_geo_distance": {"location": point, "order": "asc", "unit": "km", "mode": "min", "distance_type": "arc"}}]


def _by_seats(request: SearchRequest) -> list[Sort]:
    """Most seats left in a matching session under the chosen funders; unknown last."""
    conditions = replace(request.conditions, funders=request.params.funder)
    return [_by_script(SEATS, "desc", conditions.script_params())]


def _by_script(source: str, order: str, params: dict[str, Any]) -> Sort:
    return {"_script": {"type": "number", "order": order, "script": {"source": source, "params": params}}}


_BUILDERS: Final[Mapping[str, Callable[[SearchRequest], list[Sort]]]] = {
    "relevance": _by_relevance,
    "start": _by_start,
    "distance": by_distance,
    "seats": _by_seats,
}
if SORTS.keys() != _BUILDERS.keys():
    raise ValueError(f"only one of params.sorts and query.sorts has the order {set(SORTS) ^ set(_BUILDERS)}")
