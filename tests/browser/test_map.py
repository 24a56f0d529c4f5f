"""The map of results in a real browser: loaded where it is asked for, useful with keyboard alone and without tiles."""

import math
import re
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from search_app.pages.shared.assets import STATIC
from search_app.search.map.frame import CELLS_FINER, LARGEST_ZOOM
from search_app.search.map.view import LAND_FINER
from tests.browser.test_accessibility import problems_of
from tests.served import serving

ALBI: Final = "/offres?place=Albi&radius=100"
ON_MAP: Final = f"{ALBI}&view=map"
TILES: Final = "https://tiles.example.fr"
# One transparent pixel.
PIXEL: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000"
    "000049454e44ae426082"
)


@pytest.fixture(name="page", params=[1280, 390])
def page_at_both_widths(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    size = {"width": request.param, "height": 900}
    context = browser.new_context(viewport=size, locale="fr-FR", reduced_motion="reduce")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.fixture(name="desk")
def page_at_a_desk(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def open_map(page: Page, address: str) -> None:
    page.goto(address)
    wait_until_drawn(page)


def wait_until_drawn(page: Page) -> None:
    """Wait until what was counted last is shown."""
    expect(page.locator('.map[data-drawn] .map-ground[aria-busy="false"]')).to_be_visible()


def in_view(page: Page) -> int:
    told = re.match(r"([\d\s]+)offre", page.locator(".map > .map-status").inner_text())
    assert told
    return int(re.sub(r"\s", "", told[1]))


def on_markers(page: Page) -> int:
    return sum(int(re.sub(r"\s", "", text)) for text in page.locator(".map-mark").all_inner_texts())


def zoom_of(page: Page) -> float:
    return float(page.url.partition("#carte=")[2].partition("/")[0])


def test_nothing_of_the_map_is_loaded_before_it_is_asked_for(desk: Page, site: str) -> None:
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url.removeprefix(site)))
    desk.goto(site + ALBI)
    desk.wait_for_load_state("load")
    assert not [url for url in asked if re.search(r"leaflet|/map|tiles|france", url)]
    desk.get_by_role("navigation", name="Présentation").get_by_role("link", name="Carte").click()
    wait_until_drawn(desk)
    loaded = {re.sub(r"-[0-9a-f]{12}", "", url.partition("?")[0]) for url in asked}
    assert {
        "/static/leaflet.js",
        "/static/leaflet.css",
        "/static/map.js",
        "/static/france.json",
        "/api/v1/map",
    } <= loaded
    assert not [url for url in asked if url.startswith("http")], "something came from another site"


def test_the_map_shows_every_offer_that_has_a_place_and_says_what_is_not_on_it(desk: Page, site: str) -> None:
    open_map(desk, site + ON_MAP)
    counts = desk.request.get(f"{site}/api/v1/map?place=Albi&radius=100").json()
    assert on_markers(desk) == in_view(desk) == counts["placed"] > 100
    expect(desk.locator(".map > .map-status")).to_contain_text(f"{counts['remote']} à distance")


def test_a_group_is_split_by_a_click_until_its_offers_are_told(desk: Page, site: str) -> None:
    open_map(desk, site + ON_MAP)
    before, zoom = in_view(desk), zoom_of(desk)
    desk.locator(".map-mark:not(.map-few)").first.click()
    desk.wait_for_function("zoom => Number(document.querySelector('.map').dataset.drawn) > zoom", arg=zoom)
    assert zoom_of(desk) > zoom
    assert 0 < in_view(desk) < before
    for _ in range(18):
        if desk.locator(".leaflet-popup").count():
            break
        desk.locator(".map-mark").first.click()
        wait_until_drawn(desk)
    expect(desk.locator(".leaflet-popup")).to_be_visible()


def test_an_offer_on_the_map_leads_to_its_page(desk: Page, site: str) -> None:
    open_map(desk, site + ON_MAP)
    desk.locator(".map-few").first.click()
    row = desk.locator(".map-popup li").first
    expect(row.locator(".map-facts")).to_contain_text("km")
    row.get_by_role("button", name="Garder").click()
    expect(row.get_by_role("button", name="Retirer")).to_be_visible()
    expect(desk.locator(".selection-bar")).to_contain_text("1\u00a0offre")
    offer = row.locator("a").first
    title = offer.inner_text()
    offer.click()
    expect(desk.get_by_role("heading", level=1)).to_have_text(title.replace("'", "’"))


