"""Conditions on the offer itself: one clause a parameter."""

from typing import Any

from mappings.codes import FREE_FUNDERS
from search_app.search.params.search_params import SearchParams
from search_app.search.places.areas import Circle, Territory
from search_app.search.query.facets import FACETS, SESSION_FACETS, Facet
from search_app.search.query.request import SearchRequest
from search_app.search.query.trainings import TRAINING

Clause = dict[str, Any]
DOMAIN_DIGITS = 3  # a shorter code is a whole domain, a longer one is one Formacode


def plain_filters(request: SearchRequest) -> list[Clause]:
    """Return the clauses of all parameters that are neither words, nor about sessions, nor count lists."""
    params = request.params
    clauses = place_filters(request)
    if params.rncp:
        clauses.append({"terms": {"rncp": list(params.rncp)}})
    if params.training:
        clauses.append({"terms": {TRAINING: list(params.training)}})
    if params.free:
        clauses.append({"terms": {"funder": list(FREE_FUNDERS)}})
    if params.entry_level is not None:
        clauses.append({"range": {"entry_level_required": {"lte": params.entry_level}}})
    if params.hours_max is not None:
        clauses.append({"range": {"hours": {"lte": params.hours_max}}})
    if params.price_max is not None:
        clauses.append({"range": {"price": {"lte": params.price_max}}})
    return clauses


def place_filters(request: SearchRequest) -> list[Clause]:
    """Return the clauses of place and remote: a remote offer has no place, so no circle may silently drop it."""
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
    if isinstance(area, Territory):
        return {"term": {area.field: area.code}}
    return {"geo_distance": {"distance": f"{area.radius}km", "location": {"lat": area.lat, "lon": area.lon}}}


def facet_filters(params: SearchParams) -> dict[str, Clause]:
    """Return, for each chosen count list on the offer itself, its clause: any of the chosen values."""
    return {
        facet.param: _any_of(facet, getattr(params, facet.param))
        for facet in FACETS
        if facet.param not in SESSION_FACETS and getattr(params, facet.param)
    }


def _any_of(facet: Facet, values: tuple[str, ...]) -> Clause:
    if facet.param != "domain":
        return {"terms": {facet.field: list(values)}}
    whole = [value for value in values if len(value) == DOMAIN_DIGITS]
    exact = [value for value in values if len(value) != DOMAIN_DIGITS]
    clauses: list[Clause] = [{"terms": {"domain": whole}}] if whole else []
    if exact:
        clauses.append({"terms": {"formacode": exact}})
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses}}
