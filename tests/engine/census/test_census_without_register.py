"""Without a register everything that it would tell is unknown; without a census nothing fails."""

import secrets
from collections.abc import Iterator

import httpx
import pytest

from mappings.census.provider import GAP_CODES
from tests.engine.census.bodies import census_beside
from tests.engine.loaded import LoadedApp, serve

BARE = {
    "siren": "100000009", "name": "Formation Exemple", "name_sort": "formation exemple",
    "names_folded": ["formation exemple"], "state_rows": ["unknown"], "qualiopi_rows": ["unknown"], "responsible": True,
    "facts_at": "2026-11-23T03:12:00+00:00",
}  # fmt: skip


@pytest.fixture(name="own")
def aliases_of_the_fixtures(engine_url: str, loaded_prefix: str) -> Iterator[str]:
    own = f"test-{secrets.token_hex(4)}-"
    with census_beside(engine_url, loaded_prefix, own, [BARE]):
        yield own


def total(app: LoadedApp, query: str) -> int:
    found: int = app.get(f"/api/v1/providers?{query}").json()["total"]
    return found


def test_without_register_nothing_is_denied(engine_url: str, own: str) -> None:
    with serve(engine_url, own) as app:
        answer = app.get("/api/v1/providers").json()
        (body,) = answer["results"]
        assert answer["edition"] is None
        assert [body[name] for name in ("listed", "state", "qualiopi", "trainees", "edition")] == [None] * 5
        assert body["gaps"] == []
        assert total(app, "state=unknown") == total(app, "qualiopi=unknown") == 1
        for value in ("active", "listed", "not_listed", "ceased"):
            assert total(app, f"state={value}") == 0
        assert total(app, "&".join(f"gap={code}" for code in GAP_CODES)) == 0
        assert "Aucune liste publique n’est chargée" in app.get("/organismes").text
        page = app.get("/organismes/100000009").text
        assert "Non connu\u00a0: aucune liste publique n’est chargée" in page
        assert "Absent" not in page


def test_without_census_pages_are_empty_and_offers_are_found(engine_url: str, own: str) -> None:
    httpx.delete(f"{engine_url}/{own}providers").raise_for_status()
    try:
        with serve(engine_url, own) as app:
            assert app.get("/api/v1/providers").json()["total"] == 0
            assert app.get("/api/v1/providers?q=afpa&sort=offers").json()["results"] == []
            assert app.get("/api/v1/providers/100000009").status == 404
            for path in ("/organismes", "/organismes/ecarts", "/sitemap.xml"):
                assert app.get(path).status == 200, path
            assert app.get("/api/v1/offers").json()["total"] > 0
            assert app.get("/api/v1/providers.csv").status == 503
    finally:
        httpx.put(f"{engine_url}/{own}providers").raise_for_status()
