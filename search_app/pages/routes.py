"""The routes of the pages."""

import asyncio
import time
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from search_app.base.errors import AppError, BadParameters, EngineError, EngineRefused, NotFound, UnknownOffer
from search_app.base.site_address import site_address
from search_app.documents.related import codes_of_offer, related_documents
from search_app.pages.analytics.routes import analytics_routes
from search_app.pages.documents.block import InformBlock, build_block, own_search
from search_app.pages.documents.routes import document_page_routes
from search_app.pages.funding.routes import funding_page_routes
from search_app.pages.home.page import HomeCounts, build_home_page, entries_of
from search_app.pages.info.routes import info_routes
from search_app.pages.info.sources import build_sources_page
from search_app.pages.info.style import build_style_page
from search_app.pages.map.pane import Tiles, wants_map
from search_app.pages.offer.back_link import build_back_link
from search_app.pages.offer.gone import build_gone_page
from search_app.pages.offer.page import About, build_offer_page
from search_app.pages.offer.related import Related, build_related, related_searches
from search_app.pages.portal.routes import portal_routes
from search_app.pages.providers.routes import provider_page_routes
from search_app.pages.schemes.routes import scheme_routes
from search_app.pages.search.answer import find_results, may_group
from search_app.pages.search.facet_lists import MOST_OF_OPEN_LISTS
from search_app.pages.search.fault_page import build_fault_page
from search_app.pages.search.given import read_given, told_again
from search_app.pages.search.instead.nothing_found import find_instead
from search_app.pages.search.page import build_search_page
from search_app.pages.search.results.trainings import UNGROUPED
from search_app.pages.search.shown import Shown
from search_app.pages.selection.routes import selection_routes
from search_app.pages.shared.assets import favicon, static_file
from search_app.pages.shared.error_page import build_error_page
from search_app.pages.shared.layout import Freshness, Link, to_freshness, to_live
from search_app.pages.shared.picking import pairs_of, read_picking
from search_app.pages.shared.render import respond, respond_error, respond_private
from search_app.pages.subjects.kept import keep
from search_app.pages.subjects.overview import read_overview
from search_app.search.funding.situation import Situation
from search_app.search.links import Pairs, without
from search_app.search.present.offer import to_offer_view
from search_app.search.resolved import ResolvedSearch
from search_app.search.service import Services, services_of
from search_app.seats.contradictions import count_contradictions


def page_routes() -> list[Route]:
    """Return the routes of all pages and of the static files."""
    return [
        Route("/", home),
        Route("/offres", search, methods=["GET", "POST"]),
        Route("/offres/", without_slash),
        *funding_page_routes(),
        Route("/offres/{id:path}", offer),
        *portal_routes(),
        *provider_page_routes(),
        *document_page_routes(),
        *selection_routes(),
        *analytics_routes(),
        Route("/sources", sources),
        Route("/style", style),
        *scheme_routes(),
        *info_routes(),
        Route("/static/{name}", static_file),
        Route("/favicon.ico", favicon),
    ]


def _freshness(request: Request) -> Freshness | None:
    """Return the state of the catalogue as cached by this process, without an engine request."""
    services = services_of(request)
    return to_freshness(services.reference.source_states(services.settings.current_day()))


async def home(request: Request) -> Response:
    """Render the home page, without counts if the engine does not answer."""
    services = services_of(request)
    settings = services.settings
    try:
        counts: HomeCounts | None = await _counts_of_home(request)
    except (EngineError, EngineRefused):
        counts = None
    today, snapshot = settings.current_day(), services.reference.current()
    return respond(request, "home.html", build_home_page(counts, today, snapshot, _freshness(request), settings.editor))


async def _counts_of_home(request: Request) -> HomeCounts:
    """Return the counts of the home page; those of the entries depend on seats, so they are kept as long as labels."""
    services = services_of(request)
    overview = await read_overview(request)

    async def make() -> list[int]:
        entries = entries_of(services.settings.current_day())
        return await services.count([services.read_search(entry.pairs) for entry in entries])

    return HomeCounts(
        overview, await keep(request, ("home", int(time.monotonic() / services.settings.refresh_seconds)), make)
    )


async def search(request: Request) -> Response:
    """Render one page of results, or the faults of the address with status 400; a posted person is searched for."""
    services = services_of(request)
    settings = services.settings
    given = await read_given(request)
    pairs, selection = given.pairs, read_picking(given.pairs)
    try:
        asked = _read(services, pairs, given.situation)
    except BadParameters as error:
        pairs, faults = told_again(given, error.faults)
        page = build_fault_page(
            pairs, faults, services.reference.current(), _freshness(request), selection, given.asked
        )
        if given.posted:
            return respond_private(request, "search.html", page, error.status)
        return respond_error(request, "search.html", page, error.status, error.headers())
    tiles = Tiles(settings.tiles_url, settings.tiles_attribution) if wants_map(pairs) and not given.posted else None
    found = await find_results(services, asked, may_group=may_group(pairs, with_map=tiles is not None))
    results = found.results
    instead = await find_instead(services, asked, results, given.situation)
    shown = Shown(
        selection, tiles, UNGROUPED in pairs, found.by_itself, found.lines, asked=given.asked, funding=given.funding,
        alerts=settings.alerts_offered,
    )  # fmt: skip
    page = build_search_page(asked, results, instead, shown)
    live = to_live(results.seats_checkpoint, settings.current_moment()) if page.parts else None
    if given.posted:
        return respond_private(request, "search.html", page, 400 if given.asked.faults else 200, live)
    return respond(request, "search.html", page, live)


