"""Frames over an engine in memory: what is in them, where their links lead, what they weigh."""

import asyncio
import gzip
import re
from copy import deepcopy
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from lxml import html

from mappings.keys import key_of
from search_app.base.settings import Settings
from search_app.pages.shared.assets import load_assets
from search_app.web.app import create_app
from tests.asking import browser_of
from tests.faces import TODAY
from tests.fake_engine import Documents, fake_engine
from tests.stored_offers import Document, whole_offer

OFFERS = [each | {"key": key_of(each["id"])} for each in (whole_offer(f"A{number}") for number in range(30))]
KEY = OFFERS[0]["key"]
FRAMES = (
    "/widgets/1/recherche",
    "/widgets/1/recherche?q=cuisine&place=Albi&funder=2",
    "/widgets/1/liste?accent=c80",
    "/widgets/1/liste?size=20&scheme=dark&corners=round",
    f"/widgets/1/offre?key={KEY}",
    f"/widgets/1/places?key={KEY}",
    "/widgets/1/offre?key=nulle",
    "/widgets/1/liste?seats=x&accent=zz",
)
MOST_BYTES = 15_000  # of a frame with its style sheet and scripts, compressed


def get(address: str, documents: list[Document] | None = None) -> httpx.Response:
    async def ask() -> httpx.Response:
        settings = Settings(today=TODAY)
        app = create_app(settings, fake_engine(Documents(OFFERS if documents is None else documents), settings))
        async with browser_of(app) as browser:
            return await browser.get(address)

    return asyncio.run(ask())


def tree(address: str, documents: list[Document] | None = None) -> html.HtmlElement:
    page: html.HtmlElement = html.fromstring(get(address, documents).text)
    return page


def text_of(page: html.HtmlElement) -> str:
    return " ".join(page.text_content().split()).replace("\xa0", " ")


@pytest.fixture(name="frames", scope="module")
def all_frames() -> dict[str, httpx.Response]:
    return {address: get(address) for address in FRAMES}


def test_every_link_and_form_opens_outside_the_frame(frames: dict[str, httpx.Response]) -> None:
    for address, answer in frames.items():
        page: html.HtmlElement = html.fromstring(answer.text)
        ways = page.xpath("//a[not(starts-with(@href, 'tel:'))] | //form")
        assert ways, address
        for way in ways:
            assert way.get("target") == "_blank", address
            assert "noopener" in way.get("rel", "").split(), address
            assert "nouvel onglet" in text_of(way), address  # RGAA 13.2
            assert (way.get("href") or way.get("action")).startswith("/offres"), address


def test_a_frame_has_one_title_is_not_indexed_and_holds_no_inline_code(frames: dict[str, httpx.Response]) -> None:
    for address, answer in frames.items():
        page: html.HtmlElement = html.fromstring(answer.text)
        assert page.xpath("//meta[@name='robots']/@content") == ["noindex"], address
        assert page.xpath("//meta[@name='responsive-embedded-sizing']/@content") == ["allow-origins=*"], address
        assert len(page.xpath("//h1")) == 1, address
        assert page.xpath("//style | //script[not(@src)] | //@style | //@*[starts-with(name(), 'on')]") == [], address
        assert page.xpath("//@autofocus | //iframe | //img") == [], address
        assert "set-cookie" not in answer.headers


def test_a_frame_weighs_little_with_its_style_sheet_and_scripts(frames: dict[str, httpx.Response]) -> None:
    assets = load_assets()
    for address, answer in frames.items():
        weight = len(gzip.compress(answer.content, 5))
        for name in re.findall(r'"/static/([^"]+)"', answer.text):
            asset = assets.find(name)
            assert asset, name
            weight += len(asset.compressed)
        assert weight <= MOST_BYTES, (address, weight)


def test_a_list_shows_few_offers_to_come_and_the_way_to_all() -> None:
    page = tree("/widgets/1/liste?funder=2")
    assert len(page.xpath("//li[@class='card']")) == 5
    assert "30 offres, sessions à venir" in text_of(page)
    (more,) = page.xpath("//p[@class='ways']/a")
    assert text_of(more).startswith("Voir les 30 offres")
    assert parse_qs(urlsplit(more.get("href")).query) == {"funder": ["2"], "upcoming": ["true"]}
    assert page.xpath("//a[contains(@href, 'page=')]") == []


@pytest.mark.parametrize("size", [7, 20])
def test_a_list_takes_a_size_up_to_twenty(size: int) -> None:
    assert len(tree(f"/widgets/1/liste?size={size}").xpath("//li[@class='card']")) == size


@pytest.mark.parametrize("size", ["21", "50", "100", "0", "x"])
def test_another_size_of_a_list_is_a_400_that_names_it(size: str) -> None:
    answer = get(f"/widgets/1/liste?size={size}&accent=zz")
    assert answer.status_code == 400
    told = text_of(html.fromstring(answer.text))
    for text in ("size", f"« {size} »", "un nombre entier de 1 à 20", "accent"):
        assert text in told


