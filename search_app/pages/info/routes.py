"""The routes of the text pages."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.pages.info.pages import INFO_ROWS, InfoRow, build_info_page
from search_app.pages.shared.layout import to_freshness
from search_app.pages.shared.render import respond
from search_app.search.service import services_of


def info_routes() -> list[Route]:
    """Return a route for each text page; they need neither the engine nor loaded data."""
    return [Route(row.path, _show(row), name=row.path.strip("/")) for row in INFO_ROWS]


def _show(row: InfoRow) -> Callable[[Request], Awaitable[Response]]:
    async def info(request: Request) -> Response:
        services = services_of(request)
        settings = services.settings
        freshness = to_freshness(services.reference.source_states(settings.current_day()))
        return respond(request, row.template, build_info_page(row, settings, freshness))

    return info
