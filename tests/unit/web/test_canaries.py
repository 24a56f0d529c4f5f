"""What was posted about a person is in no log, metric, error, later answer, header, or request to the engine."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.client import AsyncEngine
from mappings.names import IndexNames
from search_app.base.deadline import seconds_left
from search_app.base.settings import Settings
from search_app.search.engine.offers import OffersEngine
from search_app.web.app import create_app
from tests.canaries import CANARY, Post, form_posts, json_posts, traces
from tests.fake_engine import Documents, FakeTransport
from tests.funded import TODAY, own_rules
from tests.stored_offers import whole_offer

OFFER = whole_offer()
API, SEARCH = f"/api/v1/offers/{OFFER['key']}/funding", "/api/v1/offers/search"
PAGE, RESULTS = f"/offres/{OFFER['key']}/financement", "/offres"
POSTS = [*((path, post) for path in (API, SEARCH) for post in json_posts()),
         *((path, post) for path in (PAGE, RESULTS) for post in form_posts())]  # fmt: skip
LATER = ("/metrics", "/healthz", "/sources", "/financements", "/api/v1/funding/schemes", "/api/v1/funding/schemes.atom",
         "/api/v1/offers", "/offres", f"/api/v1/offers/{OFFER['key']}", f"/offres/{OFFER['key']}", PAGE,
         "/nowhere", "/sitemap-pages.xml", "/selection")  # fmt: skip


class Recorder(FakeTransport):
    """Notes all that the app asks the engine."""

    def __init__(self, documents: Documents, names: IndexNames) -> None:
        super().__init__(documents, names)
        self.asked: list[str] = []

    async def perform_request(self, method: str, path: str, *, body: Any = None, **rest: Any) -> bytes:
        self.asked.append(repr((method, path, body, rest)))
        return await super().perform_request(method, path, body=body, **rest)


@contextmanager
def recorded() -> Iterator[tuple[TestClient, Recorder]]:
    settings = Settings(today=TODAY)
    names = IndexNames(settings.index_prefix)
    recorder = Recorder(Documents([OFFER], rules=[own_rules()]), names)
    client = AsyncEngine(recorder, settings.engine_timeout, seconds_left)
    app = create_app(settings, OffersEngine(client, names, settings.engine_timeout))
    with TestClient(app, raise_server_exceptions=False) as browser:
        yield browser, recorder


def post(browser: TestClient, path: str, post: Post) -> Any:
    address = f"{path}?{post.query}" if post.query else path
    headers = {"Content-Type": post.kind} if post.kind else {}
    return browser.post(address, content=post.content, headers=headers)


def test_nothing_posted_is_found_anywhere(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    for client in ("httpx", "httpx2"):  # of the test itself: it logs the address that it asks for
        caplog.set_level(logging.WARNING, client)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("search_app").debug("begun")
    statuses: dict[tuple[str, str], int] = {}
    with recorded() as (browser, recorder):
        for path, each in POSTS:
            answer = post(browser, path, each)
            statuses[path, each.name] = answer.status_code
            where = f"{path}: {each.name}"
            assert answer.status_code < 500, where
            assert traces(repr(answer.headers)) == [], where
            assert not {"etag", "set-cookie", "location"} & answer.headers.keys(), where
            assert answer.headers["cache-control"] == "no-store", where
            assert answer.headers["referrer-policy"] == "no-referrer", where
            # A form is filled in again with what it could read, to be corrected or printed.
            found = traces(answer.text) if path in (API, SEARCH) else CANARY in answer.text
            assert not found, where
        for path in LATER:
            answer = browser.get(path)
            assert traces(answer.text + repr(answer.headers)) == [], path
        assert statuses[API, "valid"] == 200
        assert {status for (_, name), status in statuses.items() if name.startswith("address")} == {400}
    assert recorder.asked
    assert [found for asked in recorder.asked for found in traces(asked)] == []
    assert "begun" in caplog.text
    assert traces(caplog.text) == []
    told = capfd.readouterr()
    assert traces(told.out + told.err) == []


def test_unexpected_error_is_logged_without_what_was_posted(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("fault of ours")

    monkeypatch.setattr("search_app.api.funding.judge_offer", fail)
    with recorded() as (browser, _):
        answer = post(browser, API, next(json_posts()))
    assert answer.status_code == 500
    assert "fault of ours" in caplog.text
    assert traces(caplog.text + answer.text) == []


def test_traces_are_found_in_every_spelling() -> None:
    for told in ("ZQ9Canary", "7391.17", "7391,17", "1997-03-02", "19970302", "02/03/1997", "2 mars 1997"):
        assert traces(f"a {told} b"), told
    assert traces("1998-03-02 739117") == []
