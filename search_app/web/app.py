"""Creates the app from its parts."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from typing import Any, Final, Protocol

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute

from search_app.alerts.desk import AlertsDesk
from search_app.alerts.routes import alert_routes
from search_app.api.analytics import analytics_routes
from search_app.api.documents.routes import document_routes
from search_app.api.funding import funding_routes, offer_funding_routes
from search_app.api.funding_search import funding_search_routes
from search_app.api.map import map_routes
from search_app.api.offers import api_routes, search_routes
from search_app.api.providers import provider_routes
from search_app.api.suggest import suggest_routes
from search_app.assistants.addresses import Allowed
from search_app.assistants.door import Door
from search_app.base.at_once import AtOnce
from search_app.base.deadline import DeadlineMiddleware
from search_app.base.errors import AppError
from search_app.base.rates import RateLimiter
from search_app.base.responses import LEAST_COMPRESSED
from search_app.base.settings import Settings
from search_app.base.turns import Turns
from search_app.exports.atom import feed_routes
from search_app.exports.calendar import calendar_routes
from search_app.exports.documents import document_feed_routes
from search_app.exports.files import export_routes
from search_app.exports.funding import funding_export_routes
from search_app.exports.oai.routes import oai_routes
from search_app.exports.providers import provider_export_routes
from search_app.exports.tables.routes import table_routes
from search_app.pages.crawlers.routes import crawler_routes
from search_app.pages.routes import page_routes
from search_app.pages.subjects.kept import version_of
from search_app.pages.widgets.routes import widget_routes
from search_app.search.engine.offers import OffersEngine
from search_app.search.engine.scans import Scans
from search_app.search.reference_data import ReferenceData
from search_app.search.service import Services
from search_app.seats.age import AgeSweep
from search_app.seats.api import SeatsIntake, seats_routes
from search_app.seats.changes import SeatChanges
from search_app.seats.contradictions import contradictions_routes
from search_app.seats.events import encode_event
from search_app.seats.open_streams import Streams
from search_app.seats.stream import SeatsStream, stream_routes
from search_app.seats.writer import SeatsWriter
from search_app.web.error_answers import handle_app_error, handle_http_error, handle_unexpected
from search_app.web.health import health_routes
from search_app.web.middleware import GuardMiddleware, PublicApi
from search_app.web.server.connections import STATE, Connections
from search_app.web.shared_answers import SharedAnswers

logger = logging.getLogger(__name__)
# Level 5 of 9: a results page is compressed in under a millisecond; level 9 takes three times that for 2 %.
COMPRESSION_LEVEL = 5
# New objects before the garbage collector runs. A search creates thousands that are all released with its answer; with
# Python's default of 700 the collector runs several times during each search.
GARBAGE = 20_000
CLOSE_SECONDS = 2.0  # for the last requests to the engine at shutdown, after responses have ended
WRONG_TOKENS = 1.0  # answered attempts per second and client; a burst of five first


HANDLERS: Final = {
    AppError: handle_app_error,
    HTTPException: handle_http_error,
    Exception: handle_unexpected,
}


def create_app(settings: Settings, engine: OffersEngine | None = None) -> Starlette:
    """Return the app; it reads reference data when it starts, and starts without it if the engine does not answer."""
    engine = engine or OffersEngine.connect(settings)
    reference = ReferenceData(engine, settings.refresh_seconds, settings.stale_after_days)
    seconds = settings.write_timeout or settings.engine_timeout
    writer = SeatsWriter(engine, settings.seats_cutoff, seconds, settings.replicas)
    ages = AgeSweep(engine, settings)
    changes = SeatChanges(engine, partial(encode_event, settings=settings))
    streams = Streams(settings.streams, settings.streams_per_client, settings.stream_seconds)
    scans = Scans(engine, settings.exports, settings.exports_per_client)
    services = Services(settings, engine, reference, scans, Turns(), changes.settled_checkpoint)
    door = _door(settings, services) if settings.mcp else None
    desk = AlertsDesk.of(engine, settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[dict[str, Any]]:
        await reference.rereading.run()  # raises nothing if the engine does not answer
        _spare_tables_from_collection()
        writer.start()
        ages.start()
        async with door.opened() if door else nullcontext():
            yield {STATE: Connections(settings)}
        streams.close()
        await _close(scans, changes, ages, reference, *filter(None, [desk]), writer)  # the last ones send requests
        await engine.close()

    app = Starlette(
        routes=[*_routes(), *(alert_routes(desk) if desk else ()), *(door.routes() if door else ())],
        lifespan=lifespan,
        middleware=_middleware(settings, changes, streams, partial(version_of, services)),
        exception_handlers=HANDLERS,
    )
    app.router.redirect_slashes = False  # it would redirect to the host that the client names; see the error handlers
    tasks = (reference.rereading, writer.periodic, ages.periodic, changes.periodic, changes.sampling, scans.periodic)
    app.state.task_health = [*(task.health for task in (*tasks, scans.views.closing)), streams.health]
    app.state.task_health += [desk.health] if desk else []
    app.state.services, app.state.alerts = services, desk
    app.state.pivots = AtOnce(settings.pivots, settings.pivots_per_client)
    app.state.seats_intake = SeatsIntake(writer, RateLimiter(WRONG_TOKENS))
    return app


def _door(settings: Settings, services: Services) -> Door:
    """Return the door for assistants; only here is the protocol's package imported."""
    from search_app.assistants.server import serve_tools

    return Door(Allowed.of(settings.public_url), partial(serve_tools, services))


