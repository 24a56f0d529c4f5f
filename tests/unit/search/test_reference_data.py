"""What the app remembers while the engine is silent, and since when."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from lxml import html
from starlette.testclient import TestClient

from funding import DOCUMENT, PROJECT, pack_funding
from search_app.base.errors import EngineUnavailable
from search_app.base.settings import Settings
from search_app.search.engine.offers import OffersEngine
from search_app.search.reference_data import ReferenceData, Snapshot
from search_app.web.app import create_app
from tests.away_engine import away_engine
from tests.unit.funding.samples import CONTACTS, FILES


class Failing(OffersEngine):
    """Tells of one source, until it is told to fall silent."""

    silent = False
    funding: dict[str, Any] | None = None

    async def get_sources(self) -> list[dict[str, Any]]:
        if self.silent:
            raise EngineUnavailable("silence")
        return [{"name": "occitanie", "loaded_at": "2026-11-23T03:12:00+00:00", "offers": 31}]

    async def get_terms(self, field: str, most: int) -> tuple[str, ...]:
        return ()

    async def count_by(self, clauses: object) -> tuple[int, ...]:
        return ()

    async def get_lexicon(self, known: str) -> dict[str, Any] | None:
        return None

    async def get_rules(self, name: str, known: str) -> dict[str, Any] | None:
        """Return what another version of the indexer wrote, of which this app makes nothing, and the funding rules."""
        stored = self.funding if name == DOCUMENT else {"version": "other", "data": "AAAA"}
        return None if stored is None or stored["version"] == known else stored

    async def get_tables(self, names: object = None) -> list[dict[str, Any]]:
        return []


def notice_of(browser: TestClient) -> str:
    page: html.HtmlElement = html.fromstring(browser.get("/sources").text)
    assert "occitanie" in page.xpath("string(//main)")
    return re.sub(r"\s+", " ", " ".join(page.xpath('//p[contains(@class, "notice")]//text()'))).strip()


def test_the_page_of_the_sources_says_since_when_the_engine_is_silent() -> None:
    settings = Settings(refresh_seconds=1e-9)
    engine = away_engine(Failing, settings)
    with TestClient(create_app(settings, engine)) as browser:
        assert notice_of(browser) == ""
        engine.silent = True
        told = "Le moteur de recherche ne répond pas en ce moment : voici ce qui était connu le "
        assert re.fullmatch(re.escape(told) + r"\d{1,2}(er)? \w+ \d{4} à \d{1,2} h \d\d\.", notice_of(browser))
        engine.silent = False
        assert notice_of(browser) == ""


def packed(changes: Mapping[str, str] | None = None) -> dict[str, Any]:
    return pack_funding({**FILES, **(changes or {})}, PROJECT, "2026-11-29T10:00:00+00:00")


def refreshed(*stored: dict[str, Any] | None) -> list[Snapshot]:
    """Return the snapshot after each of several contents of the engine."""
    settings = Settings()
    engine = away_engine(Failing, settings)
    reference = ReferenceData(engine, settings.refresh_seconds, settings.stale_after_days)
    snapshots = []
    for engine.funding in stored:
        asyncio.run(reference.refresh())
        snapshots.append(reference.current())
    return snapshots


def test_stored_funding_rules_are_read_again_when_their_version_changes() -> None:
    changed = packed({"contacts.toml": CONTACTS.replace("Conseil régional", "Région")})
    none, first, same, second = refreshed(None, packed(), packed(), changed)
    assert none.funding.book.schemes == ()
    assert first.funding.book.version == packed()["version"]
    assert first.funding.book.contacts["region"].label == "Conseil régional"
    assert same.funding is first.funding
    assert second.funding.book.contacts["region"].label == "Région"


def test_version_of_snapshot_changes_with_funding_rules_alone() -> None:
    changed = packed({"contacts.toml": CONTACTS.replace("Conseil régional", "Région")})
    none, first, same, second = refreshed(None, packed(), packed(), changed)
    assert same.version == first.version
    assert len({none.version, first.version, second.version}) == 3


def test_damaged_funding_rules_leave_the_previous_ones() -> None:
    first, second = refreshed(packed(), {"version": "other", "data": "AAAA"})
    assert second.funding == first.funding
