"""The configurator: a form without script, and texts that work when they are pasted."""

from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from lxml import html
from starlette.testclient import TestClient

from search_app.pages.widgets.loader import current_loader
from tests.away_engine import away_app
from tests.unit.widgets.test_frames import KEY, OFFERS, get, text_of

SITE = "http://testserver"


def configured(**given: Any) -> tuple[httpx.Response, html.HtmlElement]:
    answer = get(f"/widgets?{urlencode(given)}")
    return answer, html.fromstring(answer.text)


def text_to_copy(page: html.HtmlElement, name: str = "texte") -> html.HtmlElement:
    """What the text becomes where it is pasted."""
    (area,) = page.xpath(f"//textarea[@id='{name}']")
    return html.fromstring(f"<div>{area.text}</div>")


@pytest.mark.parametrize(
    ("kind", "given", "href"),
    [
        ("liste", {"address": f"{SITE}/offres?funder=2&page=2"}, f"{SITE}/offres?funder=2&upcoming=true"),
        ("liste", {"funder": "2", "size": "7"}, f"{SITE}/offres?funder=2&upcoming=true&size=7"),
        ("recherche", {"address": f"{SITE}/offres"}, f"{SITE}/offres?upcoming=true"),
        ("offre", {"address": f"/offres/{OFFERS[0]['id']}"}, f"{SITE}/offres/{KEY}"),
        ("places", {"key": KEY}, f"{SITE}/offres/{KEY}"),
        ("liste", {"size": "20"}, f"{SITE}/offres?upcoming=true&size=20"),
        ("offre", {"address": f"{SITE}/offres/{KEY}/"}, f"{SITE}/offres/{KEY}"),
        ("liste", {"address": f"{SITE}/offres?funder=2&size=50"}, f"{SITE}/offres?funder=2&upcoming=true&size=20"),
    ],
)
def test_text_to_copy_is_a_link_and_the_loader(kind: str, given: dict[str, str], href: str) -> None:
    answer, page = configured(kind=kind, **given, accent="#C80", scheme="dark")
    assert answer.status_code == 200
    pasted = text_to_copy(page)
    (link,) = pasted.xpath("a")
    assert link.get("data-boussole") == kind
    assert link.get("href") == href
    assert (link.get("data-accent"), link.get("data-scheme"), link.get("data-corners")) == ("cc8800", "dark", None)
    assert 80 <= int(link.get("data-height")) <= int(link.get("data-height-narrow")) <= 5000
    assert link.text
    assert pasted.xpath("script/@src") == [f"{SITE}/widgets/1/boussole.js"]
    (frame,) = text_to_copy(page, "cadre").xpath("iframe")
    assert (frame.get("loading"), frame.get("title")) == ("lazy", link.text)
    assert frame.get("src").startswith(f"{SITE}/widgets/1/{kind}?")
    assert "accent=cc8800&scheme=dark" in frame.get("src")
    assert get(frame.get("src").removeprefix(SITE)).status_code == 200


def test_pinned_loader_has_the_hash_of_what_is_served() -> None:
    (script,) = text_to_copy(configured()[1], "fige").xpath("script")
    assert script.get("src") == f"{SITE}{current_loader().url}"
    assert (script.get("integrity"), script.get("crossorigin")) == (current_loader().integrity, "anonymous")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kind": "carte"}, ("kind", "carte", "recherche, liste, offre, places")),
        ({"accent": "vert"}, ("accent", "vert", "chiffres hexadécimaux")),
        ({"address": "https://ailleurs.example.fr/offres"}, ("address", "ailleurs.example.fr", "testserver")),
        ({"kind": "liste", "address": f"/offres/{KEY}"}, ("kind", "liste", "offre, places", "une offre")),
        ({"kind": "recherche", "key": KEY}, ("kind", "recherche", "offre, places")),
        ({"kind": "places", "address": "/offres?funder=2"}, ("kind", "places", "recherche, liste", "une recherche")),
        ({"kind": "offre", "address": "/offres"}, ("kind", "offre", "recherche, liste")),
        ({"kind": "offre", "funder": "2"}, ("kind", "offre", "recherche, liste")),
        ({"kind": "liste", "seats": "x"}, ("seats", "x", "nombre entier")),
        ({"kind": "liste", "size": "900"}, ("size", "900", "de 1 à 20")),
    ],
)
def test_a_wrong_field_is_a_400_that_names_it_and_keeps_the_form(given: dict[str, str], told: tuple[str, ...]) -> None:
    answer, page = configured(**given, corners="round")
    assert answer.status_code == 400
    (fault,) = page.xpath("//*[@role='alert']")
    for text in told:
        assert text in text_of(fault)
    assert page.xpath("//select[@name='corners']/option[@selected]/@value") == ["round"]
    assert page.xpath("//textarea") == []


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"address": f"{SITE}/offres/{KEY}"}, "offre"),
        ({"key": KEY}, "offre"),
        ({"address": f"{SITE}/offres?funder=2"}, "liste"),
        ({"funder": "2"}, "liste"),
    ],
)
def test_the_page_chooses_the_kind_where_none_is_given(given: dict[str, str], kind: str) -> None:
    _, page = configured(**given)
    assert text_to_copy(page).xpath("a/@data-boussole") == [kind]
    assert page.xpath("//input[@name='kind'][@checked]/@value") == [kind]


def test_no_kind_is_chosen_before_the_reader_or_a_page_does() -> None:
    _, page = configured(accent="#C80")
    assert page.xpath("//input[@name='kind'][@checked]") == []
    assert text_to_copy(page).xpath("a/@data-boussole") == ["liste"]


@pytest.mark.parametrize("given", [{"key": "nulle"}, {"kind": "offre", "key": "nulle"}, {"address": "/offres/nulle"}])
def test_an_unknown_offer_is_a_404_without_a_text_to_copy(given: dict[str, str]) -> None:
    answer, page = configured(**given)
    assert answer.status_code == 404
    assert page.xpath("//textarea") == []


def test_a_kind_of_offer_without_an_offer_has_an_example() -> None:
    answer, page = configured(kind="places")
    assert answer.status_code == 200
    assert "prise au hasard" in text_of(page)
    assert text_to_copy(page).xpath("a/@href")[0].startswith(f"{SITE}/offres/")


@pytest.mark.parametrize("kind", ["recherche", "liste", "offre"])
def test_without_engine_there_is_a_text_that_says_what_it_is_of(kind: str) -> None:
    with TestClient(away_app()) as client:
        answer = client.get(f"/widgets?kind={kind}")
    assert answer.status_code == 200
    assert text_to_copy(html.fromstring(answer.text)).xpath("a/@data-boussole")


def test_documentation_names_every_attribute_of_the_loader() -> None:
    told = text_of(configured()[1])
    for name in ("data-accent", "data-corners", "data-scheme", "data-height", "data-height-narrow", "frame-src",
                 "script-src", "oembed", "sandbox"):  # fmt: skip
        assert name in told
