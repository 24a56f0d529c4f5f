"""The routes of the census's pages."""

from dataclasses import replace
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from search_app.base.errors import BadParameters
from search_app.census.answer import BodyView
from search_app.census.params import CensusParams
from search_app.census.present import PATH, body_path
from search_app.census.service import (
    find_stored,
    read_census_search,
    search_census,
    view_of,
)
from search_app.pages.providers.body_page import About, build_body_page
from search_app.pages.providers.gaps_page import AREAS, GAPS_PATH, build_gaps_page
from search_app.pages.providers.list_page import build_census_fault_page, build_census_page
from search_app.pages.shared.layout import Freshness, to_freshness
from search_app.pages.shared.render import respond, respond_error
from search_app.search.params import SearchParams
from search_app.search.results import SearchResults
from search_app.search.service import Services, services_of

PERMANENT: Final = 301
UNKNOWN: Final = "unknown"  # of ``provider``: offers without the SIREN of their responsible body


def provider_page_routes() -> list[Route]:
    """Return the routes of the pages."""
    return [
        Route(PATH, census),
        Route(f"{PATH}/", without_slash),
        Route(GAPS_PATH, gaps),
        Route(f"{PATH}/{{number}}", body),
    ]


async def census(request: Request) -> Response:
    """Render one page of the census, or the faults of the address with status 400."""
    services = services_of(request)
    pairs = tuple(request.query_params.multi_items())
    try:
        search = read_census_search(services, pairs, ignore_unknown=True)
    except BadParameters as error:
        page = build_census_fault_page(pairs, error.faults, _freshness(services))
        return respond_error(request, "providers/list.html", page, error.status, error.headers())
    results = await search_census(services, search)
    return respond(request, "providers/list.html", build_census_page(search.params, results, _freshness(services)))


async def without_slash(request: Request) -> Response:
    """Redirect to the list from its address with a final slash."""
    query = request.url.query
    return RedirectResponse(f"{PATH}?{query}" if query else PATH, PERMANENT)


async def gaps(request: Request) -> Response:
    """Render all gaps with their counts, of a region or département if one is given."""
    services = services_of(request)
    pairs = tuple((name, value) for name, value in request.query_params.multi_items() if name in AREAS and value)
    try:
        search = read_census_search(services, pairs)
    except BadParameters as error:
        fault = build_census_fault_page(pairs, error.faults, _freshness(services))
        return respond_error(request, "providers/list.html", fault, error.status, error.headers())
    area = search.params
    results = await search_census(services, replace(search, params=replace(area, size=1)))
    nameless = await _nameless(services, area)
    page = build_gaps_page(results, _freshness(services), services.settings.contact, area, nameless)
    return respond(request, "providers/gaps.html", page)


async def body(request: Request) -> Response:
    """Render one body by its SIREN; its other numbers redirect to it. Raises NotFound."""
    services = services_of(request)
    number = request.path_params["number"]
    stored = await find_stored(services, number)
    if number != stored["siren"]:
        return RedirectResponse(body_path(stored["siren"]), PERMANENT)
    view = await view_of(services, stored)
    settings = services.settings
    about = About(
        upcoming=await _upcoming(services, view),
        delivered=await _delivered(services, view),
        freshness=_freshness(services),
        public_url=settings.public_url,
        contact=settings.contact,
    )
    return respond(request, "providers/body.html", build_body_page(view, about))


async def _nameless(services: Services, area: CensusParams) -> int:
    """Return the number of offers of an area whose responsible body has no SIREN."""
    own: dict[str, Any] = {"provider": (UNKNOWN,), "region": area.region, "department": area.department}
    return (await services.count([services.resolve(SearchParams(**own))]))[0]


async def _upcoming(services: Services, view: BodyView) -> SearchResults | None:
    if not view.offers.upcoming:
        return None
    own: dict[str, Any] = {"provider": (view.siren,), "upcoming": True, "size": 1}
    return await services.search(services.resolve(SearchParams(**own)))


async def _delivered(services: Services, view: BodyView) -> int:
    """Return the number of offers that a body delivers."""
    own: dict[str, Any] = {"trainer": (view.siren,)}
    return (await services.count([services.resolve(SearchParams(**own))]))[0]


def _freshness(services: Services) -> Freshness | None:
    return to_freshness(services.reference.source_states(services.settings.current_day()))