class _Closed(Protocol):
    async def close(self) -> None: ...


async def _close(*parts: _Closed) -> None:
    """Close parts in order, within a time limit."""
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            for part in parts:
                await part.close()
    except TimeoutError:
        logger.warning("stopped without the engine, which did not answer within %g s", CLOSE_SECONDS)


def _spare_tables_from_collection() -> None:
    """Exclude existing objects from garbage collection: code tables of 35,000 communes live as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, *gc.get_threshold()[1:])


def _routes() -> list[BaseRoute]:
    """Return all routes, in matching order."""
    return [
        *search_routes(),
        *funding_search_routes(),
        *export_routes(),
        *calendar_routes(),
        *feed_routes(),
        *contradictions_routes(),
        *seats_routes(),
        *stream_routes(),
        *suggest_routes(),
        *map_routes(),
        *table_routes(),
        *analytics_routes(),
        *provider_export_routes(),
        *provider_routes(),
        *document_feed_routes(),
        *document_routes(),
        *funding_export_routes(),
        *funding_routes(),
        *offer_funding_routes(),
        *api_routes(),
        *health_routes(),
        *oai_routes(),
        *crawler_routes(),
        *widget_routes(),
        *page_routes(),
    ]


def _middleware(
    settings: Settings, changes: SeatChanges, streams: Streams, version: Callable[[], Hashable]
) -> list[Middleware]:
    """Return the middlewares, the outermost first."""
    return [
        # First, so that scripts of other sites can read refusals of the API (429 with its Retry-After) too.
        Middleware(PublicApi, settings.tiles_origin, settings.widgets_ancestors),
        Middleware(GuardMiddleware, settings.rate_limit, settings.tiles_origin, settings.widgets_ancestors),
        Middleware(SeatsStream, changes=changes, streams=streams),
        Middleware(SharedAnswers, seconds=settings.answer_seconds, version=version),
        Middleware(DeadlineMiddleware, seconds=settings.engine_timeout),
        Middleware(GZipMiddleware, minimum_size=LEAST_COMPRESSED, compresslevel=COMPRESSION_LEVEL),
    ]


def create_default_app() -> Starlette:
    """Return the app with settings from the environment; raises SettingsError naming what is wrong."""
    # The client logs a traceback for each refused connection; we log one line of our own.
    logging.getLogger("opensearch").setLevel(logging.CRITICAL)
    return create_app(Settings.from_environment())
