"""The JSON API of offers, places and sources."""

from dataclasses import asdict
from functools import cache
from typing import Any

from msgspec import Raw
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.api.openapi import build_openapi
from search_app.base.errors import Fault
from search_app.base.responses import json_response, to_bytes
from search_app.search.params import refuse, unknown_faults
from search_app.search.params.table import LONGEST_PLACE
from search_app.search.present.offer import to_offer_view
from search_app.search.service import services_of

MOST_PLACES = 20


def search_routes() -> list[Route]:
    """Return the most frequent route, which is matched first."""
    return [Route("/api/v1/offers", offers)]


def api_routes() -> list[Route]:
    """Return the other routes of the API; they must follow those of exports."""
    return [
        Route("/api/v1/offers/{id:path}", offer),
        Route("/api/v1/places", places),
        Route("/api/v1/sources", sources),
        Route("/api/v1/openapi.json", openapi),
    ]


async def offers(request: Request) -> Response:
    """Search: every parameter of the vocabulary, every fault reported."""
    services = services_of(request)
    results = await services.search(services.read_search(request.query_params.multi_items()))
    # The long parts are serialised once, for the answer and for its ETag.
    written = replace(results, results=Raw(to_bytes(results.results)), facets=Raw(to_bytes(results.facets)))
    return json_response(request, written, stable=replace(written, seats_checkpoint=-1))


async def offer(request: Request) -> Response:
    """Return one complete offer, by its number or its key."""
    refuse(unknown_faults(request.query_params.multi_items()))
    services = services_of(request)
    checkpoint = services.seats_checkpoint()
    stored = await services.offer(request.path_params["id"])
    settings, snapshot = services.settings, services.reference.current()
    view = to_offer_view(
        stored, snapshot, settings.current_day(), settings.seats_old_after_days, seats_checkpoint=checkpoint
    )
    return json_response(request, view, stable=replace(view, seats_checkpoint=-1))


async def places(request: Request) -> Response:
    """Return places whose name or postal code begins with ``q``, or approximately if none does."""
    text = _one_text(request, "q")
    found = services_of(request).reference.known().place_suggester.suggest(text, MOST_PLACES)
    return json_response(request, {"places": [asdict(place) for place in found]})


def _one_text(request: Request, name: str) -> str:
    faults = unknown_faults(request.query_params.multi_items(), (name,))
    texts = [text.strip() for text in request.query_params.getlist(name)]
    allowed = f"un texte de 1 à {LONGEST_PLACE} caractères, une fois"
    if len(texts) != 1 or not 1 <= len(texts[0]) <= LONGEST_PLACE:
        faults.append(Fault(name, " ".join(texts)[:100], allowed, f"{name} : {allowed}."))
    refuse(faults)
    return texts[0]


async def sources(request: Request) -> Response:
    """Return the state of each source's catalogue."""
    refuse(unknown_faults(request.query_params.multi_items()))
    services = services_of(request)
    services.reference.known()
    states = services.reference.source_states(services.settings.current_day())
    return json_response(request, {"sources": states})


async def openapi(request: Request) -> Response:
    """Return the OpenAPI 3.1 document."""
    return json_response(request, document())


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document, built once."""
    return build_openapi()
