"""Documents as Atom and as JSON Feed: what a feed reader gets, also of hostile texts."""

import json
from collections.abc import Iterator
from typing import Any

import feedparser
import pytest
from starlette.testclient import TestClient

from search_app.base.settings import Settings
from search_app.web.app import create_app
from tests.documents.indexed import create_documents, numbered_documents, write_documents
from tests.documents.stored import stored_documents

SITE = "https://formations.example.fr"
HOSTILE = "Fiche \x00\x0b ]]> & <script>alert(1)</script>"


@pytest.fixture(scope="module")
def client(engine_url: str, module_index_prefix: str) -> Iterator[TestClient]:
    """The app over some documents, one with a hostile title."""
    sheet, *others = stored_documents()
    create_documents(engine_url, module_index_prefix)
    hostile = sheet.model_copy(update={"title": HOSTILE, "description": HOSTILE})
    write_documents(engine_url, module_index_prefix, [hostile, *others, *numbered_documents(130)])
    given = {"opensearch_url": engine_url, "index_prefix": module_index_prefix, "public_url": SITE}
    with TestClient(create_app(Settings.model_validate(given))) as client:
        yield client


def test_atom_has_the_last_changed_first(client: TestClient) -> None:
    answer = client.get("/api/v1/documents.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.content)
    assert (feed.bozo, feed.version) == (False, "atom10")
    assert len(feed.entries) == 100
    stamps = [entry.updated for entry in feed.entries]
    assert stamps == sorted(stamps, reverse=True)
    assert stamps[0] == "2026-11-24T08:30:00Z" == feed.feed.updated
    first = feed.entries[0]
    assert first.title == "Forum des métiers de l’industrie à Albi"
    assert first.link.startswith(f"{SITE}/documents/")
    assert first.id.startswith("tag:formations.example.fr,2026:documents/")
    assert (first.author, first.tags[0].term) == ("Carif inventé d’Occitanie", "news")


def test_feeds_of_a_search_have_its_documents_alone(client: TestClient) -> None:
    feed = feedparser.parse(
        client.get("/api/v1/documents.atom?kind=guide&region=76&publisher=Carif+inventé+d’Occitanie").content
    )
    assert [entry.title for entry in feed.entries] == [
        "Reprendre une formation en Occitanie : le guide".replace(" :", "\xa0:")
    ]
    items = client.get("/api/v1/documents.json?q=forum").json()["items"]
    assert [item["title"] for item in items] == ["Forum des métiers de l’industrie à Albi"]


def test_json_feed_is_of_version_1_1(client: TestClient) -> None:
    answer = client.get("/api/v1/documents.json?kind=job_sheet&rome=H2913")
    assert answer.headers["content-type"] == "application/feed+json"
    feed: dict[str, Any] = answer.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{SITE}/api/v1/documents.json?kind=job_sheet&rome=H2913"
    assert feed["home_page_url"] == f"{SITE}/documents?kind=job_sheet&rome=H2913"
    (item,) = feed["items"]
    assert item["id"].startswith("tag:")
    assert item["external_url"] == "https://carif.example/metiers/soudeur"
    assert item["date_published"] == "2025-06-01T00:00:00Z"
    assert item["content_text"] == "Activités, conditions de travail, voies d’accès."
    assert all(value is not None for value in item.values())


def test_hostile_title_breaks_no_feed(client: TestClient) -> None:
    shown = "Fiche  ]]> & <script>alert(1)</script>"
    feed = feedparser.parse(client.get("/api/v1/documents.atom?kind=sheet").content)
    assert not feed.bozo
    assert any("alert(1)" in entry.title for entry in feed.entries)
    items = json.loads(client.get("/api/v1/documents.json?q=alert").content)["items"]
    assert [item["title"].replace("\x00", "").replace("\x0b", "") for item in items] == [shown]


def test_unchanged_feed_is_not_sent_again(client: TestClient) -> None:
    for end in ("atom", "json"):
        answer = client.get(f"/api/v1/documents.{end}")
        again = client.get(f"/api/v1/documents.{end}", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