def test_the_map_is_used_with_the_keyboard_alone(desk: Page, site: str) -> None:
    open_map(desk, site + ON_MAP)
    marker = desk.locator(".map-few").first
    name = marker.get_attribute("aria-label") or ""
    assert re.match(r"\d+\sof", name)
    desk.locator(".map-ground").focus()
    for _ in range(60):
        desk.keyboard.press("Tab")
        if marker.evaluate("element => element === document.activeElement"):
            break
    else:
        raise AssertionError("no marker is reached with the tab key")
    desk.keyboard.press("Space")
    popup = desk.locator(".leaflet-popup")
    heading = popup.get_by_role("heading", level=3)
    expect(heading).to_be_focused()
    assert heading.inner_text() == name.rpartition(",")[0]
    desk.keyboard.press("Tab")
    expect(popup.get_by_role("link").first).to_be_focused()
    expect(popup.get_by_role("button", name="Fermer")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    expect(desk.get_by_role("button", name=name, exact=True)).to_be_focused()


def test_after_a_group_was_split_with_the_keyboard_the_focus_is_still_on_the_map(desk: Page, site: str) -> None:
    open_map(desk, site + ON_MAP)
    zoom = zoom_of(desk)
    desk.locator(".map-mark:not(.map-few)").first.focus()
    desk.keyboard.press("Enter")
    desk.wait_for_function("zoom => Number(document.querySelector('.map').dataset.drawn) > zoom", arg=zoom)
    assert desk.evaluate("document.querySelector('.map-ground').contains(document.activeElement)")


def test_every_group_leads_to_its_offers_in_the_list(desk: Page, site: str) -> None:
    open_map(desk, site + ON_MAP)
    markers = desk.locator(".map-mark").count()
    desk.get_by_text("Ce que montre la carte").click()
    rows = desk.locator(".map-groups li")
    assert rows.count() == markers
    told = rows.first.locator("button").inner_text()
    rows.first.get_by_role("link", name="Voir ces offres dans la liste").click()
    expect(desk.locator(".map")).to_have_count(0)
    listed = int(re.sub(r"\D", "", desk.locator(".count").inner_text()))
    assert listed >= int(re.sub(r"\D", "", told)) > 0


def test_the_address_says_where_one_is_and_takes_another_there(desk: Page, site: str) -> None:
    open_map(desk, site + ON_MAP)
    desk.locator(".map-mark:not(.map-few)").first.click()
    zoom = zoom_of(desk)
    wait_until_drawn(desk)
    shared, shown = desk.url, in_view(desk)
    other = desk.context.new_page()
    open_map(other, shared)
    assert (zoom_of(other), in_view(other)) == (zoom_of(desk), shown)
    assert "view=map" in shared
    assert zoom_of(desk) >= zoom


def test_a_position_in_the_address_that_is_none_is_ignored(desk: Page, site: str) -> None:
    for fragment in ("#carte=99/43.9/2.1", "#carte=9/999/2", "#carte=x", "#resultats", "#carte=9/4.3.2/-"):
        open_map(desk, f"{site}{ON_MAP}{fragment}")
        desk.goto("about:blank")


def test_filters_that_change_in_place_change_the_map_where_it_stands(desk: Page, site: str) -> None:
    open_map(desk, site + ON_MAP)
    desk.evaluate("window.kept = document.querySelector('.map-ground')")
    desk.get_by_role("button", name="Agrandir la carte").click()
    wait_until_drawn(desk)
    zoom, before = zoom_of(desk), in_view(desk)
    desk.get_by_role("group", name="Qui paie").get_by_label("Région").check()
    desk.wait_for_url("**funder=2**")
    wait_until_drawn(desk)
    assert zoom_of(desk) == zoom
    assert 0 < in_view(desk) < before
    assert on_markers(desk) == in_view(desk)
    assert desk.evaluate("window.kept === document.querySelector('.map-ground')"), "the page was loaded anew"
    assert "view=map" in desk.url


def test_another_circle_is_gone_to_in_place(desk: Page, site: str) -> None:
    open_map(desk, site + ON_MAP)
    zoom = zoom_of(desk)
    desk.get_by_label("Rayon").select_option("10")
    desk.wait_for_url("**radius=10&**")
    wait_until_drawn(desk)
    assert zoom_of(desk) > zoom
    expect(desk.locator("path.map-circle")).to_have_count(1)
    counts = desk.request.get(f"{site}/api/v1/map?place=Albi&radius=10").json()
    assert in_view(desk) == counts["placed"]


def test_a_search_without_results_and_back_shows_the_map_again(desk: Page, site: str) -> None:
    desk.goto(f"{site}{ALBI}&seats=900&view=map")
    expect(desk.locator(".map")).to_have_count(0)
    desk.get_by_role("link", name="Retirer le filtre Places").click()
    wait_until_drawn(desk)
    assert in_view(desk) > 0


def test_without_tiles_towns_scale_and_circle_show_the_way(page: Page, site: str) -> None:
    open_map(page, site + ON_MAP)
    assert page.locator(".map-town, .map-name").count() > 3
    expect(page.locator(".leaflet-control-scale-line")).to_contain_text("km")
    expect(page.locator("path.map-circle")).to_be_visible()
    assert page.locator(".leaflet-tile").count() == 0


NAMES = """() => {
  const box = each => each.getBoundingClientRect().toJSON();
  const all = selector => [...document.querySelectorAll(selector)].map(each => ({
    text: each.textContent, title: each.title || each.parentElement.title, ...box(each) }));
  return { ground: box(document.querySelector('.map-ground')), groups: all('.map-mark'),
    controls: all('.leaflet-control'), named: all('.map-name span'), towns: all('.map-town span') };
}"""


def apart(one: dict[str, float], other: dict[str, float]) -> bool:
    return (
        one["right"] <= other["left"] + 1
        or other["right"] <= one["left"] + 1
        or one["bottom"] <= other["top"] + 1
        or other["bottom"] <= one["top"] + 1
    )


@pytest.mark.parametrize("address", [ON_MAP, "/offres?view=map", "/offres?place=Albi&radius=10&view=map"])
def test_names_cover_nothing_and_are_not_cut(page: Page, site: str, address: str) -> None:
    open_map(page, site + address)
    drawn = page.evaluate(NAMES)
    names, ground = drawn["named"] + drawn["towns"], drawn["ground"]
    assert names or address == "/offres?view=map"
    for number, name in enumerate(names):
        assert ground["left"] <= name["left"] < name["right"] <= ground["right"], name
        assert ground["top"] <= name["top"] < name["bottom"] <= ground["bottom"], name
        for other in [*names[:number], *drawn["groups"], *drawn["controls"]]:
            assert apart(name, other), (name, other)


def test_the_name_beside_a_group_is_its_own_and_names_of_other_towns_look_otherwise(desk: Page, site: str) -> None:
    open_map(desk, site + ON_MAP)
    drawn = desk.evaluate(NAMES)
    assert len(drawn["named"]) > 3
    for name in drawn["named"]:
        middle = ((name["left"] + name["right"]) / 2, (name["top"] + name["bottom"]) / 2)
        beside = min(drawn["groups"], key=lambda group: away(group, middle))
        assert beside["title"].endswith(f", {name['text']}"), (name, beside)
    assert {name["text"] for name in drawn["towns"]}.isdisjoint(name["text"] for name in drawn["named"])
    styles = [
        desk.locator(f"{name} span").first.evaluate("each => getComputedStyle(each).fontStyle")
        for name in (".map-name", ".map-town")
    ]
    assert styles == ["normal", "italic"]


def away(box: dict[str, float], point: tuple[float, float]) -> float:
    """How far a point is from a box, in px."""
    x = max(box["left"] - point[0], 0, point[0] - box["right"])
    y = max(box["top"] - point[1], 0, point[1] - box["bottom"])
    return math.hypot(x, y)


def test_a_group_wider_than_a_town_is_told_as_being_around_one_and_has_no_name_beside_it(desk: Page, site: str) -> None:
    open_map(desk, f"{site}/offres?view=map")
    view = desk.request.get(f"{site}/api/v1/map?west=-10&south=41&east=15&north=52&zoom=5").json()
    wide = [cell for cell in view["cells"] if cell["name"] and cell["around"]["radius"] > 15]
    assert wide
    told = desk.locator(".map-mark").evaluate_all("all => all.map(each => each.title)")
    assert any(" autour d" in title for title in told)
    named = desk.locator(".map-name span").all_inner_texts()
    assert all(any(title.endswith(f", {name}") for title in told) for name in named)


def test_the_whole_country_is_known_by_its_shape_without_tiles(page: Page, site: str) -> None:
    open_map(page, f"{site}/offres?view=map")
    page.get_by_role("button", name="Métropole").click()
    wait_until_drawn(page)
    expect(page.locator("path.map-country")).to_be_visible()
    frame = page.locator(".map-ground").bounding_box()
    assert frame
    width_px = 15 / 360 * 256 * 2 ** zoom_of(page)  # from Brest to Strasbourg and Corsica: 15 degrees, nearly as high
    assert width_px / min(frame["width"], frame["height"]) > 0.8
    for _ in range(6):
        page.get_by_role("button", name="Agrandir la carte").click()
        wait_until_drawn(page)
    expect(page.locator("path.map-country")).to_be_hidden()  # they are not that precise


def test_where_the_outlines_cannot_be_loaded_dots_show_the_shape_of_the_country(desk: Page, site: str) -> None:
    desk.route("**/france-*.json", lambda route: route.abort())
    open_map(desk, f"{site}/offres?view=map")
    drawn = desk.locator("path.map-land").get_attribute("d") or ""
    assert drawn.count("M") > 100
    expect(desk.locator("path.map-country")).to_have_count(0)


def test_on_a_desk_the_map_stays_beside_the_list_and_on_a_phone_above_it(page: Page, site: str) -> None:
    open_map(page, site + ON_MAP)
    shown, listed = page.locator(".map").bounding_box(), page.locator(".cards").first.bounding_box()
    assert shown
    assert listed
    assert page.viewport_size
    if page.viewport_size["width"] < 900:
        assert shown["y"] + shown["height"] <= listed["y"]
        assert shown["y"] < 300
        return
    assert shown["x"] >= listed["x"] + listed["width"]
    assert 0.5 < shown["width"] / (shown["width"] + listed["width"]) < 0.6
    page.mouse.wheel(0, 2000)
    expect(page.locator(".card").first).not_to_be_in_viewport()
    expect(page.locator(".map-ground")).to_be_in_viewport(ratio=0.9)


def test_two_groups_never_cover_each_other(page: Page, site: str) -> None:
    open_map(page, f"{site}/offres?view=map")
    boxes = [marker.bounding_box() for marker in page.locator(".map-mark").all()]
    assert len(boxes) > 5
    for number, one in enumerate(boxes):
        for other in boxes[:number]:
            assert one
            assert other
            apart_x = abs(one["x"] - other["x"]) >= min(one["width"], other["width"]) - 1
            apart_y = abs(one["y"] - other["y"]) >= min(one["height"], other["height"]) - 1
            assert apart_x or apart_y


def test_map_popup_and_lists_have_no_accessibility_fault(page: Page, site: str) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    open_map(page, site + ON_MAP)
    page.evaluate("document.querySelectorAll('.map details').forEach(part => part.open = true)")
    assert problems_of(page) == []
    page.locator(".map-few").first.click()
    expect(page.locator(".leaflet-popup")).to_be_visible()
    assert problems_of(page) == []
    assert refused == []


def test_with_tiles_they_come_from_the_named_host_with_what_their_terms_want_said(
    browser: Browser, engine_url: str, loaded_prefix: str
) -> None:
    settings = {"TILES_URL": f"{TILES}/{{z}}/{{x}}/{{y}}.png", "TILES_ATTRIBUTION": "© Cartes <libres>"}
    asked: list[str] = []

    def serve(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=PIXEL, content_type="image/png")

    with serving(engine_url, loaded_prefix, **settings) as served:
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="fr-FR", reduced_motion="reduce")
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        page.route(f"{TILES}/**", serve)
        open_map(page, served.address + ON_MAP)
        expect(page.locator("img.leaflet-tile-loaded").first).to_be_visible()
        expect(page.locator(".leaflet-control-attribution")).to_have_text("© Cartes <libres>")
        assert problems_of(page) == []
        page.close()
    assert asked
    assert all(re.fullmatch(rf"{TILES}/\d+/\d+/\d+\.png", url) for url in asked)
    assert refused == []


