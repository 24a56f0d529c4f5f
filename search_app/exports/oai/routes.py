"""The route ``/oai``, by GET and by a posted form: every answer but a fault of the server has status 200."""

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.base.posted import read_form
from search_app.base.site_address import site_address
from search_app.exports.oai.arguments import VERB, read_arguments
from search_app.exports.oai.envelope import begin_answer, refused_answer
from search_app.exports.oai.faults import OaiRefusal
from search_app.exports.oai.verbs import ANSWERS, Repository
from search_app.search.service import services_of
from search_app.text.xml import Element, to_document

PATH: Final = "/oai"
MEDIA_TYPE: Final = "text/xml; charset=utf-8"
NOT_KEPT: Final = {"Cache-Control": "no-store"}  # a cached page would contradict the next one


def oai_routes() -> list[Route]:
    """Return the route of the provider."""
    return [Route(PATH, oai, methods=["GET", "POST"])]


async def oai(request: Request) -> Response:
    """Answer a request of a harvester; raises AppError for a body that is no form, and EngineError."""
    pairs = request.query_params.multi_items()
    if request.method == "POST" and not _is_empty(request):
        pairs = [*pairs, *await read_form(request)]
    services = services_of(request)
    repository = Repository(services, site_address(request, services.settings))
    return Response(to_document(await _answer(repository, pairs)), 200, NOT_KEPT, MEDIA_TYPE)


def _is_empty(request: Request) -> bool:
    """Tell whether nothing was posted: then the type of nothing does not matter."""
    return request.headers.get("content-length") == "0"


async def _answer(repository: Repository, pairs: Sequence[tuple[str, str]]) -> Element:
    base_url = f"{repository.site}{PATH}"
    arguments: dict[str, str] = {}
    try:
        arguments = read_arguments(pairs)
        answer = begin_answer(base_url, arguments)
        await ANSWERS[arguments[VERB]](repository, arguments, answer)
    except OaiRefusal as refused:
        return refused_answer(base_url, arguments, refused)
    return answer