def _read(services: Services, pairs: Pairs, situation: Situation | None) -> ResolvedSearch:
    """Return the search of an address; an order by distance gives way to a place without one. Raises BadParameters."""
    defaults = {"facet_size": MOST_OF_OPEN_LISTS}
    try:
        return services.read_search(pairs, ignore_unknown=True, defaults=defaults, situation=situation)
    except BadParameters as error:
        if [(fault.parameter, fault.value) for fault in error.faults] != [("sort", "distance")]:
            raise
        plain = without(pairs, "sort")
        return services.read_search(plain, ignore_unknown=True, defaults=defaults, situation=situation)


async def without_slash(request: Request) -> Response:
    """Redirect to the search from its address with a final slash, which would be that of an offer without number."""
    query = request.url.query
    return RedirectResponse(f"/offres?{query}" if query else "/offres", 301)


async def offer(request: Request) -> Response:
    """Render one offer, by its number or its key; raises NotFound."""
    services = services_of(request)
    settings, checkpoint = services.settings, services.seats_checkpoint()
    try:
        stored = await services.offer(request.path_params["id"])
    except NotFound:
        return await _gone(request)
    today, snapshot = settings.current_day(), services.reference.current()
    selection = read_picking(request.query_params.multi_items())
    picked = pairs_of(selection)
    view = to_offer_view(stored, snapshot, today, settings.seats_old_after_days)
    related, inform = await asyncio.gather(_related(services, stored, picked), _inform(services, stored))
    about = About(
        freshness=_freshness(request),
        site=site_address(request, settings),
        public_url=settings.public_url,
        contact=settings.contact,
        related=related,
        inform=inform,
        back=_back(request, view.offer.key, picked),
        selection=selection,
    )
    page = build_offer_page(view, snapshot, today, about)
    answer = respond(request, "offer.html", page, to_live(checkpoint, settings.current_moment()))
    answer.headers.add_vary_header("Referer")
    return answer


def _back(request: Request, key: str, picked: Pairs) -> Link:
    """Return the link back to the preceding results."""
    hosts = (request.headers.get("host"), urlsplit(services_of(request).settings.public_url).netloc or None)
    return build_back_link(request.headers.get("referer", ""), hosts, key, picked)


async def _gone(request: Request) -> Response:
    """Render the page of a removed offer; raises UnknownOffer if it is unknown."""
    services = services_of(request)
    gone = await services.gone_offer(request.path_params["id"])
    if gone is None:
        raise UnknownOffer("Aucune offre n’est connue à cette adresse.")
    picked = pairs_of(read_picking(request.query_params.multi_items()))
    related = await _related(services, gone["offer"], picked)
    return respond_error(request, "gone.html", build_gone_page(gone, related, _freshness(request), picked), 410, {})


async def _related(services: Services, stored: dict[str, Any], picked: Pairs) -> tuple[Related, ...]:
    """Return related offers; none if the engine fails."""
    searches = related_searches(stored)
    try:
        found = await services.first_of([services.resolve(each) for each in searches])
    except (EngineError, EngineRefused):
        return ()
    return build_related(stored["key"], searches, found, services.settings.current_day(), picked)


async def _inform(services: Services, stored: dict[str, Any]) -> InformBlock | None:
    """Return the documents that share codes with an offer; none if the engine fails."""
    codes = codes_of_offer(stored)
    return build_block(await related_documents(services, codes), own_search(codes))


async def sources(request: Request) -> Response:
    """Render the loads of all sources and their contradictions; if the engine does not answer, its last known state."""
    services = services_of(request)
    settings, reference = services.settings, services.reference
    await reference.refresh_if_due()
    states = reference.source_states(settings.current_day())
    try:
        contradictions: dict[str, int] | None = await count_contradictions(services)
    except (EngineError, EngineRefused):
        contradictions = None
    page = build_sources_page(states, settings.stale_after_days, contradictions, reference.known_since)
    return respond(request, "sources.html", page)


async def style(request: Request) -> Response:
    """Render every component in every state."""
    return respond(request, "style.html", build_style_page())


def render_error(request: Request, error: AppError) -> Response:
    """Return the page of an error; needs neither the engine nor loaded data."""
    query = request.scope["query_string"].decode("latin-1")
    # One slash only: an address that begins with two would lead to another site.
    address = "/" + quote(request.scope["path"].lstrip("/")) + (f"?{query}" if query else "")
    page = build_error_page(error, address, _freshness(request), posted=request.method == "POST")
    return respond_error(request, "error.html", page, error.status, error.headers())
