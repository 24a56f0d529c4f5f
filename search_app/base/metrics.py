"""Metrics of the process in the Prometheus format."""

import os

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

registry = CollectorRegistry()
_requests = Counter(
    "boussole_requests", "Answers, by route and status.", ["route", "status"], registry=registry
)  # fmt: skip
_seconds = Histogram(
    "boussole_request_seconds", "Seconds from request to the start of the answer, by route.", ["route"],
    buckets=SECONDS, registry=registry,
)  # fmt: skip
engine_faults = Counter(
    "boussole_engine_faults", "Calls that the engine failed on, or answered in part only, by kind.", ["kind"],
    registry=registry,
)  # fmt: skip
answers_shared = Counter(
    "boussole_answers_shared", "Answers of addresses that share them: made, joined while they were made, or kept.",
    ["how"], registry=registry,
)  # fmt: skip
background_alive = Gauge(
    "boussole_background_alive", "0 while a background task has ended unasked and is not begun anew.", ["task"],
    registry=registry, multiprocess_mode="livemin",
)  # fmt: skip
background_failures = Counter(
    "boussole_background_failures", "Failed attempts of a background task.", ["task"], registry=registry
)  # fmt: skip
background_success = Gauge(
    "boussole_background_last_success_timestamp_seconds", "When a background task last succeeded.", ["task"],
    registry=registry, multiprocess_mode="livemin",
)  # fmt: skip


def count_answer(scope: Scope, status: int, seconds: float) -> None:
    """Count one response under the name of its endpoint; addresses are not used as labels, because clients can invent
    any.
    """
    route = getattr(scope.get("endpoint"), "__name__", "none")
    _requests.labels(route, status).inc()
    _seconds.labels(route).observe(seconds)


async def metrics(_: Request) -> Response:
    """Return all metrics: of all workers if PROMETHEUS_MULTIPROC_DIR names a shared folder, else of this process."""
    shown = registry
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shown = CollectorRegistry()
        MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
    return Response(generate_latest(shown), headers={"Cache-Control": "no-store", "Content-Type": CONTENT_TYPE_LATEST})
