"""The routes of white areas and overlaps."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from mappings.reference import Commune
from search_app.analytics.overlaps import overlaps
from search_app.analytics.white_areas import communes_of, read_white_search, white_areas
from search_app.base.errors import BadParameters
from search_app.base.site_address import site_address
from search_app.pages.analytics.asked.adjusted import held_here
from search_app.pages.analytics.findings.areas_page import build_areas_fault_page, build_areas_page
from search_app.pages.analytics.findings.overlaps_page import build_overlaps_fault_page, build_overlaps_page
from search_app.pages.search.facet_lists import MOST_OF_OPEN_LISTS
from search_app.pages.shared.render import respond, respond_error
from search_app.search.links import Pairs, from_form, without
from search_app.search.places.areas import Territory
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import SearchResults
from search_app.search.service import Services, services_of


async def areas_page(request: Request) -> Response:
    """Render one page of the white areas, or the faults of the address with status 400."""
    services, given = services_of(request), _given(request)
    try:
        search = read_white_search(services, without(given, "size", "sort"), ignore_unknown=True)
        found, results = await white_areas(services, search), await _facets(services, given)
    except BadParameters as error:
        page = build_areas_fault_page(given, error.faults, services.reference.current(), None)
        return respond_error(request, "analytics/areas.html", page, error.status, error.headers())
    site = site_address(request, services.settings)

    def made() -> Response:
        return respond(
            request, "analytics/areas.html", build_areas_page(search, found, results, site, _territory(search))
        )

    return await asyncio.to_thread(made)  # the map has up to 35,000 communes


def _territory(search: ResolvedSearch) -> list[Commune]:
    """Return the communes of the areas that are asked for, none for the whole country."""
    area = search.request.area
    territory = area if isinstance(area, Territory) else None
    some = territory or search.params.chosen("region") or search.params.chosen("department")
    return communes_of(search, territory) if some else []


async def overlaps_page(request: Request) -> Response:
    """Render one page of the overlaps, or the faults of the address with status 400."""
    services, given = services_of(request), _given(request)
    try:
        asked = held_here(given, lambda pairs: _read(services, pairs).params)
        search = _read(services, asked)
        found, results = await overlaps(services, search), await _facets(services, asked)
    except BadParameters as error:
        page = build_overlaps_fault_page(given, error.faults, services.reference.current(), None)
        return respond_error(request, "analytics/overlaps.html", page, error.status, error.headers())
    shown = build_overlaps_page(search, found, results, site_address(request, services.settings), asked)
    return respond(request, "analytics/overlaps.html", shown)


def _read(services: Services, pairs: Pairs) -> ResolvedSearch:
    return services.read_search(without(pairs, "sort"), ignore_unknown=True)


def _given(request: Request) -> Pairs:
    return from_form(tuple(pair for pair in request.query_params.multi_items() if pair[1].strip()))


async def _facets(services: Services, pairs: Pairs) -> SearchResults:
    """Return the facets of the same search, for the form."""
    defaults = {"facet_size": MOST_OF_OPEN_LISTS, "size": 1}
    alone = without(pairs, "page", "size", "sort")
    return await services.search(services.read_search(alone, ignore_unknown=True, defaults=defaults))
