"""The query module: composed without script, every figure leads to its offers, readable on a phone, by keyboard."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_journeys import asked, total

TABLE = "main > .pivot-scroll table"  # that of the history is in a fold
CROSSED = "/pilotage?rows=region&columns=funder&measure=offers&measure=left"


@pytest.fixture(name="plain")
def page_without_script(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR", viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture(name="phone")
def page_on_a_phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="fr-FR", viewport={"width": 390, "height": 844}, has_touch=True)
    yield context.new_page()
    context.close()


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_a_table_is_composed_filtered_and_followed_without_script(plain: Page, site: str) -> None:
    plain.goto(f"{site}/pilotage")
    plain.get_by_label("Lignes", exact=True).select_option(label="Région")
    plain.get_by_label("Colonnes").select_option(label="Financeur")
    plain.get_by_role("button", name="Afficher").click()
    assert asked(plain)["rows"] == ["region"]
    table = plain.locator(TABLE)
    expect(table).to_be_visible()

    plain.get_by_text("Filtres", exact=True).first.click()
    plain.get_by_label("Sessions à venir seulement").check()
    plain.get_by_role("button", name="Afficher").click()
    expect(plain.get_by_role("link", name="Retirer le filtre Quand : Sessions à venir")).to_be_visible()
    assert asked(plain)["columns"] == ["funder"]

    figure = table.locator("tbody tr:not(.pivot-whole) td a").first
    told = number(figure.inner_text())
    figure.click()
    assert total(plain) == told


def test_the_line_of_everything_has_the_total_of_the_search(plain: Page, site: str) -> None:
    plain.goto(f"{site}{CROSSED}")
    figures = plain.locator(".pivot-whole td").first
    told = number(figures.locator("a").inner_text())
    figures.locator("a").click()
    assert total(plain) == told


@pytest.mark.parametrize("view", ["chart", "map"])
def test_a_bar_or_an_area_leads_to_the_offers_of_its_figure(plain: Page, site: str, view: str) -> None:
    plain.goto(f"{site}/pilotage?rows=region&measure=offers&view={view}")
    link = plain.locator(".drawing svg a").first
    told = number((link.get_attribute("aria-label") or "").rpartition(":")[2])
    plain.goto(site + (link.get_attribute("href") or ""))
    assert total(plain) == told


def test_on_a_phone_the_table_scrolls_in_itself_and_keeps_the_heads_of_its_rows(phone: Page, site: str) -> None:
    phone.goto(f"{site}{CROSSED}")
    region = phone.get_by_role("region").filter(has=phone.locator("table.pivot"))
    expect(region).to_have_attribute("tabindex", "0")
    head = region.locator("tbody th").nth(1)
    before = head.bounding_box()
    region.evaluate("element => element.scrollLeft = 400")
    after = head.bounding_box()
    assert before
    assert after
    assert after["x"] == pytest.approx(before["x"], abs=2)
    assert region.evaluate("element => element.scrollLeft") > 100
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert after["width"] < 390 / 2


def test_on_a_phone_the_table_comes_before_the_form_is_opened(phone: Page, site: str) -> None:
    phone.goto(f"{site}/pilotage?rows=region")
    box = phone.locator(TABLE).bounding_box()
    assert box
    assert box["y"] < 400
    expect(phone.get_by_label("Lignes", exact=True)).to_be_hidden()
    phone.get_by_text("Modifier le tableau").click()
    expect(phone.get_by_label("Lignes", exact=True)).to_be_visible()


def test_a_table_is_sorted_with_the_keyboard(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    page.goto(f"{site}/pilotage?rows=region&measure=offers&measure=sessions")
    page.get_by_role("region").filter(has=page.locator("table.pivot")).focus()
    for _ in range(3):
        page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_contain_text("Sessions")
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=sessions**")
    expect(page.locator('th[aria-sort="descending"]')).to_contain_text("Sessions")
    page.close()


def test_the_address_is_copied_with_script_and_selected_without(browser: Browser, plain: Page, site: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], locale="fr-FR")
    page = context.new_page()
    page.goto(f"{site}{CROSSED}")
    page.get_by_role("button", name="Copier").click()
    expect(page.get_by_text("Adresse copiée.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("Adresse de cette page").input_value()
    page.goto(copied)
    expect(page.locator(TABLE)).to_be_visible()
    context.close()
    plain.goto(f"{site}{CROSSED}")
    expect(plain.get_by_label("Adresse de cette page")).to_be_visible()
    expect(plain.get_by_role("button", name="Copier")).to_have_count(0)


def test_white_areas_and_overlaps_are_asked_without_script(plain: Page, site: str) -> None:
    plain.goto(f"{site}/pilotage/zones-blanches?radius=100")
    plain.get_by_label("Rayon").select_option("10")
    plain.get_by_role("button", name="Afficher").click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("moins de 10")
    plain.goto(f"{site}/pilotage/doublons")
    lines = plain.locator("table.overlaps tbody tr")
    if lines.count():
        link = lines.first.locator("a")
        told = number(link.inner_text())
        link.click()
        assert total(plain) == told


@pytest.mark.parametrize(
    "path", [f"{CROSSED}&empty=show", "/pilotage?rows=department&measure=offers&empty=show&size=100"]
)
def test_on_a_phone_the_heads_of_columns_stay_while_a_long_table_scrolls(phone: Page, site: str, path: str) -> None:
    phone.goto(f"{site}{path}")
    region = phone.get_by_role("region").filter(has=phone.locator("table.pivot"))
    region.scroll_into_view_if_needed()
    assert region.evaluate("element => { element.scrollTop = 400; return element.scrollTop }") > 100
    frame, head = region.bounding_box(), region.locator("thead").bounding_box()
    assert frame
    assert head
    assert head["y"] == pytest.approx(frame["y"], abs=3)


@pytest.mark.parametrize("path", ["/offres", "/pilotage?rows=region", "/pilotage/doublons"])
def test_on_a_phone_more_filters_are_there_where_their_link_leads(phone: Page, site: str, path: str) -> None:
    phone.goto(f"{site}{path}")
    href = phone.locator("a", has_text="Plus de filtres").first.get_attribute("href")
    phone.goto(f"{site}{href}")
    name = (href or "").rpartition("#")[2]
    expect(phone.locator(f"#{name}")).to_be_in_viewport()


def test_a_place_counts_what_is_held_there_and_remote_offers_on_request(plain: Page, site: str) -> None:
    plain.goto(f"{site}/pilotage?rows=region&place=Occitanie")
    expect(plain.get_by_role("link", name="Retirer le filtre À distance : Sans les offres à distance")).to_be_visible()
    plain.get_by_role("link", name="Compter aussi les offres à distance").click()
    assert asked(plain)["remote"] == ["include"]
    expect(plain.get_by_role("link", name="Compter seulement celles sur place")).to_be_visible()
