"""Two apps in one process, with other settings each, asked in turns: neither says anything of the other."""

from collections.abc import Iterator

import pytest
from lxml import html
from starlette.testclient import TestClient

from search_app.base.settings import Settings
from search_app.web.app import create_app

NOWHERE = "http://127.0.0.1:9"  # port "discard": nothing listens there
DEMONSTRATION = "Démonstration"
ONE = Settings(
    opensearch_url=NOWHERE,
    public_url="https://one.example/",
    demonstration=True,
    tiles_url="https://tiles.one.example/{z}/{x}/{y}.png",
)
OTHER = Settings(opensearch_url=NOWHERE, public_url="https://other.example", contact="aide@other.example")
BARE = Settings(opensearch_url=NOWHERE)


@pytest.fixture(name="apps")
def two_apps() -> Iterator[dict[str, TestClient]]:
    # All are made before the first is asked: what one would leave in the process is there for the others.
    one, other, bare = create_app(ONE), create_app(OTHER), create_app(BARE)
    with TestClient(one) as of_one, TestClient(other) as of_other, TestClient(bare) as of_bare:
        yield {"one": of_one, "other": of_other, "bare": of_bare}


def canonical(text: str) -> str:
    page: html.HtmlElement = html.fromstring(text)
    (href,) = page.xpath('//link[@rel="canonical"]/@href')
    return str(href)


def test_apps_with_other_settings_share_nothing(apps: dict[str, TestClient]) -> None:
    for _ in range(2):
        answers = {name: client.get("/confidentialite") for name, client in apps.items()}
        assert {name: canonical(answer.text) for name, answer in answers.items()} == {
            "one": "https://one.example/confidentialite",
            "other": "https://other.example/confidentialite",
            "bare": "/confidentialite",
        }
        assert [name for name, answer in answers.items() if DEMONSTRATION in answer.text] == ["one"]
        assert [name for name, answer in answers.items() if "tiles.one.example" in answer.text] == ["one"]
        assert [name for name, answer in answers.items() if "aide@other.example" in answer.text] == ["other"]
        policies = {name: answer.headers["content-security-policy"] for name, answer in answers.items()}
        assert [name for name, policy in policies.items() if "tiles.one.example" in policy] == ["one"]
        assert len({answer.headers["etag"] for answer in answers.values()}) == 3


def test_an_etag_of_one_app_is_none_of_the_other(apps: dict[str, TestClient]) -> None:
    known = apps["one"].get("/aide").headers["etag"]
    assert apps["one"].get("/aide", headers={"If-None-Match": known}).status_code == 304
    assert apps["other"].get("/aide", headers={"If-None-Match": known}).status_code == 200


def test_error_pages_and_robots_are_of_the_app_that_is_asked(apps: dict[str, TestClient]) -> None:
    pages = {name: client.get("/nulle").text for name, client in apps.items()}
    assert [name for name, text in pages.items() if DEMONSTRATION in text] == ["one"]
    robots = {name: client.get("/robots.txt").text for name, client in apps.items()}
    assert ["https://one.example" in robots["one"], "https://other.example" in robots["other"]] == [True, True]
    assert "Sitemap" not in robots["bare"]
