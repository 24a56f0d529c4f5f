"""Pages of text, and what crawlers are told: there without an engine, linked from everywhere, true of the settings."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from lxml import html
from starlette.testclient import TestClient

from search_app.base.settings import Settings
from search_app.pages.info.pages import INFO_ROWS
from search_app.web.app import create_app

PATHS = [row.path for row in INFO_ROWS]
NOWHERE = "http://127.0.0.1:9"  # port "discard": nothing listens there
TOLD = {
    "editor": "Centre <Exemple>, 4 rue des Essais",
    "publisher": "Camille Essai",
    "contact": "contact@boussole.example",
    "hosted_by": "Hébergeur Exemple, 01 99 00 00 00",
}


@pytest.fixture(name="bare")
def site_of_which_nothing_is_told() -> Iterator[TestClient]:
    with TestClient(create_app(Settings(opensearch_url=NOWHERE)), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(name="told")
def site_of_which_all_is_told() -> Iterator[TestClient]:
    settings = Settings.model_validate({"opensearch_url": NOWHERE, "public_url": "https://boussole.example/", **TOLD})
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


def words_of(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    page: html.HtmlElement = html.fromstring(answer.text)
    (main,) = page.xpath("//main")
    return " ".join(str(main.text_content()).split()).replace("\xa0", " ")


@pytest.mark.parametrize("path", PATHS)
def test_a_page_of_text_has_one_title_and_may_be_found(bare: TestClient, path: str) -> None:
    answer = bare.get(path)
    page: html.HtmlElement = html.fromstring(answer.text)
    assert answer.status_code == 200
    assert len(page.xpath("//h1")) == 1
    assert page.xpath('//link[@rel="canonical"]/@href') == [path]
    assert page.xpath('//meta[@name="robots"]') == []
    assert bare.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("path", ["/", "/sources", "/nulle", "/offres?seats=x", *PATHS])
def test_every_page_links_all_of_them_and_keeps_what_privacy_says(bare: TestClient, path: str) -> None:
    answer = bare.get(path)
    page: html.HtmlElement = html.fromstring(answer.text)
    assert set(PATHS) <= set(page.xpath("//footer//a/@href"))
    assert "set-cookie" not in answer.headers
    loaded = page.xpath('//script/@src | //img/@src | //link[@rel="stylesheet" or @rel="icon"]/@href')
    assert loaded
    assert [url for url in loaded if urlsplit(url).netloc] == []


def test_what_is_told_of_the_site_is_on_the_legal_pages(told: TestClient) -> None:
    legal, privacy = words_of(told, "/mentions-legales"), words_of(told, "/confidentialite")
    assert [value for value in TOLD.values() if value not in legal] == []
    assert "Centre <Exemple>" in privacy
    assert "Non renseigné" not in legal + words_of(told, "/accessibilite")
    page: html.HtmlElement = html.fromstring(told.get("/accessibilite").text)
    assert "mailto:contact@boussole.example" in page.xpath("//main//a/@href")


def test_what_is_not_told_is_said_plainly(bare: TestClient) -> None:
    assert words_of(bare, "/mentions-legales").count("Non renseigné sur cette installation") == len(TOLD)
    assert "contact : non renseigné" in words_of(bare, "/accessibilite")


def test_nobody_audited_the_site_so_it_does_not_claim_to_conform(bare: TestClient) -> None:
    statement = words_of(bare, "/accessibilite")
    assert "non conforme au référentiel général" in statement
    assert "Défenseur des droits" in statement
    home: html.HtmlElement = html.fromstring(bare.get("/").text)
    footer = home.xpath("string(//footer)")
    assert "Accessibilité : non conforme" in str(footer).replace("\xa0", " ")


def test_privacy_tells_of_a_rate_limit_where_there_is_one() -> None:
    with TestClient(create_app(Settings(opensearch_url=NOWHERE, rate_limit=50))) as client:
        limited = words_of(client, "/confidentialite")
    with TestClient(create_app(Settings(opensearch_url=NOWHERE))) as client:
        assert words_of(client, "/confidentialite") != limited
    assert "pour compter les demandes trop nombreuses" in limited


def test_a_site_with_an_address_has_whole_canonical_ones_and_a_sitemap_that_is_named(told: TestClient) -> None:
    page: html.HtmlElement = html.fromstring(told.get("/aide").text)
    assert page.xpath('//link[@rel="canonical"]/@href') == ["https://boussole.example/aide"]
    assert "Sitemap: https://boussole.example/sitemap.xml" in told.get("/robots.txt").text.splitlines()
    assert "https://boussole.example/aide" in told.get("/sitemap-pages.xml").text


def test_a_site_without_an_address_names_none(bare: TestClient) -> None:
    assert "Sitemap" not in bare.get("/robots.txt").text
    assert "<loc>http://testserver/aide</loc>" in bare.get("/sitemap-pages.xml").text


def test_without_an_engine_what_is_asked_of_it_is_not_there_for_now(bare: TestClient) -> None:
    for path in ("/sitemap.xml", "/api/v1/offers.ics", "/api/v1/offers.atom", "/api/v1/offers.csv"):
        answer = bare.get(path)
        assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (503, True), path


def test_privacy_names_who_else_is_asked_for_the_map() -> None:
    tiles = Settings.model_validate({"opensearch_url": NOWHERE, "tiles_url": "https://tiles.example/{z}/{x}/{y}.png"})
    with TestClient(create_app(tiles)) as client:
        assert "https://tiles.example" in words_of(client, "/confidentialite")
    with TestClient(create_app(Settings(opensearch_url=NOWHERE))) as client:
        assert "votre navigateur ne parle qu’à ce site" in words_of(client, "/confidentialite")
