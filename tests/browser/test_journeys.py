"""What people do on the pages: with the keyboard alone, without script, on a phone."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture(name="plain")
def page_without_script(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR", viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture(name="desk")
def page_at_a_desk(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def total(page: Page) -> int:
    """How many offers the heading counts: « 1 743 offres », « 2 sur place, 28 à distance »."""
    text = page.locator(".count").inner_text().replace("\u202f", "")
    return sum(map(int, re.findall(r"\d+", text)))


def test_from_the_question_to_a_telephone_number_without_script(plain: Page, site: str) -> None:
    plain.goto(site)
    plain.get_by_label("Quelle formation").fill("cuisine")
    plain.get_by_role("textbox", name="Où").fill("Albi")
    plain.get_by_role("button", name="Rechercher").click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("Cuisine")
    assert asked(plain) == {"q": ["cuisine"], "place": ["Albi"], "upcoming": ["true"]}
    plain.goto(f"{plain.url}&radius=100")
    before = total(plain)

    plain.get_by_role("group", name="Qui paie").get_by_label("Région").check()
    plain.get_by_role("button", name="Afficher les résultats").click()
    chip = plain.get_by_role("link", name="Retirer le filtre Qui paie")
    expect(chip).to_be_visible()
    assert 0 < total(plain) < before

    chip.click()
    assert "funder" not in asked(plain)
    assert total(plain) == before
    assert plain.get_by_role("textbox", name="Où").input_value() == "Albi"

    first = plain.locator(".card-title a").first
    title = first.inner_text()
    first.click()
    expect(plain.get_by_role("heading", level=1)).to_have_text(title)
    assert (plain.locator('a[href^="tel:"]').first.get_attribute("href") or "").startswith("tel:0")

    plain.get_by_role("link", name="Retour aux résultats").click()
    assert total(plain) == before
    expect(plain.locator(".card:target .card-title")).to_have_text(title)


def test_a_count_beside_a_value_is_what_choosing_it_gives(plain: Page, site: str) -> None:
    plain.goto(f"{site}/offres?place=Occitanie&upcoming=true")
    box = plain.get_by_role("group", name="Modalité").locator("label", has_text="En présentiel")
    told = int(box.locator(".tally").inner_text().replace("\u202f", ""))
    box.locator("input").check()
    plain.get_by_role("button", name="Afficher les résultats").click()
    assert total(plain) == told


def test_turning_pages_and_sorting_keep_the_search(plain: Page, site: str) -> None:
    plain.goto(f"{site}/offres?place=Occitanie&upcoming=true")
    first_titles = plain.locator(".card-title").all_inner_texts()
    plain.get_by_role("link", name="Suivante").click()
    plain.wait_for_load_state()
    assert asked(plain) == {"place": ["Occitanie"], "upcoming": ["true"], "page": ["2"]}
    second_titles = plain.locator(".card-title").all_inner_texts()
    assert second_titles
    assert second_titles != first_titles
    plain.get_by_text("Trier").click()
    plain.get_by_role("link", name="Places restantes").click()
    assert asked(plain) == {"place": ["Occitanie"], "upcoming": ["true"], "sort": ["seats"]}
    expect(plain.locator(".seat").first).to_contain_text("place")


def focused(page: Page) -> str:
    """Id, else text, of what has the focus; fails where the focus cannot be seen."""
    found = page.evaluate(
        """() => { const e = document.activeElement, name = e.id || e.textContent.trim().replace(/\\s+/g, ' ');
                   const box = e.getClientRects()[0] || new DOMRect();
                   const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                   return [name, e.tagName, getComputedStyle(e).outlineStyle, e.getBoundingClientRect().width,
                           e.contains(top), top && top.outerHTML.slice(0, 80)] }"""
    )
    name, tag, outline, width, on_top, hidden_by = found
    if tag not in ("BODY", "MAIN", "SECTION", "DIV"):  # a DIV that scrolls is larger than the window
        assert outline != "none", f"the focus on {name} cannot be seen"
        assert width > 1, f"the focus on {name} is on something that is not there"
        assert on_top, f"the focus on {name} is hidden by {hidden_by}"
    return str(name)


def tab_to(page: Page, wanted: str, most: int = 120, key: str = "Tab") -> None:
    for _ in range(most):
        page.keyboard.press(key)
        if focused(page).startswith(wanted):
            return
    raise AssertionError(f"{wanted} was not reached in {most} steps")


def test_from_the_question_to_an_offer_with_the_keyboard_alone(desk: Page, site: str) -> None:
    desk.goto(site)
    desk.keyboard.press("Tab")
    assert focused(desk) == "Aller au contenu"
    desk.keyboard.press("Enter")
    tab_to(desk, "champ-q", most=2)
    desk.keyboard.type("cuisine")
    tab_to(desk, "champ-place", most=1)
    desk.keyboard.type("81")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/offres?q=cuisine**")

    tab_to(desk, "champ-free")
    desk.keyboard.press("Space")  # acts at once, and the focus stays
    desk.wait_for_url("**free=true**")
    expect(desk.get_by_role("link", name="Retirer le filtre Prix")).to_be_visible()
    assert focused(desk) == "champ-free"

    tab_to(desk, "Retirer le filtre Prix")
    desk.keyboard.press("Enter")
    desk.wait_for_url(lambda url: "free" not in url)
    expect(desk.locator("#resultats")).to_be_focused()
    title = desk.locator(".card-title a").first.inner_text()
    tab_to(desk, title)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.parametrize(("width", "height"), [(1280, 600), (390, 800)])
def test_nothing_that_has_the_focus_is_behind_the_bar_below_the_filters(
    browser: Browser, site: str, width: int, height: int
) -> None:
    # Without script; with it there is no bar beside results, for filters act at once.
    page = browser.new_page(viewport={"width": width, "height": height}, locale="fr-FR", java_script_enabled=False)
    page.goto(f"{site}/offres?upcoming=true&place=81&size=2")
    page.evaluate("document.querySelectorAll('.filters, .filters details').forEach(part => part.open = true)")
    names: list[str] = []
    while not (names and names[-1].startswith("Afficher les résultats")):
        page.keyboard.press("Tab")
        names.append(focused(page))
        assert len(names) < 600, "the button below the filters was not reached"
    for _ in names[:-20]:  # and back up again
        page.keyboard.press("Shift+Tab")
        focused(page)
    assert len(names) > 60
    page.close()


def test_filters_are_beside_the_results_at_a_desk_and_behind_a_button_on_a_phone(browser: Browser, site: str) -> None:
    desk = browser.new_page(viewport={"width": 1280, "height": 900})
    desk.goto(f"{site}/offres")
    expect(desk.get_by_label("Prix au plus")).to_be_visible()
    desk.close()
    phone = browser.new_page(viewport={"width": 390, "height": 844})
    phone.goto(f"{site}/offres")
    expect(phone.get_by_label("Prix au plus")).to_be_hidden()
    phone.locator(".filters-toggle").click()
    expect(phone.get_by_label("Prix au plus")).to_be_visible()
    apply = phone.get_by_role("button", name="Afficher les résultats")
    expect(apply).to_be_in_viewport()
    phone.close()


def test_a_wrong_value_leads_to_its_field_which_keeps_it(plain: Page, site: str) -> None:
    answer = plain.goto(f"{site}/offres?q=cuisine&price_max=cher")
    assert answer is not None
    assert answer.status == 400
    plain.get_by_role("link", name="Prix au plus").click()
    field = plain.get_by_label("Prix au plus")
    expect(field).to_have_value("cher")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_in_viewport()
    field.fill("3000")
    plain.get_by_role("button", name="Afficher les résultats").click()
    assert asked(plain)["q"] == ["cuisine"]
    assert total(plain) > 0


def test_structured_data_are_read_by_the_browser_and_refused_by_nothing(desk: Page, site: str) -> None:
    refused: list[str] = []
    desk.on("console", lambda message: refused.append(message.text))
    desk.goto(f"{site}/offres?seats=1&upcoming=true")
    desk.locator(".card-title a").first.click()
    desk.wait_for_load_state()  # the click returns when the first bytes of the offer are there
    course = desk.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")
    assert course["@type"] == "Course"
    assert course["name"] == desk.get_by_role("heading", level=1).inner_text().replace("\u00a0", " ")
    assert any(instance.get("remainingAttendeeCapacity") for instance in course["hasCourseInstance"])
    assert refused == []


def test_an_engine_that_is_down_is_said_with_a_way_to_try_again(plain: Page, site_without_engine: str) -> None:
    answer = plain.goto(f"{site_without_engine}/offres?q=cuisine&upcoming=true")
    assert answer is not None
    assert answer.status == 503
    expect(plain.get_by_role("heading", level=1)).to_have_text("La recherche est momentanément indisponible")
    retry = plain.get_by_role("link", name="Réessayer").get_attribute("href")
    assert retry == "/offres?q=cuisine&upcoming=true"


CONTROLS = ("button, input, select, textarea, summary, .button, .pick, .paging, .exports, .selection-bar, .chip .icon, "
            ".to-calendar, .offer-back, .report, .site-footer-links, nav")  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["/", "/offres?q=soudeur&place=Albi&radius=100", "/offres?place=Albi&view=map", "offer", "/offres/nulle",
     "/sources", "/selection", "/selection?o=aaaaaaaaaaaa"],
)  # fmt: skip
def test_nothing_that_one_presses_or_fills_in_is_printed(desk: Page, site: str, address: str) -> None:
    if address == "offer":
        found = httpx.get(f"{site}/api/v1/offers?q=cuisine&upcoming=true&size=1", timeout=10).raise_for_status().json()
        address = found["results"][0]["url"]
    desk.goto(site + address)
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    desk.emulate_media(media="print")
    for control in desk.locator(CONTROLS).all():
        expect(control).to_be_hidden()
    assert desk.get_by_role("heading", level=1).is_visible()


def test_what_was_asked_for_is_printed(desk: Page, site: str) -> None:
    desk.goto(f"{site}/offres?q=soudeur&place=Albi&radius=100&recruiting=open")
    desk.emulate_media(media="print")
    expect(desk.locator(".chips")).to_contain_text("Albi (81), 100 km")
    expect(desk.locator(".chip-clear")).to_be_hidden()
    widths = desk.evaluate("['.results', 'main'].map(part => document.querySelector(part).offsetWidth)")
    assert widths[0] > 0.9 * widths[1]  # no column for filters


def test_an_offer_is_printed_on_two_pages_without_what_paper_cannot_do(desk: Page, site: str) -> None:
    for query in ("q=cuisine", "q=soudeur", "q=aide-soignant"):
        found = httpx.get(f"{site}/api/v1/offers?{query}&upcoming=true&size=1", timeout=10).raise_for_status().json()
        desk.goto(site + found["results"][0]["url"])
        pages = re.findall(rb"/Type\s*/Page[^s]", desk.pdf(format="A4"))
        assert 1 <= len(pages) <= 2
        desk.emulate_media(media="print")
        expect(desk.get_by_role("heading", name="Qui appeler")).to_be_visible()
        expect(desk.get_by_role("navigation", name="Navigation principale")).to_be_hidden()
        desk.emulate_media(media="null")  # as the browser has it, for the next print
