"""What browsers and assistants read of the site is made of routes that exist."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from lxml import etree, html
from starlette.testclient import TestClient

from search_app.api.openapi import build_openapi
from search_app.base.settings import Settings
from search_app.pages.crawlers.routes import PAGES
from search_app.pages.info.pages import INFO_ROWS
from search_app.web.app import create_app

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
SITE = "https://boussole.example"


@pytest.fixture(name="client", scope="module")
def client_without_engine() -> Iterator[TestClient]:
    settings = Settings.model_validate({"opensearch_url": "http://127.0.0.1:9", "public_url": SITE})
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


def test_a_browser_is_told_how_to_search_and_to_complete(client: TestClient) -> None:
    answer = client.get("/opensearch.xml")
    assert answer.headers["content-type"] == "application/opensearchdescription+xml"
    described = etree.fromstring(answer.content)
    assert 0 < len(described.findtext(f"{OPENSEARCH}ShortName") or "") <= 16
    templates = {url.get("type"): url.get("template") for url in described.iter(f"{OPENSEARCH}Url")}
    assert templates == {
        "text/html": f"{SITE}/offres?q={{searchTerms}}&upcoming=true",
        "application/x-suggestions+json": f"{SITE}/api/v1/suggest.opensearch?q={{searchTerms}}",
    }
    assert "/api/v1/suggest.opensearch" in build_openapi()["paths"]
    page: html.HtmlElement = html.fromstring(client.get("/").text)
    (link,) = page.xpath('//link[@rel="search"]')
    assert (link.get("type"), link.get("href")) == (answer.headers["content-type"], "/opensearch.xml")


def test_assistants_get_a_title_a_quotation_and_links_to_existing_routes(client: TestClient) -> None:
    answer = client.get("/llms.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    first, empty, quoted, *_ = lines = answer.text.splitlines()
    assert (first, empty) == ("# Boussole", "")
    assert quoted.startswith("> ")
    links = re.findall(r"^- \[[^\]]+\]\((\S+)\): .", answer.text, re.MULTILINE)
    assert len(links) == sum(line.startswith("- ") for line in lines) > 8
    for link in links:
        assert link.startswith(SITE)
        status = client.get(urlsplit(link).path).status_code
        assert status in (200, 503), link  # 503: what needs the engine


def test_robots_may_read_every_address_that_assistants_are_given(client: TestClient) -> None:
    rules = [line.partition(": ")[::2] for line in client.get("/robots.txt").text.splitlines() if ": /" in line]
    links = re.findall(r"\]\((\S+)\): ", client.get("/llms.txt").text)
    paths = [urlsplit(link).path for link in links]
    assert "/api/v1/openapi.json" in paths
    for path in paths:
        fitting = [(len(start), rule) for rule, start in rules if path.startswith(start)]
        assert max(fitting, default=(0, "Allow"))[1] == "Allow", path
    assert max((len(start), rule) for rule, start in rules if "/api/v1/offers".startswith(start))[1] == "Disallow"


SAID = ["/nulle", "/metiers/x", "/offres?seats=x", "/style", "/selection", "/selection?o=n33nhrxdjcpe", "/", "/sources"]


@pytest.mark.parametrize("path", [*SAID, *(row.path for row in INFO_ROWS)])
def test_a_page_is_canonical_or_not_indexed_never_both(client: TestClient, path: str) -> None:
    page: html.HtmlElement = html.fromstring(client.get(path).text)
    canonical, noindex = page.xpath('//link[@rel="canonical"]'), page.xpath('//meta[@name="robots"]')
    assert len(canonical) + len(noindex) == 1


def test_the_pages_that_lead_to_all_others_are_in_the_sitemap(client: TestClient) -> None:
    assert {"/", "/metiers", "/domaines", "/territoires", "/widgets"} < set(PAGES)
    assert all(f"<loc>{SITE}{path}</loc>" in client.get("/sitemap-pages.xml").text for path in PAGES)


@pytest.mark.parametrize("path", ["/metiers", "/metiers/F1703", "/domaines/345", "/territoires/commune-81004",
                                  "/territoires/region-76", "/formations/aaaaaaaaaaaa"])  # fmt: skip
def test_without_an_engine_no_page_of_the_portal_is_told_to_be_missing(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 503
    assert "moteur de recherche" in answer.text
