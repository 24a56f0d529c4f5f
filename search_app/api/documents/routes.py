"""``GET /api/v1/documents``: the search of documents, and one document by its key."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.base.errors import NotFound
from search_app.base.responses import json_response
from search_app.documents.present import to_document
from search_app.documents.service import read_document_search, search_documents, stored_document
from search_app.search.params import refuse, unknown_faults
from search_app.search.service import services_of

PATH: Final = "/api/v1/documents"
REMOVED: Final = "Ce document a été retiré par sa source."


def document_routes() -> list[Route]:
    """Return the routes of the documents; they must follow those of their feeds."""
    return [Route(PATH, documents), Route(f"{PATH}/{{key}}", document)]


async def documents(request: Request) -> Response:
    """Search documents: every parameter of their vocabulary, every fault reported."""
    services = services_of(request)
    search = read_document_search(services, request.query_params.multi_items())
    return json_response(request, await search_documents(services, search))


async def document(request: Request) -> Response:
    """Return one document; raises NotFound, for one that was removed, too."""
    refuse(unknown_faults(request.query_params.multi_items()))
    services = services_of(request)
    stored = await stored_document(services, request.path_params["key"])
    if stored.get("deleted"):
        raise NotFound(REMOVED)
    return json_response(request, to_document(stored, services.settings.current_day()))
