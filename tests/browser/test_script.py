"""What script makes quicker: suggestions, the position, results that change in place."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Geolocation, Page, Route, expect

from tests.browser.test_accessibility import problems_of

ALBI = Geolocation(latitude=43.9298, longitude=2.148)
RESULTS = "/offres?q=cuisine&place=Albi&radius=100&upcoming=true"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def what(page: Page) -> str:
    return page.get_by_role("combobox", name="Quelle formation").input_value()


def stays(page: Page) -> None:
    """Mark the document: the mark is gone if the browser loads another one."""
    page.evaluate("window.stayed = true")


def stayed(page: Page) -> bool:
    return bool(page.evaluate("window.stayed === true"))


def test_suggestions_are_chosen_with_the_keyboard_and_said_to_a_screen_reader(page: Page, site: str) -> None:
    page.goto(site)
    field = page.get_by_role("combobox", name="Quelle formation")
    field.fill("cuisi")  # asks once: the list stays while it is walked through
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".field-q [role=status]")).to_contain_text("propositions")
    assert problems_of(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
    expect(chosen).to_have_attribute("aria-selected", "true")
    title = chosen.locator(".suggestion-label").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(field).to_have_value(title)
    expect(page.locator(".field-q [role=status]")).to_contain_text(f"{title}, choisi")
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="Où")).to_be_focused()
    assert page.url.rstrip("/") == site, "a search was sent before a place could be given"
    page.keyboard.type("Albi")
    page.keyboard.press("Enter")
    page.wait_for_url("**/offres?*")
    assert (asked(page)["q"], asked(page)["place"]) == ([title], ["Albi"])


def test_a_suggestion_that_was_chosen_is_searched_for_by_one_key_more(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("combobox", name="Quelle formation").fill("cuisi")  # asks once: the list stays as it is read
    title = page.get_by_role("option").first.locator(".suggestion-label").inner_text()
    page.get_by_role("option").first.click()
    page.keyboard.press("Enter")
    page.wait_for_url("**/offres?*")
    assert asked(page)["q"] == [title]
    expect(page.locator(".card-title").first).to_have_text(title)


def test_the_next_field_is_one_step_from_open_suggestions(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("combobox", name="Quelle formation").press_sequentially("cuisi")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="Où")).to_be_focused()
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_escape_closes_suggestions_and_keeps_what_was_typed(page: Page, site: str) -> None:
    page.goto(site)
    field = page.get_by_role("combobox", name="Quelle formation")
    field.press_sequentially("soudu")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(field).to_have_attribute("aria-expanded", "false")
    assert what(page) == "soudu"


@pytest.mark.parametrize("leaves", ["Escape", "choice"])
def test_suggestions_that_were_left_are_not_opened_again_by_what_was_still_asked(
    page: Page, site: str, leaves: str
) -> None:
    page.goto(site)
    field = page.get_by_role("combobox", name="Quelle formation")
    field.fill("soud")
    option = page.get_by_role("option").first
    expect(option).to_be_visible()
    page.route("**/api/v1/suggest*", lambda _: None)  # on its way until the page does not want it any more
    with page.expect_request("**/api/v1/suggest*"):
        field.press_sequentially("e")
    with page.expect_event("requestfailed"):
        page.keyboard.press("Escape") if leaves == "Escape" else option.click()
    expect(page.get_by_role("listbox")).to_have_count(0)


def choose_job(page: Page) -> str:
    """Choose the first job that is suggested for some letters; returns its name."""
    page.get_by_role("combobox", name="Quelle formation").fill("soude")  # asks once: the list stays as it is read
    option = page.get_by_role("group", name="Métiers").get_by_role("option").first
    label = option.locator(".suggestion-label").inner_text()
    option.click()
    return label


def test_a_job_that_is_suggested_becomes_a_filter(page: Page, site: str) -> None:
    page.goto(site)
    label = choose_job(page)
    assert what(page) == label
    expect(page.get_by_role("combobox", name="Quelle formation")).to_be_focused()
    page.get_by_role("button", name="Rechercher").click()
    page.wait_for_url("**/offres?*")
    assert "rome" in asked(page)
    assert what(page) == ""


def test_a_job_that_is_chosen_among_results_becomes_a_filter_in_place_and_its_name_does_not_stay(
    page: Page, site: str
) -> None:
    page.goto(site + RESULTS)
    stays(page)
    choose_job(page)
    page.keyboard.press("Enter")
    chip = page.get_by_role("link", name="Retirer le filtre Métier")
    expect(chip).to_be_visible()
    expect(page.get_by_role("combobox", name="Quelle formation")).to_have_value("")
    assert "q" not in asked(page)
    assert stayed(page)
    chip.click()
    page.wait_for_url(lambda address: "rome" not in address)


def test_a_job_whose_name_is_changed_is_words_again(page: Page, site: str) -> None:
    page.goto(site)
    choose_job(page)
    page.keyboard.type(" x")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/offres?*")
    assert "rome" not in asked(page)
    assert asked(page)["q"][0].endswith(" x")


def test_a_place_is_completed_and_the_search_goes_there(page: Page, site: str) -> None:
    page.goto(site)
    field = page.get_by_role("combobox", name="Où")
    field.press_sequentially("alb")
    page.get_by_role("option", name="Albi (81)").click()
    expect(field).to_have_value("Albi (81)")
    page.keyboard.press("Enter")
    page.wait_for_url("**/offres?*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Albi (81)")


def test_an_answer_that_comes_late_is_dropped(page: Page, site: str) -> None:
    late: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if late:
            route.continue_()
        else:
            late.append(route)

    page.goto(site)
    page.route("**/api/v1/suggest*", hold_the_first)
    field = page.get_by_role("combobox", name="Quelle formation")
    with page.expect_request("**/api/v1/suggest*"):
        field.press_sequentially("ang")
    field.fill("soudu")
    first = page.get_by_role("option").first
    expect(first).to_contain_text("Soud")
    late[0].fulfill(json={"titles": [{"label": "Anglais", "detail": "", "parameter": "q", "value": "x", "offers": 1}]})
    page.wait_for_load_state("networkidle")
    expect(first).to_contain_text("Soud")


def test_a_position_stands_in_for_a_town(context: BrowserContext, page: Page, site: str) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation(ALBI)
    page.goto(site)
    page.get_by_role("button", name="Autour de moi").click()
    page.wait_for_url("**/offres?*")
    assert asked(page)["point"] == ["43.930,2.148"]
    expect(page.get_by_role("heading", level=1)).to_contain_text("autour du point choisi")
    expect(page.locator(".chip").first).to_contain_text("43,93\u00a0; 2,148")


def test_a_position_that_is_refused_falls_back_to_the_field(context: BrowserContext, page: Page, site: str) -> None:
    context.clear_permissions()
    page.goto(site)
    page.evaluate("() => { navigator.geolocation.getCurrentPosition = (_, refuse) => refuse({code: 1}); }")
    page.get_by_role("button", name="Autour de moi").click()
    expect(page.locator(".around-status")).to_contain_text("indiquez une commune ou un code postal")
    expect(page.get_by_role("combobox", name="Où")).to_be_focused()


def test_an_offer_leads_back_to_the_results_as_they_were_changed_in_place(page: Page, site: str) -> None:
    page.goto(site + RESULTS)
    stays(page)
    page.get_by_text("Trier").click()
    page.get_by_role("link", name="Date de début").click()
    page.wait_for_url("**sort=start**")
    assert stayed(page)
    changed = asked(page)
    for way in ("click", "reload"):  # a page that is asked for again has come from the same results
        page.locator(".card-title a").first.click() if way == "click" else page.reload()
        expect(page.get_by_role("link", name="Retour aux résultats")).to_be_visible()
    page.get_by_role("link", name="Retour aux résultats").click()
    page.wait_for_url("**/offres?**")
    assert asked(page) == changed


def test_a_filter_changes_the_results_in_place_and_the_back_button_takes_it_back(page: Page, site: str) -> None:
    page.goto(site + RESULTS)
    stays(page)
    before = page.locator(".count").inner_text()
    funder = page.get_by_role("group", name="Qui paie").get_by_label("Région")
    funder.check()
    expect(page.locator(".count")).not_to_have_text(before)
    after = page.locator(".count").inner_text()
    expect(page.locator("#exchange-said")).to_have_text(after)
    expect(page.get_by_role("link", name="Retirer le filtre Qui paie")).to_be_visible()
    expect(funder).to_be_focused()
    assert asked(page)["funder"] == ["2"]
    assert after in page.title()
    page.go_back()
    expect(page.locator(".count")).to_have_text(before)
    expect(funder).not_to_be_checked()
    page.go_forward()
    expect(page.locator(".count")).to_have_text(after)
    assert stayed(page)
    assert problems_of(page) == []


def test_what_was_exchanged_is_what_the_address_shows(page: Page, site: str) -> None:
    """A page that went through three exchanges holds the same as one that is opened at its address."""
    page.goto(site + RESULTS)
    stays(page)
    for step in (".chip >> nth=0", ".sorts a >> text=Places restantes", "a.grouping"):
        address = page.url
        if step.startswith(".sorts"):
            page.get_by_text("Trier").click()
        page.locator(step).click()
        expect(page).not_to_have_url(address)
        expect(page.locator("#resultats")).to_be_focused()
    assert stayed(page)
    parts = "document.querySelectorAll('.card-title, .chip, .box, .sorts a, link[rel=alternate], link[rel=canonical]')"
    texts = f"[...{parts}].map(each => each.href || each.textContent)"
    exchanged = page.evaluate(texts)
    page.reload()
    assert page.evaluate(texts) == exchanged


def test_paging_shows_the_next_page_from_its_top(page: Page, site: str) -> None:
    page.goto(site + "/offres?size=6")
    stays(page)
    first = page.locator(".card-title").first.inner_text()
    page.get_by_role("link", name="Suivante").click()
    expect(page.locator(".card-title").first).not_to_have_text(first)
    expect(page.locator("#titre-resultats")).to_be_in_viewport()
    assert stayed(page)


def test_an_answer_that_is_no_page_of_results_is_left_to_the_browser(page: Page, site: str) -> None:
    page.goto(site + RESULTS)
    stays(page)
    page.evaluate("window.fetch = async () => new Response('<h1>Bad gateway</h1>', {status: 502})")
    address = page.url
    page.locator(".chip").first.click()
    expect(page).not_to_have_url(address)
    expect(page.locator(".count")).to_be_visible()
    assert not stayed(page)
    assert "q" not in asked(page)


def test_on_a_phone_the_filters_say_how_many_results_they_give_before_they_close(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="fr-FR", viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()
    page.goto(site + RESULTS)
    page.locator(".filters-toggle").tap()
    before = page.locator(".count").text_content() or ""
    page.get_by_role("group", name="Qui paie").get_by_label("Région").check()
    expect(page.locator(".count")).not_to_have_text(before)
    after = page.locator(".count").text_content()  # below the filters, not drawn
    button = page.get_by_role("button", name=f"Afficher les résultats ({after})")
    button.tap()
    expect(page.locator(".filters-in")).to_be_hidden()
    expect(page.locator("#titre-resultats")).to_be_in_viewport()
    context.close()


def test_on_a_phone_open_filters_leave_the_results_below_undrawn_and_as_high_as_they_were(
    browser: Browser, site: str
) -> None:
    page = browser.new_page(locale="fr-FR", viewport={"width": 390, "height": 800})
    page.goto(site + RESULTS)
    results, card = page.locator("#resultats"), page.locator(".card").last
    drawn = "each => each.checkVisibility({ contentVisibilityAuto: true })"
    height = "each => Math.round(each.getBoundingClientRect().height)"
    before = results.evaluate(height)
    assert card.evaluate(drawn)
    page.locator(".filters-toggle").click()
    expect(page.locator(".filters-in")).to_be_visible()
    page.wait_for_function(f"() => !({drawn})(document.querySelector('.card:last-child'))")
    assert results.evaluate(height) == before
    card.scroll_into_view_if_needed()
    page.wait_for_function(f"() => ({drawn})(document.querySelector('.card:last-child'))")
    page.close()
