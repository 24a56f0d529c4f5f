"""What the app remembers while the engine is silent, and since when."""

import re
from typing import Any

from lxml import html
from starlette.testclient import TestClient

from search_app.base.errors import EngineUnavailable
from search_app.base.settings import Settings
from search_app.search.engine.offers import OffersEngine
from search_app.web.app import create_app


class Failing(OffersEngine):
    """Tells of one source, until it is told to fall silent."""

    silent = False

    async def get_sources(self) -> list[dict[str, Any]]:
        if self.silent:
            raise EngineUnavailable("silence")
        return [{"name": "occitanie", "loaded_at": "2026-11-23T03:12:00+00:00", "offers": 31}]

    async def get_lexicon(self, known: str) -> dict[str, Any] | None:
        return None

    async def get_rules(self, known: str) -> dict[str, Any] | None:
        """Return what another version of the indexer wrote, of which this app makes nothing."""
        return {"version": "other", "data": "AAAA"}

    async def get_tables(self, names: object = None) -> list[dict[str, Any]]:
        return []


def notice_of(browser: TestClient) -> str:
    page: html.HtmlElement = html.fromstring(browser.get("/sources").text)
    assert "occitanie" in page.xpath("string(//main)")
    return re.sub(r"\s+", " ", " ".join(page.xpath('//p[contains(@class, "notice")]//text()'))).strip()


def test_the_page_of_the_sources_says_since_when_the_engine_is_silent() -> None:
    settings = Settings(refresh_seconds=1e-9)
    engine = Failing.connect(settings)
    with TestClient(create_app(settings, engine)) as browser:
        assert notice_of(browser) == ""
        engine.silent = True
        told = "Le moteur de recherche ne répond pas en ce moment : voici ce qui était connu le "
        assert re.fullmatch(re.escape(told) + r"\d{1,2}(er)? \w+ \d{4} à \d{1,2} h \d\d\.", notice_of(browser))
        engine.silent = False
        assert notice_of(browser) == ""
