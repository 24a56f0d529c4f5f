"""The map on the page of results: its place in every address, and what is there without script."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import html
from msgspec.structs import replace

from search_app.pages.map.pane import Tiles, wants_map
from search_app.pages.search.instead.elsewhere import Instead
from search_app.pages.search.results.card import ResultCard
from search_app.pages.search.shown import Shown
from search_app.pages.selection.shortlist import Pick, Selection
from search_app.pages.shared.layout import CountedLink
from search_app.pages.shared.render import render
from search_app.search.links import Pairs
from search_app.search.results import CodeView, SearchResults
from tests.unit.pages.pages_samples import EVERYTHING, Query, albi, card, facet_row, results, search_page

DEPARTMENTS = [facet_row("81", "Tarn", 31, False), facet_row("31", "Haute-Garonne", 1, False)]
TILES = Tiles("https://tiles.example.fr/{z}/{x}/{y}.png", "© <b>Cartes</b>")


def page_of(
    query: Query, answer: SearchResults, tiles: Tiles | None = TILES, loosening: tuple[CountedLink, ...] = ()
) -> html.HtmlElement:
    page = search_page(query, answer, Shown(tiles=tiles), Instead(loosening))
    return html.fromstring(render("search.html", page).decode())


def answer_of(**changes: object) -> SearchResults:
    found = results(card(), card(), **changes)
    return replace(found, facets=found.facets | {"department": DEPARTMENTS})


def query_of(href: str) -> Query:
    return parse_qsl(urlsplit(href).query)


def pane_of(page: html.HtmlElement) -> html.HtmlElement:
    (pane,) = page.xpath('//section[@class="map"]')
    return pane


@pytest.mark.parametrize(
    ("pairs", "shown"),
    [((("view", "map"),), True), ((("q", "maçon"),), False), ((("view", "list"),), False), ((("view", "MAP"),), False)],
)
def test_the_map_is_shown_where_it_is_asked_for(pairs: Pairs, shown: bool) -> None:
    assert wants_map(pairs) is shown


def test_the_map_stays_whatever_is_followed_on_its_page() -> None:
    place = albi(radius=50.0, others=[CodeView("Albi (81)", "Albi (81)")])
    page = page_of([*EVERYTHING, ("page", "2")], answer_of(place=place, total=90, page=2, pages=5))
    followed = page.xpath(
        '//a[@class="chip" or @class="chip-clear"] | //nav[@class="sorts" or @class="paging"]//a |'
        ' //p[@class="place-note" or @class="grouping"]//a'
    )
    assert len(followed) > 30
    for link in followed:
        assert query_of(link.get("href")).count(("view", "map")) == 1, link.get("href")
    (form,) = page.forms
    assert [value for name, value in form.form_values() if name == "view"] == ["map"]


def test_what_would_find_something_is_shown_on_the_map_too() -> None:
    loosening = (CountedLink("a", 1, "/offres?q=x"), CountedLink("b", 1, "/offres"))
    page = page_of([("q", "zzz")], results(), loosening=loosening)
    links = page.xpath('//div[@class="nothing"]//a/@href')
    assert links == ["/offres?q=x&view=map", "/offres?view=map", "/domaines", "/"]
    assert page.xpath('//section[@class="map"] | //nav[@class="views"]') == []


def test_one_goes_from_list_to_map_and_back() -> None:
    on_map = page_of([("q", "maçon")], answer_of())
    ways = on_map.xpath('//nav[@class="views"]//a')
    assert [(way.text_content(), query_of(way.get("href")), way.get("aria-current")) for way in ways] == [
        ("Liste", [("q", "maçon")], None), ("Carte", [("q", "maçon"), ("view", "map")], "true")
    ]  # fmt: skip
    listed = page_of([("q", "maçon")], answer_of(), tiles=None)
    assert listed.xpath('//nav[@class="views"]//a[@aria-current]/text()') == ["Liste"]


def test_no_address_of_the_api_and_no_canonical_one_has_the_view() -> None:
    page = page_of(EVERYTHING, answer_of(place=albi()))
    addresses = [href for href in page.xpath("//@href | //@data-counts") if "/api/" in href]
    assert len(addresses) == 7
    addresses += page.xpath('//link[@rel="canonical"]/@href')
    assert not [href for href in addresses if "view=" in href]


def test_the_library_is_loaded_with_the_map_alone() -> None:
    def loaded(tiles: Tiles | None) -> list[str]:
        page = page_of([], answer_of(), tiles)
        return [each for each in page.xpath("//script/@src | //link/@href") if re.search(r"leaflet|/map-", each)]

    assert [re.sub(r"-[0-9a-f]+\.", ".", each.rpartition("/")[2]) for each in loaded(TILES)] == [
        "leaflet.css", "map.css", "leaflet.js", "map.js"
    ]  # fmt: skip
    assert loaded(None) == []


def test_the_script_is_told_what_to_count_and_where_the_list_is() -> None:
    pane = pane_of(page_of(EVERYTHING, answer_of(place=albi(radius=50.0))))
    counts = query_of(pane.get("data-counts"))
    assert urlsplit(pane.get("data-counts")).path == "/api/v1/map"
    assert dict(counts).keys() == {name for name, _ in EVERYTHING} - {"sort", "size"}
    listed = query_of(pane.get("data-list"))
    assert ("remote", "exclude") in listed
    assert not {"place", "radius", "sort", "lat", "lon"} & {name for name, _ in listed}
    assert {"q", "funder", "upcoming"} <= {name for name, _ in listed}
    assert (pane.get("data-lat"), pane.get("data-radius")) == ("43.9", "50.0")
    assert (pane.get("data-tiles"), pane.get("data-attribution")) == (TILES.url, TILES.attribution)


def test_an_area_has_no_circle() -> None:
    area = albi(kind="department", label="Tarn", radius=None, lat=None, lon=None)
    assert pane_of(page_of([("place", "81")], answer_of(place=area))).get("data-radius") is None


def test_without_script_there_are_the_departements_with_their_offers_and_the_list() -> None:
    page = page_of([("q", "maçon"), ("place", "Albi")], answer_of(place=albi()))
    pane = pane_of(page)
    assert "La carte a besoin de JavaScript" in pane.text_content()
    rows = pane.xpath('.//ul[@class="map-departments"]/li')
    assert [re.sub(r"\s+", " ", row.text_content()) for row in rows] == ["Tarn 31 offres", "Haute-Garonne 1 offre"]
    tarn = query_of(rows[0].xpath("a/@href")[0])
    assert sorted(tarn) == [("department", "81"), ("place", "Albi"), ("q", "maçon")]
    assert len(page.xpath('//li[@class="card"]')) == 2


def test_picking_an_offer_stays_on_the_map_and_the_list_of_a_group_keeps_what_was_picked() -> None:
    picked = search_page([("q", "maçon")], answer_of(), Shown(Selection((Pick("n33nhrxdjcpe"),)), TILES))
    (first, _) = picked.parts[0].rows
    assert isinstance(first, ResultCard)
    assert first.pick
    assert ("view", "map") in query_of(first.pick.href or "")
    assert picked.map
    assert ("selection", "n33nhrxdjcpe") in query_of(picked.map.list_href)
    assert "selection" not in picked.map.counts


def test_with_a_chosen_departement_the_others_are_no_results() -> None:
    found = answer_of()
    rows = [facet_row("81", "Tarn", 31, True), DEPARTMENTS[1]]
    chosen = replace(found, facets=found.facets | {"department": rows})
    pane = pane_of(page_of([("department", "81")], chosen))
    assert pane.xpath('.//ul[@class="map-departments"]/li/a/text()') == ["Tarn"]
