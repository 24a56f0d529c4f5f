"""The app over an engine in memory that holds offers and the project's funding rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, Final

from starlette.testclient import TestClient

from funding import OWN_FUNDING, PROJECT, pack_funding, read_texts
from search_app.base.settings import Settings
from search_app.web.app import create_app
from tests.fake_engine import Documents, fake_engine
from tests.stored_offers import Document

TODAY: Final = date(2026, 11, 30)
LOADED: Final = "2026-11-29T10:00:00+00:00"


@cache
def own_rules() -> Document:
    """Return the project's rules as they are stored."""
    return pack_funding(read_texts(OWN_FUNDING), PROJECT, LOADED)


def funded_browser(
    offers: Iterable[Document] = (), rules: Document | None = None, *, with_rules: bool = True, **settings: Any
) -> TestClient:
    """Return a client of an app over these offers and rules, the project's own by default; enter it to start it."""
    made = Settings(today=TODAY, **settings)
    stored = [rules or own_rules()] if with_rules else []
    app = create_app(made, fake_engine(Documents(offers, rules=stored), made))
    return TestClient(app, raise_server_exceptions=False)
