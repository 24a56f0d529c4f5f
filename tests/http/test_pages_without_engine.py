"""Error pages, the page of the sources, static files: all without an engine."""

import gzip
import re
from collections.abc import Iterator
from http import HTTPMethod

import pytest
from lxml import html
from starlette.applications import Starlette
from starlette.testclient import TestClient

from search_app.base import errors
from search_app.base.settings import Settings
from search_app.pages.info.sources import build_sources_page
from search_app.pages.shared.assets import STYLE, load_assets
from search_app.pages.shared.render import render
from search_app.search.results import SourceState
from search_app.web.app import create_app


@pytest.fixture(name="app")
def app_without_engine() -> Starlette:
    # Port 9 is "discard": nothing listens there, and a refused connection comes back at once.
    return create_app(Settings(opensearch_url="http://127.0.0.1:9"))


@pytest.fixture(name="client")
def client_without_engine(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    "error",
    [
        errors.BadParameters([errors.Fault("seats", "x", "un nombre", "seats : ce n’est pas un nombre.")]),
        errors.NotFound("Cette offre n’existe pas."),
        errors.MethodNotAllowed([HTTPMethod.GET]),
        errors.RequestTooLarge("Cette adresse est trop longue."),
        errors.TooManyRequests("Trop de requêtes."),
        errors.EngineUnavailable("Le moteur de recherche ne répond pas."),
        errors.AppError("détail interne"),
    ],
    ids=lambda error: str(error.status),
)
def test_every_error_has_a_page_with_its_status_and_a_way_on(
    app: Starlette, client: TestClient, error: errors.AppError
) -> None:
    async def fails(_: object) -> None:
        raise error

    app.router.add_route("/fails", fails)  # type: ignore[arg-type]
    answer = client.get("/fails?q=<b>")
    assert answer.status_code == error.status
    assert f"Erreur {error.status}" in answer.text
    assert 'href="/offres?upcoming=true"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers.get("retry-after") == (str(error.retry_after) if error.retry_after else None)
    assert ("Réessayer" in answer.text) == (error.status in (429, 500, 503))
    assert "<b>" not in answer.text
    assert "détail interne" not in answer.text


def test_a_fault_of_the_program_is_a_page_that_tells_no_detail(app: Starlette, client: TestClient) -> None:
    async def fails(_: object) -> None:
        raise ZeroDivisionError("secret")

    app.router.add_route("/fails", fails)  # type: ignore[arg-type]
    answer = client.get("/fails")
    assert answer.status_code == 500
    assert "Une erreur est survenue de notre côté" in answer.text
    assert "secret" not in answer.text


def test_the_retry_link_of_a_page_never_leads_to_another_site(client: TestClient) -> None:
    answer = client.get("http://testserver/offres?q=x", headers={"accept": "text/html"})
    assert answer.status_code == 503
    assert 'href="/offres?q=x">Réessayer' in answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert "ne répond pas" in answer.text


def test_contradictions_that_nobody_could_count_are_not_called_none() -> None:
    states = [SourceState("idf", "2026-11-23T03:12:00+00:00", 31, 0, False)]
    uncounted, none, some = (
        render("sources.html", build_sources_page(states, 8, counts)).decode() for counts in (None, {}, {"idf": 2})
    )
    assert "Non comptées" in uncounted
    assert "Aucune</td>" in none
    assert 'href="/api/v1/seats/contradictions?source=idf">2 sessions' in some


def test_home_and_sources_are_there_without_an_engine(client: TestClient) -> None:
    home, sources = client.get("/"), client.get("/sources")
    assert (home.status_code, sources.status_code) == (200, 200)
    assert "Le catalogue ne répond pas en ce moment" in home.text.replace("\xa0", " ")
    assert 'name="q"' in home.text
    assert "Aucune source n’est connue en ce moment" in sources.text.replace("\xa0", " ")


def test_wrong_parameters_are_told_without_an_engine(client: TestClient) -> None:
    answer = client.get("/offres?seats=x&nulle=1")
    assert answer.status_code == 400
    assert 'href="#champ-seats"' in answer.text
    assert "nulle" not in answer.text