def test_parameters_of_the_page_and_unknown_ones_are_ignored() -> None:
    assert get("/widgets/1/liste?funder=2&page=2&view=map&foo=bar").text == get("/widgets/1/liste?funder=2").text


def test_sessions_of_the_past_are_shown_where_they_are_asked_for() -> None:
    page = tree("/widgets/1/liste?upcoming=false")
    assert "sessions à venir" not in text_of(page)
    assert "upcoming" not in page.xpath("//p[@class='ways']/a/@href")[0]


def test_an_empty_list_says_so_and_leads_to_the_search() -> None:
    page = tree("/widgets/1/liste?funder=2", [])
    assert "Aucune offre en ce moment" in text_of(page)
    assert page.xpath("//li[@class='card'] | //*[@class='live-note']") == []
    assert text_of(page.xpath("//p[@class='ways']/a")[0]).startswith("Modifier la recherche")


def test_wrong_values_of_search_and_theme_are_told_together_with_what_is_allowed() -> None:
    answer = get("/widgets/1/liste?seats=x&accent=zz&scheme=dark")
    assert answer.status_code == 400
    told = text_of(html.fromstring(answer.text))
    for text in ("accent", "« zz »", "chiffres hexadécimaux", "seats", "« x »", "nombre entier"):
        assert text in told
    assert 'class="auto corners-soft"' in answer.text


@pytest.mark.parametrize("kind", ["offre", "places"])
def test_an_unknown_offer_is_a_404_and_none_a_400(kind: str) -> None:
    unknown, none = get(f"/widgets/1/{kind}?key=nulle&scheme=dark"), get(f"/widgets/1/{kind}")
    assert unknown.status_code == 404
    assert "Cette offre n’existe pas" in unknown.text
    assert 'class="dark corners-soft"' in unknown.text
    assert none.status_code == 400
    assert "la clé d’une offre" in none.text
    assert get(f"/widgets/1/{kind}?key={'x' * 600}").status_code == 400


def test_an_offer_is_found_by_its_number_and_its_sessions_are_followed() -> None:
    page = tree(f"/widgets/1/offre?key={OFFERS[0]['id']}")
    assert page.xpath("//h1/a/@href") == [f"/offres/{KEY}"]
    assert page.xpath("//*[@data-session]/@data-session")
    assert page.xpath("//*[@class='live-note']/@data-after")
    assert page.xpath("//a[starts-with(@href, 'tel:')]")


def test_places_lists_sessions_and_no_facts() -> None:
    page = tree(f"/widgets/1/places?key={KEY}")
    assert text_of(page.xpath("//h1")[0]).startswith("Places : ")
    assert page.xpath("//*[@class='facts small']") == []
    assert page.xpath("//li[contains(@class, 'session')]//*[@class='seat-text']")


def test_sessions_that_can_be_joined_are_the_first_of_places() -> None:
    offer = deepcopy(OFFERS[0])
    first, second = (offer["sessions"][0] | {"id": name, "key": name} for name in ("S1", "S2"))
    first |= {"recruiting": "suspended", "registration": None}
    second |= {"recruiting": "open", "registration": None, "start": "2027-04-01", "start_last": "2027-04-30"}
    offer["sessions"] = [first, second]
    page = tree(f"/widgets/1/places?key={KEY}", [offer])
    sessions = [text_of(each) for each in page.xpath("//li[contains(@class, 'session')]")]
    assert len(sessions) == 2
    assert "suspendue" not in sessions[0]
    assert "suspendue" in sessions[1]


def test_a_search_form_keeps_conditions_and_asks_for_sessions_to_come() -> None:
    page = tree("/widgets/1/recherche?q=cuisine&place=Albi&funder=2&page=3")
    fields = {field.get("name"): field.get("value") for field in page.xpath("//form//input")}
    assert fields == {"q": "cuisine", "place": "Albi", "upcoming": "true", "funder": "2"}
    assert not tree("/widgets/1/recherche?upcoming=false").xpath("//input[@name='upcoming']")


def test_a_frame_that_did_not_change_is_not_sent_again() -> None:
    answer = get("/widgets/1/liste")

    async def again() -> httpx.Response:
        settings = Settings(today=TODAY)
        async with browser_of(create_app(settings, fake_engine(Documents(OFFERS), settings))) as browser:
            return await browser.get("/widgets/1/liste", headers={"If-None-Match": answer.headers["etag"]})

    assert asyncio.run(again()).status_code == 304


def test_style_sheet_of_an_accent_is_made_of_its_digits_alone() -> None:
    sheet = get("/widgets/1/theme.css?accent=%23ABC")
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    assert "--accent:#aabbcc" in sheet.text
    assert get("/widgets/1/theme.css").text == ""
    assert get("/widgets/1/theme.css?accent=red").status_code == 400
