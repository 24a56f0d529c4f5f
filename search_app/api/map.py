"""``GET /api/v1/map``: every parameter of the search, and the visible area and zoom."""

from dataclasses import fields
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.base.responses import json_response
from search_app.search.map.frame import PATH, WHOLE_VOCABULARY, WITHOUT_USE, Frame, read_frame
from search_app.search.map.query import build_map_body, build_named_body
from search_app.search.map.view import MapView, keys_to_name, to_map_view
from search_app.search.params import SearchParams
from search_app.search.params.parse import read_fields
from search_app.search.resolved import ResolvedSearch
from search_app.search.service import Services, services_of

_OF_A_SEARCH: Final = frozenset(each.name for each in fields(SearchParams)) - WITHOUT_USE


def map_routes() -> list[Route]:
    """Return the route of the map."""
    return [Route(PATH, offer_map)]


async def offer_map(request: Request) -> Response:
    """Count the offers of a search per grid cell, each offer once; list those of small cells."""
    services = services_of(request)
    given, faults = read_fields(request.query_params.multi_items(), WHOLE_VOCABULARY)
    params = SearchParams(**{name: value for name, value in given.items() if name in _OF_A_SEARCH})
    frame, wrong = read_frame(given, faults)
    search = services.resolve(params, faults=[*faults, *wrong])
    return json_response(request, await fetch_map(services, search, frame))


async def fetch_map(services: Services, search: ResolvedSearch, frame: Frame) -> MapView:
    """Return a view of a search, with at most two requests to the engine; raises EngineError."""
    search, answer = await services.ask(search, lambda request: build_map_body(request, frame))
    keys = keys_to_name(answer)
    found = await services.engine.search_offers(build_named_body(search.request, keys)) if keys else {"hits": {}}
    stored = [hit["_source"] for hit in found["hits"].get("hits", ())]
    return to_map_view(answer, stored, search.request, frame, search.snapshot)
