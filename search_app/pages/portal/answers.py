"""What all portal pages do: keep what was computed, redirect a wrong slug, answer for what is missing."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from search_app.base.errors import NotFound
from search_app.pages.portal.frame import Site
from search_app.pages.portal.list_page import fewest_of
from search_app.pages.portal.missing_page import build_missing_page
from search_app.pages.portal.paging import PER_PAGE, pages_of, read_number
from search_app.pages.portal.told import told_of
from search_app.pages.portal.towns import with_towns
from search_app.pages.shared.layout import to_freshness
from search_app.pages.shared.render import respond_error
from search_app.pages.subjects.overview import read_overview
from search_app.pages.subjects.subjects import UPCOMING, Subject
from search_app.search.results import SearchResults
from search_app.search.service import services_of

FACETS_OF_PAGE: Final = 500  # values of the long lists: jobs of a whole region
Found = TypeVar("Found")


class NoPage(Exception):
    """There is no page for a subject; ``ended`` if it had offers, all of which are past."""

    def __init__(self, ended: Subject | None = None) -> None:
        super().__init__()
        self.ended = ended


def site_of(request: Request) -> Site:
    """Return what pages say of the installation."""
    services = services_of(request)
    states = services.reference.source_states(services.settings.current_day())
    return Site(services.settings.public_url, to_freshness(states))


def page_number(request: Request) -> int:
    """Return the number of the requested page; raises NotFound."""
    return read_number(request.path_params.get("page", "1"))


def redirect(request: Request, subject: Subject) -> Response | None:
    """Return the redirect to the canonical address, None if the request has it."""
    path = subject.page(page_number(request))
    return RedirectResponse(path, 301) if request.scope["path"] != path else None


async def search_page(request: Request, subject: Subject, group: str = "none") -> SearchResults:
    """Return one page of a subject's offers, by its own search.

    Raises NoPage if too few offers are to come: of what has some, past ones included, a page with one or two to come
    exists and is not indexed. Raises NotFound beyond the last page, EngineError.
    """
    services, number = services_of(request), page_number(request)
    more = {"size": PER_PAGE, "page": number, "facet_size": FACETS_OF_PAGE, "group": group}
    results = await services.search(services.read_search(subject.pairs, defaults=more))
    if results.total < fewest_of(subject):
        without_day = tuple(pair for pair in subject.pairs if pair != UPCOMING)
        (ever,) = await services.count([services.read_search(without_day)])
        if ever < fewest_of(subject):
            raise NoPage
        if not results.total:
            raise NoPage(subject)
    length = results.total if results.trainings is None else results.trainings
    if number > pages_of(length):
        raise NotFound("Cette page de la liste n’existe pas.")
    results.results = with_towns(results.results, services.reference.known().reference)
    return results


async def missing(request: Request, kind: str, segment: str, ended: Subject | None = None) -> Response:
    """Return the page of an address without a page, with its neighbours: 404, or 410 for what has ended."""
    snapshot = services_of(request).reference.known()
    overview = await read_overview(request)
    told = None if ended else await told_of(request, kind, segment)
    page = build_missing_page(kind, segment, overview, snapshot, site_of(request).freshness, ended, told)
    return respond_error(request, "portal/missing.html", page, 410 if ended else 404, {"Cache-Control": "no-store"})


async def or_missing(request: Request, kind: str, segment: str, answer: Callable[[], Awaitable[Response]]) -> Response:
    """Return an answer, or the page of what is missing."""
    try:
        return await answer()
    except NoPage as none:
        return await missing(request, kind, segment, none.ended)
