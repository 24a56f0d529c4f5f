"""``GET /api/v1/providers``: the census of providers, and one body by its SIREN, a SIRET or a declaration number."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.base.responses import json_response
from search_app.census.service import find_stored, read_census_search, search_census, view_of
from search_app.search.params import refuse, unknown_faults
from search_app.search.service import services_of

PATH: Final = "/api/v1/providers"


def provider_routes() -> list[Route]:
    """Return the routes of the census; they must follow those of its exports."""
    return [Route(PATH, providers), Route(f"{PATH}/{{number}}", provider)]


async def providers(request: Request) -> Response:
    """Search the census: every parameter of its vocabulary, every fault reported."""
    services = services_of(request)
    search = read_census_search(services, request.query_params.multi_items())
    return json_response(request, await search_census(services, search))


async def provider(request: Request) -> Response:
    """Return one body, by any of its numbers."""
    refuse(unknown_faults(request.query_params.multi_items()))
    services = services_of(request)
    return json_response(request, await view_of(services, await find_stored(services, request.path_params["number"])))