def test_without_script_the_departements_lead_to_their_offers(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(site + ON_MAP)
    expect(page.get_by_text("La carte a besoin de JavaScript")).to_be_visible()
    page.get_by_text("Les offres par département").click()
    row = page.locator(".map-departments li").first
    told = int(re.sub(r"\D", "", row.locator(".tally").inner_text()))
    row.get_by_role("link").click()
    assert sum(map(int, re.findall(r"\d+", re.sub(r"\s", "", page.locator(".count").inner_text())))) == told > 0
    context.close()


def test_an_engine_that_goes_away_is_said_beside_a_list_that_still_works(desk: Page, site: str) -> None:
    open_map(desk, site + ON_MAP)
    desk.route("**/api/v1/map?*", lambda route: route.fulfill(status=503, body="{}"))
    desk.get_by_role("button", name="Agrandir la carte").click()
    expect(desk.get_by_text("ne peut pas être mise à jour")).to_be_visible()
    desk.unroute("**/api/v1/map?*")
    desk.get_by_role("button", name="Réessayer").click()
    expect(desk.locator(".map > .map-status")).to_contain_text("offres dans cette vue")


def test_cells_are_as_large_in_the_script_as_on_the_server() -> None:
    """Or markers would stand outside theirs."""
    script = (STATIC / "map.js").read_text(encoding="utf-8")
    assert f"const CELL_PX = {256 >> CELLS_FINER};" in script
    assert f"const LAND_PX = {256 >> CELLS_FINER >> 3};" in script
    assert LAND_FINER == 1 << 3
    assert f"const NEAREST = {LARGEST_ZOOM};" in script
