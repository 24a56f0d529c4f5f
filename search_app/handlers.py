"""Turns every error into one answer: JSON under /api, a page elsewhere."""

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from search_app.errors import AppError, MethodNotAllowed, NotFound
from search_app.pages import render_error
from search_app.responses import json_error

logger = logging.getLogger(__name__)


def to_response(request: Request, error: AppError) -> Response:
    """Return the answer for an error, in the form that this address speaks."""
    path = request.scope["path"]
    if path.startswith("/api/") or path in ("/healthz", "/readyz", "/metrics"):
        return json_error(error)
    return render_error(request, error)


async def handle_app_error(request: Request, error: Exception) -> Response:
    """Answer an error of our own tree."""
    return to_response(request, error if isinstance(error, AppError) else AppError("Erreur interne."))


async def handle_http_error(request: Request, error: Exception) -> Response:
    """Answer what the router says: no such address, wrong method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        return to_response(request, MethodNotAllowed("Cette adresse ne se demande pas ainsi."))
    return to_response(request, NotFound("Cette page n’existe pas."))


async def handle_unexpected(request: Request, error: Exception) -> Response:
    """Answer a fault of this program: it is logged whole, the reader is told without details."""
    logger.error("unexpected error at %s", request.url.path, exc_info=error)
    return to_response(request, AppError("Une erreur inattendue s’est produite. Elle a été enregistrée."))
