"""Results for one's own situation: without script, with it, with the keyboard, on a phone; nothing in an address."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_accessibility import problems_of

SEARCH: Final = "/offres?place=Occitanie&upcoming=true&size=5"
PERSON: Final = re.compile("job_seeker|person|status")


def ask(page: Page, status: str = "job_seeker", box: str = "") -> None:
    """Open the panel, answer its first question, tick a box, send."""
    if page.locator(".filters-toggle").is_visible():
        page.locator(".filters-toggle").click()
    page.locator(".filters .situation-panel > summary").click()
    page.get_by_label("Quelle est votre situation").select_option(status)
    if box:
        page.get_by_role("checkbox", name=box).check()
    page.get_by_role("button", name="Voir qui paie").click()
    expect(page.locator(".paid-tally")).to_be_visible()


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def total(page: Page) -> int:
    return sum(map(int, re.findall(r"\d+", page.locator(".count").inner_text().replace("\u202f", ""))))


def counts(page: Page) -> dict[str, int]:
    page.wait_for_load_state()
    buttons = page.locator(".paid-tally button")
    told = [re.fullmatch(r"(.*?)\s+(\d+)", text.replace("\u202f", "")) for text in buttons.all_inner_texts()]
    return {found[1]: int(found[2]) for found in told if found}


def test_open_registrations_asked_for_beside_the_questions_are_in_the_address(
    person: BrowserContext, site: str
) -> None:
    page = person.new_page()
    page.goto(site + SEARCH)
    ask(page, box="Inscriptions ouvertes seulement")
    expect(page).to_have_url(re.compile("recruiting=open"))
    assert asked(page) == {"place": ["Occitanie"], "upcoming": ["true"], "size": ["5"], "recruiting": ["open"]}
    found = total(page)
    page.reload()
    page.wait_for_load_state()
    assert total(page) == found
    expect(page.get_by_role("checkbox", name="Inscriptions ouvertes seulement")).to_have_count(0)


def test_results_are_narrowed_turned_and_left_without_script(plain: Page, site: str) -> None:
    plain.goto(site + SEARCH)
    everything = total(plain)
    ask(plain)
    assert asked(plain) == {"place": ["Occitanie"], "upcoming": ["true"], "size": ["5"]}
    told = counts(plain)
    assert sum(told.values()) == total(plain) == everything

    plain.get_by_role("checkbox", name="Possible").check()
    plain.get_by_role("button", name="Afficher les résultats").click()
    assert total(plain) == told["Possible"]
    expect(plain.locator(".card-paid").first).to_contain_text("Possible")
    assert counts(plain) == told

    plain.get_by_role("button", name="Suivante").click()
    assert total(plain) == told["Possible"]
    expect(plain.locator(".paging [aria-current]")).to_contain_text("2")
    plain.get_by_role("button", name="Retirer le filtre Pour ma situation").click()
    assert total(plain) == everything
    expect(plain.locator(".paid-tally")).to_be_visible()

    title = plain.locator(".card-title").first.inner_text()
    plain.locator(".card-paid button").first.click()
    expect(plain.locator(".funding-title")).to_contain_text(title)
    expect(plain.locator(".told")).to_contain_text("demandeur d’emploi")
    assert [*asked(plain)] == ["session"]  # the one that the result shows


def test_the_situation_is_taken_off_without_script(plain: Page, site: str) -> None:
    plain.goto(site + SEARCH)
    ask(plain)
    plain.get_by_role("link", name="Retirer le filtre Selon ma situation").click()
    expect(plain.locator(".paid-tally")).to_have_count(0)
    expect(plain.locator(".card-paid")).to_have_count(0)
    assert asked(plain) == {"place": ["Occitanie"], "upcoming": ["true"], "size": ["5"]}


def test_sessions_to_come_are_proposed_and_can_be_taken_off(person: BrowserContext, plain: Page, site: str) -> None:
    for page in (person.new_page(), plain):
        page.goto(f"{site}/offres?place=Occitanie")
        ask(page)
        chip = page.get_by_role("button", name=re.compile("Retirer le filtre .*venir"))
        if page is not plain:
            assert asked(page)["upcoming"] == ["true"]
        narrow = total(page)
        if page.locator(".filters-toggle").is_visible():
            page.locator(".filters-toggle").click()
        chip.click()
        expect(chip).to_have_count(0)
        assert "upcoming" not in asked(page)
        assert total(page) > narrow
        page.get_by_role("button", name="Suivante").click()
        expect(page.locator(".paging [aria-current]")).to_contain_text("2")
        expect(chip).to_have_count(0)


def test_a_value_is_what_choosing_it_gives_in_place(person: BrowserContext, site: str) -> None:
    page = person.new_page()
    page.goto(site + SEARCH)
    page.evaluate("document.body.dataset.same = 'yes'")
    ask(page)
    told = counts(page)
    page.locator(".paid-tally button", has_text="Payée").first.click()
    page.wait_for_url("**funding=paid**")
    expect(page.locator(".paid-tally [aria-pressed=true]")).to_have_count(1)
    assert total(page) == told["Payée"]
    assert counts(page) == told
    page.get_by_role("button", name="Suivante").click()
    page.wait_for_url("**page=2**")
    assert asked(page)["funding"] == ["paid"]
    assert page.evaluate("document.body.dataset.same") == "yes"  # all of this without leaving the page


def test_other_filters_keep_the_situation_in_place(person: BrowserContext, site: str) -> None:
    page = person.new_page()
    page.goto(site + SEARCH)
    ask(page)
    if page.locator(".filters-toggle").is_visible():
        page.locator(".filters-toggle").click()
    before = total(page)
    page.get_by_role("group", name="Modalité").get_by_label("En présentiel").check()
    page.wait_for_url("**mode=onsite**")
    expect(page.locator(".paid-tally")).to_be_visible()
    assert 0 < total(page) < before
    assert sum(counts(page).values()) == total(page)


def test_going_back_from_a_dossier_finds_the_same_results(person: BrowserContext, site: str) -> None:
    page = person.new_page()
    page.goto(site + SEARCH)
    ask(page)
    page.locator(".paid-tally button").first.click()
    page.wait_for_url("**funding=paid**")
    found = total(page)
    page.locator(".card-paid button").first.click()
    expect(page.locator(".dossier")).to_be_visible()
    page.go_back()
    expect(page.locator(".paid-tally")).to_be_visible()
    assert total(page) == found


def test_nothing_of_the_person_is_in_an_address_a_title_or_the_history(person: BrowserContext, site: str) -> None:
    page = person.new_page()
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url + str(request.headers.get("referer", ""))))
    page.goto(site + SEARCH)
    ask(page)
    page.locator(".paid-tally button").first.click()
    page.wait_for_url("**funding=paid**")
    page.locator(".card-paid button").first.click()
    expect(page.locator(".dossier")).to_be_visible()
    told = [*addresses, page.title(), str(page.evaluate("JSON.stringify(history.state)"))]
    assert not [text for text in told if PERSON.search(text)]


def test_forgetting_shows_the_results_for_nobody(person: BrowserContext, site: str) -> None:
    page = person.new_page()
    page.goto(site + SEARCH)
    ask(page)
    if page.locator(".filters-toggle").is_visible():
        page.locator(".filters-toggle").click()
    page.locator(".filters .situation-panel > summary").click()
    page.get_by_role("button", name="Oublier mes réponses").click()
    expect(page.locator(".paid-tally")).to_have_count(0)
    assert page.evaluate("localStorage.getItem('boussole-situation')") is None
    expect(page.locator("[name='person.status']")).to_have_value("")


def test_answers_are_filled_in_on_the_next_search_and_wait_to_be_sent(person: BrowserContext, site: str) -> None:
    page = person.new_page()
    page.goto(site + SEARCH)
    ask(page)
    page.goto(f"{site}/offres?q=anglais")
    expect(page.locator("[name='person.status']")).to_have_value("job_seeker")
    expect(page.locator(".paid-tally")).to_have_count(0)


def test_results_for_a_person_have_no_accessibility_fault(person: BrowserContext, site: str) -> None:
    page = person.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    for search in (SEARCH, "/offres?q=anglais&upcoming=true&group=training&size=5"):
        page.set_viewport_size({"width": page.evaluate("innerWidth"), "height": 900})
        page.goto(site + search)
        ask(page)
        assert problems_of(page) == []
        page.locator(".paid-tally button").first.click()
        expect(page.locator(".paid-tally [aria-pressed=true]")).to_have_count(1)
        page.evaluate("document.querySelectorAll('.filters, .filters details').forEach(part => part.open = true)")
        width = page.evaluate("innerWidth")
        page.set_viewport_size({"width": width, "height": 9000})  # the bar below the filters covers none of them then
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert problems_of(page) == []
    assert refused == []


def test_results_for_a_person_fit_320_pixels_and_have_targets_of_44(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640}, locale="fr-FR")
    page.goto(site + SEARCH)
    ask(page)
    page.evaluate("document.querySelectorAll('.filters, .filters .situation-panel').forEach(part => part.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    low = page.evaluate(
        """() => [...document.querySelectorAll('.paid, .situation-panel :is(button, select, summary, .answer)')]
            .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
            .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert low == []
    page.close()
