"""Conditions on the offer: one clause per parameter."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from mappings.codes import FREE_FUNDERS
from mappings.communes import FIELD as COMMUNE
from search_app.search.facets import FACETS, Facet
from search_app.search.params.search_params import SearchParams
from search_app.search.places.areas import Circle, Territory
from search_app.search.query.request import SearchRequest
from search_app.search.query.trainings import TRAINING

Clause = dict[str, Any]


def _any_code(field: str) -> Callable[[tuple[str, ...]], Clause]:
    return lambda codes: {"terms": {field: list(codes)}}


def _at_most(field: str) -> Callable[[float], Clause]:
    return lambda most: {"range": {field: {"lte": most}}}


# Parameter -> the clause of its value. Unknown hours or an unknown price match no limit.
PLAIN: Final[Mapping[str, Callable[[Any], Clause]]] = {
    "rncp": _any_code("rncp"),
    "training": _any_code(TRAINING),
    "free": lambda _: {"terms": {"funder": list(FREE_FUNDERS)}},
    "entry_level": _at_most("entry_level_required"),
    "hours_max": _at_most("hours"),
    "price_max": _at_most("price"),
}
_ON_OFFERS: Final = tuple(facet for facet in FACETS if not facet.counting.is_about_sessions)


def plain_filters(request: SearchRequest) -> list[Clause]:
    """Return the clauses of all parameters except words, session conditions and facets."""
    params, given = request.params, request.params.given
    return place_filters(request) + [clause(getattr(params, name)) for name, clause in PLAIN.items() if name in given]


def place_filters(request: SearchRequest) -> list[Clause]:
    """Return the clauses of place and remote: a remote offer has no place, so a circle must not silently exclude it."""
    remote: Clause = {"term": {"mode": "remote"}}
    choice, area = request.params.remote, request.area
    if choice == "only":
        return [remote]
    clauses: list[Clause] = []
    if area is not None:
        inside = _inside(area)
        clauses.append({"bool": {"should": [inside, remote]}} if choice == "include" else inside)
    if choice == "exclude":
        clauses.append({"bool": {"must_not": [remote]}})
    return clauses


def _inside(area: Circle | Territory) -> Clause:
    """Return the clause of an area; a town's own offers match at any radius, for its centre is one point only."""
    if isinstance(area, Territory):
        return {"term": {area.field: area.code}}
    near: Clause = {"geo_distance": {"distance": f"{area.radius}km", "location": {"lat": area.lat, "lon": area.lon}}}
    return {"bool": {"should": [near, {"term": {COMMUNE: area.commune}}]}} if area.commune else near


def facet_filters(params: SearchParams) -> dict[str, Clause]:
    """Return, for each facet of the offer with selected values, its clause: any of the values."""
    chosen = ((facet, params.chosen(facet.param)) for facet in _ON_OFFERS)
    return {facet.param: _any_of(facet, values) for facet, values in chosen if values}


def _any_of(facet: Facet, values: tuple[str, ...]) -> Clause:
    if facet.finer is None:
        return {"terms": {facet.field: list(values)}}
    whole = [value for value in values if len(value) == facet.finer.digits]
    exact = finer_values(facet, values)
    clauses: list[Clause] = [{"terms": {facet.field: whole}}] if whole else []
    if exact:
        clauses.append({"terms": {facet.finer.field: exact}})
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses}}


def finer_values(facet: Facet, values: tuple[str, ...]) -> list[str]:
    """Return the values that are codes of the facet's finer property."""
    return [value for value in values if len(value) != facet.finer.digits] if facet.finer else []
