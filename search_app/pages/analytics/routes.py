"""The routes of the query module's pages."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.analytics.history import Day, HistoryQuery, history
from search_app.analytics.query import OWN, PivotQuery, read_pivot_query
from search_app.analytics.service import pivot
from search_app.base.at_once import few_at_once
from search_app.base.errors import BadParameters, EngineError, EngineRefused
from search_app.base.site_address import site_address
from search_app.pages.analytics.addresses import DRAWN, PIVOT, VIEW, display_faults
from search_app.pages.analytics.asked.adjusted import NOT_UPCOMING, Notice, beside_comparison, held_here
from search_app.pages.analytics.asked.questions import OVERLAPS, WHITE_AREAS
from search_app.pages.analytics.figures import with_coverage
from search_app.pages.analytics.findings.routes import areas_page, overlaps_page
from search_app.pages.analytics.history import to_history_query
from search_app.pages.analytics.maps.outlines import LEVELS
from search_app.pages.analytics.page import Answers, build_pivot_fault_page, build_pivot_page
from search_app.pages.search.facet_lists import MOST_OF_OPEN_LISTS
from search_app.pages.shared.layout import to_freshness
from search_app.pages.shared.render import respond, respond_error
from search_app.search.links import Pairs, from_form, replaced, without
from search_app.search.service import Services, services_of

ALL_AREAS = 1000  # rows: more than there are régions or départements


def analytics_routes() -> list[Route]:
    """Return the routes of the query module's pages."""
    pages = ((PIVOT, pivot_page), (WHITE_AREAS, areas_page), (OVERLAPS, overlaps_page))
    return [Route(path, few_at_once(page)) for path, page in pages]


async def pivot_page(request: Request) -> Response:
    """Render a pivot, or the faults of its address with status 400."""
    services = services_of(request)
    given = from_form(tuple(pair for pair in request.query_params.multi_items() if pair[1].strip()))
    try:
        compared = beside_comparison(given)
        notices = (Notice(NOT_UPCOMING),) if compared != given else ()
        asked = held_here(compared, lambda pairs: _read(services, pairs).search.params)
        query, asked = _ordered(_read(services, asked), asked)
        answers = await _answers(services, query, asked)
    except BadParameters as error:
        freshness = to_freshness(services.reference.source_states(services.settings.current_day()))
        snapshot, today = services.reference.current(), services.settings.current_day()
        page = build_pivot_fault_page(given, error.faults, snapshot, freshness, today)
        return respond_error(request, "analytics/pivot.html", page, error.status, error.headers())
    site = site_address(request, services.settings)

    def made() -> Response:
        return respond(request, "analytics/pivot.html", build_pivot_page(query, answers, asked, site, notices))

    return await asyncio.to_thread(made)  # a table of 5,000 cells takes the loop half a second


def _read(services: Services, given: Pairs) -> PivotQuery:
    """Return the pivot of an address; raises BadParameters with every fault."""
    faults = display_faults(given)
    try:
        query = read_pivot_query(services, without(given, VIEW, DRAWN), ignore_unknown=True)
    except BadParameters as error:
        faults += error.faults
    if faults:
        raise BadParameters(faults)
    return query


def _ordered(query: PivotQuery, given: Pairs) -> tuple[PivotQuery, Pairs]:
    """Return the pivot in an order that can be seen: by its first measure, if offers are not among those shown."""
    names = [measure.name for measure in query.measures]
    if query.sort != "offers" or "offers" in names or query.rows is None:
        return query, given
    return replace(query, sort=names[0]), replaced(given, "sort", names[0])


async def _answers(services: Services, query: PivotQuery, given: Pairs) -> Answers:
    """Return everything that the page shows."""
    whole = replace(query, measures=with_coverage(query.measures))
    facets = services.read_search(
        without(given, *OWN, VIEW, DRAWN),
        ignore_unknown=True,
        defaults={"facet_size": MOST_OF_OPEN_LISTS, "size": 1},
    )
    answer, results, moved = await asyncio.gather(
        pivot(services, whole), services.search(facets), _history(services, query)
    )
    if ("view", "map") not in given or query.rows is None or query.rows.name not in LEVELS:
        return Answers(answer, answer, results, moved)
    areas = await pivot(services, replace(whole, columns=None, page=1, size=ALL_AREAS))
    return Answers(answer, areas, results, moved)


async def _history(services: Services, query: PivotQuery) -> tuple[HistoryQuery | None, Sequence[Day]] | None:
    """Return the kept days of the same filters; None if the engine fails, for the table does not depend on them."""
    asked = to_history_query(query, query.search.today)
    try:
        return asked, await history(services, asked) if asked else ()
    except (EngineError, EngineRefused):
        return None
