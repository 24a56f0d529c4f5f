"""The routes of the documents' pages."""

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from search_app.base.errors import BadParameters, EngineError, EngineRefused
from search_app.documents.answer import DocumentView
from search_app.documents.labels import PATH, document_path
from search_app.documents.present import to_document
from search_app.documents.service import read_document_search, search_documents, stored_document
from search_app.pages.documents.document_page import build_document_page, build_removed_page
from search_app.pages.documents.list_page import build_documents_fault_page, build_documents_page
from search_app.pages.documents.offers import OfferLink, build_offer_links, offer_searches
from search_app.pages.portal.frame import Site
from search_app.pages.shared.layout import to_freshness
from search_app.pages.shared.render import respond, respond_error
from search_app.search.service import Services, services_of

PERMANENT: Final = 301
GONE: Final = 410


def document_page_routes() -> list[Route]:
    """Return the routes of the pages."""
    return [
        Route(PATH, documents),
        Route(f"{PATH}/", without_slash),
        Route(f"{PATH}/{{key}}", document),
    ]


async def documents(request: Request) -> Response:
    """Render one page of documents, or the faults of the address with status 400."""
    services = services_of(request)
    pairs, freshness = tuple(request.query_params.multi_items()), _site(services).freshness
    try:
        search = read_document_search(services, pairs, ignore_unknown=True)
    except BadParameters as error:
        page = build_documents_fault_page(pairs, error.faults, freshness)
        return respond_error(request, "documents/list.html", page, error.status, error.headers())
    results = await search_documents(services, search)
    return respond(request, "documents/list.html", build_documents_page(search.params, results, freshness))


async def without_slash(request: Request) -> Response:
    """Redirect to the search from its address with a final slash."""
    query = request.scope["query_string"].decode("latin-1")
    return RedirectResponse(f"{PATH}?{query}" if query else PATH, PERMANENT)


async def document(request: Request) -> Response:
    """Render one document, with status 410 if it was removed; raises NotFound."""
    services, key = services_of(request), request.path_params["key"]
    stored = await stored_document(services, key)
    if key != stored["key"]:
        return RedirectResponse(document_path(stored["key"]), PERMANENT)
    site = _site(services)
    if stored.get("deleted"):
        page = build_removed_page(stored["stamp"], site)
        return respond_error(request, "documents/removed.html", page, GONE, {})
    view = to_document(stored, services.settings.current_day())
    offers = await _offers(services, view)
    snapshot = services.reference.current()
    return respond(request, "documents/document.html", build_document_page(view, offers, snapshot, site))


async def _offers(services: Services, view: DocumentView) -> tuple[OfferLink, ...]:
    """Return the searches of offers with the document's codes; none if the engine fails."""
    searches = offer_searches(view, services.reference.current())
    try:
        counts = await services.count([services.resolve(each.params) for each in searches])
    except (EngineError, EngineRefused):
        return ()
    return build_offer_links(searches, counts)


def _site(services: Services) -> Site:
    today = services.settings.current_day()
    return Site(services.settings.public_url, to_freshness(services.reference.source_states(today)))
