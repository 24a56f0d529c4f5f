"""An engine that is away, without a socket: every request fails as one to an address at which nothing listens."""

from __future__ import annotations

from typing import Any, TypeVar

from opensearchpy.exceptions import ConnectionError as NoConnection
from starlette.applications import Starlette

from engine.fake import Asked, FakeEngine
from mappings.names import IndexNames
from search_app.base.settings import Settings
from search_app.search.engine.offers import OffersEngine
from search_app.web.app import create_app

Kind = TypeVar("Kind", bound=OffersEngine)


def away_engine(kind: type[Kind], settings: Settings) -> Kind:
    """Return the app's engine, or one of its kinds, over an engine that is away."""
    fake = FakeEngine()
    fake.interfere = _refuse
    return kind(fake.asynchronous(settings.engine_timeout), IndexNames(settings.index_prefix), settings.engine_timeout)


def away_app(**settings: Any) -> Starlette:
    """Return the app, with these settings, over an engine that is away."""
    made = Settings(engine_timeout=1, **settings)
    return create_app(made, away_engine(OffersEngine, made))


def _refuse(_: Asked) -> None:
    raise NoConnection("N/A", "connection refused", OSError("connection refused"))
