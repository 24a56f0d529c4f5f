"""The routes of the sheets."""

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from search_app.funding.asked import asked_day
from search_app.funding.sheets import PATH, to_scheme, to_schemes
from search_app.pages.documents.informed import codes_of_scheme, informed
from search_app.pages.portal.frame import Site
from search_app.pages.schemes.list_page import LONGEST_WORDS, build_list_page
from search_app.pages.schemes.sheet_page import SheetPage, build_sheet_page
from search_app.pages.shared.layout import to_freshness
from search_app.pages.shared.render import respond
from search_app.search.service import Services, services_of

PERMANENT: Final = 301


def scheme_routes() -> list[Route]:
    """Return the routes of the pages."""
    return [
        Route(PATH, financing),
        Route(f"{PATH}/", without_slash),
        Route(f"{PATH}/{{id}}", financing_sheet),
    ]


async def financing(request: Request) -> Response:
    """Render the list of schemes, or those that have the words ``q``."""
    services = services_of(request)
    book, today = services.reference.known().funding.book, services.settings.current_day()
    words = " ".join(request.query_params.get("q", "")[:LONGEST_WORDS].split())
    return respond(request, "schemes/list.html", build_list_page(to_schemes(book, today), words, _site(services)))


async def without_slash(request: Request) -> Response:
    """Redirect to the list from its address with a final slash."""
    query = request.scope["query_string"].decode("latin-1")
    return RedirectResponse(f"{PATH}?{query}" if query else PATH, PERMANENT)


async def financing_sheet(request: Request) -> Response:
    """Render one scheme, today or on the day ``on``; raises NotFound, BadParameters."""
    services = services_of(request)
    book, today = services.reference.known().funding.book, services.settings.current_day()
    on = asked_day(request, ignore_unknown=True)
    scheme = to_scheme(book, request.path_params["id"], on)
    codes = codes_of_scheme(tuple(funder.code for funder in scheme.funders))

    async def make() -> SheetPage:
        return build_sheet_page(scheme, on, today, _site(services))

    return respond(request, "schemes/sheet.html", await informed(request, codes, make()))


def _site(services: Services) -> Site:
    today = services.settings.current_day()
    return Site(services.settings.public_url, to_freshness(services.reference.source_states(today)))
