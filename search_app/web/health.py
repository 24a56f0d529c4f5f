"""Probes for monitoring: liveness, readiness, metrics."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.base.background import TaskHealth
from search_app.base.errors import AppError
from search_app.base.metrics import metrics
from search_app.base.responses import json_error, to_bytes
from search_app.search.service import services_of

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
NEVER_KEPT = {"Cache-Control": "no-store"}


def health_routes() -> list[Route]:
    """Return the routes for probes."""
    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


async def healthz(_: Request) -> Response:
    """Answer as long as the process serves requests."""
    return Response(to_bytes({"status": "ok"}), headers=NEVER_KEPT, media_type="application/json")


async def readyz(request: Request) -> Response:
    """Answer 200 if the engine answers a search completely, else 503 with the reason; report background tasks."""
    services = services_of(request)
    body = {"size": 0, "track_total_hits": True, "query": {"match_all": {}}}
    try:
        answer = await services.engine.search_offers(body)
    except AppError as error:
        return json_error(error)
    task_health: list[TaskHealth] = request.app.state.task_health
    ready = {
        "status": "ok",
        "offers": answer["hits"]["total"]["value"],
        "background": {health.name: health.to_json() for health in task_health},
    }
    return Response(to_bytes(ready), headers=NEVER_KEPT, media_type="application/json")
