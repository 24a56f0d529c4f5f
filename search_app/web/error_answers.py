"""Converts every error to a response: JSON under /api and at the door for assistants, a page elsewhere."""

import logging
from http import HTTPMethod
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match

from search_app.alerts.post_office import FORM
from search_app.assistants.door import PATH as DOOR
from search_app.base.errors import AppError, EngineError, MethodNotAllowed, NotFound
from search_app.base.responses import json_error
from search_app.pages.routes import render_error
from search_app.pages.widgets.frame import render_frame_error
from search_app.pages.widgets.oembed import PATH as OEMBED
from search_app.web.health import PROBES
from search_app.web.policies import FRAMES, POSTED

logger = logging.getLogger(__name__)
TOLD: Final = "boussole.told"  # in the scope: that an unexpected exception of this request was logged


def to_response(request: Request, error: AppError) -> Response:
    """Return the response for an error, in the format of this address."""
    if _speaks_json(request):
        return json_error(error)
    in_frame = request.scope["path"].startswith(FRAMES)
    return render_frame_error(request, error) if in_frame else render_error(request, error)


def _speaks_json(request: Request) -> bool:
    path = request.scope["path"]
    return path.startswith("/api/") or path in PROBES or path in (OEMBED, DOOR)


async def handle_app_error(request: Request, error: Exception) -> Response:
    """Answer an error of our own tree."""
    return to_response(request, error if isinstance(error, AppError) else AppError("Erreur interne."))


async def handle_http_error(request: Request, error: Exception) -> Response:
    """Answer errors of the router (unknown address, wrong method), and OPTIONS, which no route handles."""
    if isinstance(error, HTTPException) and error.status_code == 405:
        allowed = [HTTPMethod(method) for method in (error.headers or {})["Allow"].split(", ")]
        if request.method == HTTPMethod.OPTIONS:
            return Response(None, 204, {"Allow": ", ".join(sorted([*allowed, HTTPMethod.OPTIONS]))})
        return to_response(request, MethodNotAllowed(allowed))
    known = _without_slash(request)
    if known:
        return RedirectResponse(known, 307)
    what = "Cette adresse" if _speaks_json(request) else "Cette page"
    return to_response(request, NotFound(f"{what} n’existe pas."))


def _without_slash(request: Request) -> str:
    """Return the same address without its final slash if it has a route, else an empty text.

    Without a host, because the client's Host header must not be redirected to.
    """
    path: str = request.scope["path"]
    raw_path = request.scope.get("raw_path", path.encode()).decode("latin-1")
    scope = {**request.scope, "path": path.rstrip("/")}
    if not raw_path.endswith("/") or all(route.matches(scope)[0] is Match.NONE for route in request.app.routes):
        return ""
    address = "/" + raw_path.strip("/")
    query = request.scope["query_string"].decode("latin-1")
    return f"{address}?{query}" if query else address


def _without_token(path: str) -> str:
    """Return a path as it may be logged: without what opens somebody's alert.

    >>> _without_token("/alertes/maintien/abc.def"), _without_token("/offres/abc")
    ('/alertes/maintien/…', '/offres/abc')
    """
    return f"{path.rpartition('/')[0]}/…" if path.startswith(f"{FORM}/") else path


async def handle_unexpected(request: Request, error: Exception) -> Response:
    """Answer an unexpected exception: it is logged with its traceback, once, and the client gets no details.

    A streamed response whose engine fails before its first piece has started for the router, but not for the client.
    """
    if isinstance(error.__cause__, EngineError):
        return to_response(request, error.__cause__)
    if not request.scope.get(TOLD):  # both our guard and Starlette ask for the answer
        request.scope[TOLD] = True
        logger.error("unexpected error at %s", _without_token(request.url.path), exc_info=error)
    answer = to_response(request, AppError("Une erreur inattendue s’est produite. Elle a été enregistrée."))
    if request.method == "POST":
        answer.headers.update(POSTED)  # those of Starlette pass by the middleware that adds them
    return answer
