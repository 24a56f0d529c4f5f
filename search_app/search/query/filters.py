"""Conditions on the offer: one clause per parameter."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from mappings.codes import FREE_FUNDERS
from mappings.communes import FIELD as COMMUNE
from search_app.search.facets import FACETS, UNTOLD, Counting, Facet
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
    "rncp": lambda codes: any_value("rncp", [code for code in codes if code != UNTOLD], UNTOLD in codes),
    "training": _any_code(TRAINING),
    "free": lambda _: {"terms": {"funder": list(FREE_FUNDERS)}},
    "entry_level": _at_most("entry_level_required"),
    "hours_max": _at_most("hours"),
    "price_max": _at_most("price"),
}
_ON_OFFERS: Final = tuple(facet for facet in FACETS if facet.counting is Counting.OFFERS)


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
    """Return, for each facet of the offer with selected values, its clause: any of the values.

    Those of funder lines are in ``query.purchases``.
    """
    chosen = ((facet, params.chosen(facet.param)) for facet in _ON_OFFERS)
    return {facet.param: _any_of(facet, values) for facet, values in chosen if values}


def _any_of(facet: Facet, values: tuple[str, ...]) -> Clause:
    told, exact = facet.told(values), finer_values(facet, values)
    whole = [value for value in told if value not in exact]
    finer = [{"terms": {facet.finer.field: exact}}] if facet.finer and exact else []
    return any_value(facet.field, whole, len(told) < len(values), *finer)


def any_value(field: str, values: Sequence[str], untold: bool, *others: Clause) -> Clause:
    """Return the clause that a field has one of some values, or none at all if ``untold``, or another clause holds."""
    clauses: list[Clause] = [{"terms": {field: list(values)}}] if values else []
    clauses += others
    if untold:
        clauses.append(without_value(field))
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses}}


def without_value(field: str) -> Clause:
    """Return the clause that a field has no value."""
    return {"bool": {"must_not": [{"exists": {"field": field}}]}}


def finer_values(facet: Facet, values: tuple[str, ...]) -> list[str]:
    """Return the values that are codes of the facet's finer property."""
    return [value for value in facet.told(values) if len(value) != facet.finer.digits] if facet.finer else []
