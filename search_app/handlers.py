"""Turns every error into one answer: JSON under /api, a page elsewhere."""

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from search_app.errors import AppError, EngineError, MethodNotAllowed, NotFound
from search_app.pages.routes import render_error
from search_app.responses import json_error

logger = logging.getLogger(__name__)


def to_response(request: Request, error: AppError) -> Response:
    """Return the answer for an error, in the form that this address speaks."""
    return json_error(error) if _speaks_json(request) else render_error(request, error)


def _speaks_json(request: Request) -> bool:
    path = request.scope["path"]
    return path.startswith("/api/") or path in ("/healthz", "/readyz", "/metrics")


async def handle_app_error(request: Request, error: Exception) -> Response:
    """Answer an error of our own tree."""
    return to_response(request, error if isinstance(error, AppError) else AppError("Erreur interne."))


async def handle_http_error(request: Request, error: Exception) -> Response:
    """Answer what the router says: no such address, wrong method."""
    if isinstance(error, HTTPException) and error.status_code == 405:
        allowed = (error.headers or {})["Allow"]
        return to_response(request, MethodNotAllowed(allowed.split(", ")))
    what = "Cette adresse" if _speaks_json(request) else "Cette page"
    return to_response(request, NotFound(f"{what} n’existe pas."))


async def handle_unexpected(request: Request, error: Exception) -> Response:
    """Answer a fault of this program: it is logged whole, the reader is told without details.

    A streamed answer that fails on the engine before its first piece has begun for the router, but not for the reader.
    """
    if isinstance(error.__cause__, EngineError):
        return to_response(request, error.__cause__)
    logger.error("unexpected error at %s", request.url.path, exc_info=error)
    return to_response(request, AppError("Une erreur inattendue s’est produite. Elle a été enregistrée."))
