"""The pages of the census in a browser: no accessibility fault, usable by keyboard and without script."""

import re
import secrets
from collections.abc import Iterator

import httpx
import orjson
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.reused_pages import ReusedPages, refused_by_policy
from tests.browser.test_accessibility import problems_of
from tests.engine.census.bodies import census_beside, invent_bodies
from tests.served import serving

STATES = {
    "all bodies": "/organismes",
    "a name, filters and a place": "/organismes?q=greta&lat=43.93&lon=2.15&radius=100&state=active&state=listed",
    "nothing found": "/organismes?q=zzzzz",
    "beyond the last page": "/organismes?page=90",
    "wrong parameters": "/organismes?state=x&place=Nowhereville&page=0",
    "a body with offers": "/organismes/{with}",
    "a body without offers": "/organismes/900000003",
    "open questions": "/organismes/ecarts",
    "open questions of a region": "/organismes/ecarts?region=76",
    "bodies with a question": "/organismes?gap=no-name",
}
LARGEST_LIST_OF_QUESTION = 300
LARGEST_FIRST_CARD = {1280: 420, 390: 420}  # y of the first body in px, where something is asked


@pytest.fixture(scope="module", name="census")
def census_over_the_fixtures(engine_url: str, loaded_prefix: str, site: str) -> Iterator[tuple[str, str]]:
    """Address of an app over invented bodies, and the SIREN with most offers."""
    lines = httpx.get(f"{site}/api/v1/offers.ndjson", timeout=60).raise_for_status().iter_lines()
    providers = [orjson.loads(line)["provider"] for line in lines]
    names = {each["siren"]: each["name"] or "" for each in providers if each["siren"]}
    sirens = [each["siren"] for each in providers if each["siren"]]
    own = f"test-{secrets.token_hex(4)}-"
    contact = {"CONTACT": "aide@boussole.example"}
    with (
        census_beside(engine_url, loaded_prefix, own, invent_bodies(names)),
        serving(engine_url, own, **contact) as app,
    ):
        yield app.address, max(set(sirens), key=sirens.count)


@pytest.fixture(name="page", params=[1280, 390])
def page_at_both_widths(request: pytest.FixtureRequest, reused: ReusedPages) -> Page:
    return reused.blank(request.param)


@pytest.mark.parametrize("state", STATES)
def test_a_page_has_no_accessibility_fault(page: Page, census: tuple[str, str], state: str) -> None:
    with refused_by_policy(page) as refused:
        page.goto(census[0] + STATES[state].replace("{with}", census[1]))
        assert problems_of(page) == []
    assert refused == []


def test_first_body_is_on_the_first_screen(page: Page, census: tuple[str, str]) -> None:
    page.goto(f"{census[0]}/organismes?q=greta")
    box = page.locator(".body-card").first.bounding_box()
    width = (page.viewport_size or {"width": 0})["width"]
    assert box
    assert box["y"] <= LARGEST_FIRST_CARD[width]


def test_list_of_a_question_is_on_the_first_screen(page: Page, census: tuple[str, str]) -> None:
    page.goto(f"{census[0]}/organismes?gap=no-name")
    box = page.locator(".body-card").first.bounding_box()
    assert box
    assert box["y"] <= LARGEST_LIST_OF_QUESTION


def test_questions_are_cut_by_region_without_script(browser: Browser, census: tuple[str, str]) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{census[0]}/organismes/ecarts")
    page.get_by_label("Région").select_option("76")
    page.get_by_role("button", name="Afficher").click()
    expect(page).to_have_url(re.compile(re.escape("region=76")))
    row = page.locator("tbody tr").first
    count = int(row.locator(".figure").inner_text())
    row.locator("th a").click()
    expect(page).to_have_url(re.compile(re.escape("region=76")))
    expect(page.locator("h1")).to_contain_text(f"{count} organisme")
    context.close()


def test_from_the_search_to_a_body_and_its_offers_by_keyboard(page: Page, census: tuple[str, str]) -> None:
    address, siren = census
    page.goto(f"{address}/organismes")
    page.get_by_label("Nom, sigle, ville ou numéro").focus()
    page.keyboard.type(siren)
    page.keyboard.press("Enter")
    page.wait_for_url("**/organismes?q=*")
    link = page.locator(".body-card a").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/organismes/{siren}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name="à venir", exact=False).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/offres?provider=*")
    page.locator(".card-title a").first.click()
    page.wait_for_url("**/offres/*")
    body = page.locator(f'a[href="/organismes/{siren}"]').first
    body.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/organismes/{siren}")


def test_filters_and_pages_work_without_script(browser: Browser, census: tuple[str, str]) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{census[0]}/organismes")
    page.get_by_label("Aucune certification indiquée").check()
    page.get_by_role("button", name="Afficher les organismes").click()
    expect(page).to_have_url(re.compile(re.escape("qualiopi=none")))
    expect(page.locator(".chip")).to_contain_text("Aucune certification indiquée")
    page.get_by_label("Ordre").select_option("offers")
    page.get_by_role("button", name="Afficher les organismes").click()
    expect(page).to_have_url(re.compile("sort=offers"))
    assert "qualiopi=none" in page.url
    page.goto(f"{census[0]}/organismes/ecarts")
    page.locator("th a").first.click()
    expect(page).to_have_url(re.compile(re.escape("/organismes?gap=")))
    context.close()


def test_map_and_table_say_the_same(page: Page, census: tuple[str, str]) -> None:
    page.goto(f"{census[0]}/organismes/{census[1]}")
    marks, rows = page.locator(".outline-mark").count(), page.locator(".source-table tbody tr").count()
    assert marks <= rows
    contact = page.get_by_role("link", name="Signaler ce qui est à corriger").get_attribute("href")
    assert (contact or "").startswith("mailto:aide@boussole.example?subject=")