def test_an_unknown_offer_is_told_as_one_with_a_field_to_search_with(app: Starlette, client: TestClient) -> None:
    async def fails(_: object) -> None:
        raise errors.UnknownOffer("Aucune offre n’est connue à cette adresse.")

    app.router.add_route("/fails", fails)  # type: ignore[arg-type]
    answer = client.get("/fails")
    page: html.HtmlElement = html.fromstring(answer.text)
    assert answer.status_code == 404
    assert (page.findtext(".//h1"), page.findtext(".//title")) == (
        "Cette offre n’existe pas", "Cette offre n’existe pas – Boussole"
    )  # fmt: skip
    (form,) = page.xpath("//main//form")
    assert form.get("action") == "/offres"
    assert dict(form.form_values()) == {"q": "", "upcoming": "true"}
    assert form.xpath('.//label[@for="champ-q"]')
    assert "page n’existe pas" not in answer.text


def test_an_unknown_address_and_a_wrong_method_are_pages(client: TestClient) -> None:
    assert "Cette page n’existe pas" in client.get("/nulle/part").text
    refused = client.post("/sources")
    assert "Erreur 405" in refused.text
    assert "Méthode non autorisée\u00a0: seuls GET et HEAD sont acceptés." in refused.text
    assert refused.headers["allow"] == "GET, HEAD"


def test_the_first_sentence_is_whole_without_counts(client: TestClient) -> None:
    home: html.HtmlElement = html.fromstring(client.get("/").text)
    (lead,) = home.xpath("//p[@class='lead']")
    assert re.sub(r"\s+", " ", str(lead.text_content())) == (
        "Les formations professionnelles. Gratuit, sans compte, rien n’est gardé chez nous."
    )


def test_an_address_with_a_slash_at_the_end_leads_to_the_search(client: TestClient) -> None:
    answer = client.get("/offres/?q=a+b&funder=2", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "/offres?q=a+b&funder=2")


def test_crawlers_are_kept_out_of_combinations_of_filters_and_of_nothing_else(client: TestClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    agent, *rules = answer.text.splitlines()
    assert agent == "User-agent: *"
    starts = tuple(rule.removeprefix("Disallow: ") for rule in rules if rule.startswith("Disallow: "))
    assert len(starts) == len(rules) - 1 == 8
    assert "Allow: /api/v1/openapi.json" in rules  # what /llms.txt names
    for path, allowed in {
        "/": True, "/offres": True, "/offres/n33nhrxdjcpe": True, "/sources": True, "/static/boussole.css": True,
        "/organismes": True, "/organismes/130002850": True, "/organismes?q=x": False,
        "/offres?q=x": False, "/selection?o=n33nhrxdjcpe": False,
        "/selection.ics?o=n33nhrxdjcpe": False, "/api/v1/offers": False,
    }.items():  # fmt: skip
        assert path.startswith(starts) is not allowed, path


def test_the_icon_is_found_where_browsers_look_without_being_told(client: TestClient) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.content == load_assets().get("boussole.svg").plain


def test_static_files_may_be_kept_for_good_and_pages_name_them_by_content(client: TestClient) -> None:
    home = client.get("/").text
    for url in (load_assets().get(STYLE).url, load_assets().get("boussole.svg").url):
        assert f'href="{url}"' in home
        assert re.search(r"-[0-9a-f]{12}\.(css|svg)$", url)
        answer = client.get(url)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/boussole.css").status_code == 404


def test_static_files_come_compressed_to_whom_can_read_it() -> None:
    style = load_assets().get(STYLE)
    assert gzip.decompress(style.compressed) == style.plain
    assert len(style.compressed) < 10_000


def test_pages_have_no_inline_script_and_no_inline_style(client: TestClient) -> None:
    for path in ("/", "/sources", "/nope", "/offres?seats=x"):
        text = client.get(path).text
        assert not re.search(r"<script(?! src=\"/static/)", text)
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style", text)
