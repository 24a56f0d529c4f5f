"""``GET /api/v1/map``: every parameter of the search, and which part of the map at which scale."""

from dataclasses import fields
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.base.responses import json_response
from search_app.search.map.frame import PATH, WHOLE_VOCABULARY, WITHOUT_USE, Frame, read_frame
from search_app.search.map.query import build_map_body, build_named_body
from search_app.search.map.view import MapView, keys_to_name, to_map_view
from search_app.search.params import SearchParams, refuse
from search_app.search.params.parse import read_fields
from search_app.search.service import Services, services_of

_OF_A_SEARCH: Final = frozenset(each.name for each in fields(SearchParams)) - WITHOUT_USE


def map_routes() -> list[Route]:
    """Return the route of the map."""
    return [Route(PATH, offer_map)]


async def offer_map(request: Request) -> Response:
    """Count what a search finds in cells of a view, each offer once; few offers near each other are told."""
    services = services_of(request)
    given, faults = read_fields(request.query_params.multi_items(), WHOLE_VOCABULARY)
    params = SearchParams(**{name: value for name, value in given.items() if name in _OF_A_SEARCH})
    frame, wrong = read_frame(given, faults)
    refuse([*faults, *wrong, *services.place_faults(params)])
    return json_response(request, await fetch_map(services, params, frame))


async def fetch_map(services: Services, params: SearchParams, frame: Frame) -> MapView:
    """Return a view of what a search finds, with two requests to the engine at most; raises EngineError."""
    search, answer = await services.ask(params, lambda search: build_map_body(search, frame))
    keys = keys_to_name(answer)
    found = await services.engine.search_offers(build_named_body(search, keys)) if keys else {"hits": {}}
    stored = [hit["_source"] for hit in found["hits"].get("hits", ())]
    return to_map_view(answer, stored, search, frame, services.reference.current())
