"""The routes of the widgets: frames, their style sheet, the loader, the configurator, oEmbed."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.base.responses import cacheable
from search_app.pages.shared.assets import ONE_DAY
from search_app.pages.shared.layout import to_live
from search_app.pages.widgets.configurator import configurator
from search_app.pages.widgets.frame import respond_frame
from search_app.pages.widgets.list_frame import build_list_frame, read_list_query
from search_app.pages.widgets.loader import EVERGREEN, evergreen, released
from search_app.pages.widgets.oembed import PATH as OEMBED
from search_app.pages.widgets.oembed import oembed
from search_app.pages.widgets.offer_frame import build_offer_frame, fetch_offer, read_offer_query
from search_app.pages.widgets.search_frame import build_search_frame
from search_app.pages.widgets.theme import CONFIGURATOR, PREFIX, STYLE_SHEET, build_style_sheet, read_theme
from search_app.search.links import Pairs
from search_app.search.service import services_of

CSS: Final = "text/css; charset=utf-8"


def widget_routes() -> list[Route]:
    """Return the routes of the widgets."""
    return [
        Route(CONFIGURATOR, configurator),
        Route(OEMBED, oembed),
        Route(f"{PREFIX}/recherche", search_frame),
        Route(f"{PREFIX}/liste", list_frame),
        Route(f"{PREFIX}/offre", offer_frame),
        Route(f"{PREFIX}/places", offer_frame),
        Route(STYLE_SHEET, style_sheet),
        Route(EVERGREEN, evergreen),
        Route(f"{PREFIX}/boussole-{{hash}}.js", released),
    ]


def _pairs(request: Request) -> Pairs:
    return tuple(request.query_params.multi_items())


async def search_frame(request: Request) -> Response:
    """Render the search form."""
    return respond_frame(request, "widgets/recherche.html", build_search_frame(_pairs(request)))


async def list_frame(request: Request) -> Response:
    """Render the first results of a search."""
    services = services_of(request)
    query = read_list_query(services, _pairs(request))
    results = await services.search(query.search)
    frame = build_list_frame(query, results)
    live = to_live(results.seats_checkpoint, services.settings.current_moment()) if frame.parts else None
    return respond_frame(request, "widgets/liste.html", frame, live)


async def offer_frame(request: Request) -> Response:
    """Render one offer, or the seats of its sessions; raises UnknownOffer."""
    services, checkpoint = services_of(request), services_of(request).seats_checkpoint()
    query = read_offer_query(_pairs(request))
    stored = await fetch_offer(services, query.key)
    frame = build_offer_frame(request.url.path.rpartition("/")[2], query, services, stored)
    live = to_live(checkpoint, services.settings.current_moment()) if frame.session or frame.sessions else None
    return respond_frame(request, "widgets/offre.html", frame, live)


async def style_sheet(request: Request) -> Response:
    """Send the style sheet of an accent; without one it is empty."""
    accent = read_theme(_pairs(request)).accent
    return cacheable(request, (build_style_sheet(accent) if accent else "").encode(), CSS, ONE_DAY)
