"""Who pays for a person: without script, with it, on paper; what is kept, forgotten and handed over."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_accessibility import problems_of

SEEKER: Final = {"status": "job_seeker", "allowance": "are", "department": "81"}
EMPLOYEE: Final = {"status": "employee", "contract": "cdi", "employer": "agrees"}
KEPT: Final = "JSON.parse(localStorage.getItem('boussole-situation'))"


def offers_of(site: str, query: str) -> list[dict[str, Any]]:
    found = httpx.get(f"{site}/api/v1/offers?upcoming=true&{query}", timeout=10).raise_for_status().json()["results"]
    return list(found)


def path_of(site: str, query: str = "funder=2&start_from=2027-01-01") -> str:
    return f"{site}/offres/{offers_of(site, query)[0]['key']}/financement"


def answer(page: Page, answers: dict[str, str], prefix: str = "") -> None:
    """Fill the form in, wherever its fields are folded, and send it."""
    form = page.locator("form.situation")
    form.evaluate("form => form.querySelectorAll('details').forEach(part => part.open = true)")
    for name, value in answers.items():
        field = form.locator(f"[name='{prefix}{name}']")
        if field.first.get_attribute("type") == "radio":
            form.locator(f"[name='{prefix}{name}'][value='{value}']").check()
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    send(page)


def send(page: Page) -> None:
    """Send the form; back when its answer is on the page, with script in place of what was there."""
    page.locator("form.situation").evaluate("form => { form.dataset.sent = 'yes' }")
    page.locator("form.situation").get_by_role("button", name=re.compile("Voir qui paie|Répondre")).click()
    expect(page.locator("form.situation:not([data-sent])")).to_have_count(1)


def test_from_an_offer_to_who_pays_without_script(plain: Page, site: str) -> None:
    (offer, *_) = offers_of(site, "funder=2&start_from=2027-01-01")
    plain.goto(site + offer["url"])
    plain.locator("main").get_by_role("link", name="Qui paie pour moi").last.click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Qui paie pour moi\u00a0?")
    plain.get_by_label("Quelle est votre situation").select_option("job_seeker")
    plain.get_by_role("button", name="Voir qui paie").click()
    assert urlsplit(plain.url).path == f"{offer['url']}/financement"
    assert not urlsplit(plain.url).query
    expect(plain.locator(".answer-payers")).to_contain_text("Programme régional de formation")
    expect(plain.get_by_text("Payée\u00a0: conditions connues remplies").first).to_be_visible()
    for name in ("Imprimer le dossier", "Transmettre à mon conseiller", "Oublier mes réponses"):
        expect(plain.get_by_role("button", name=name)).to_be_hidden()

    # The next best question stands open; its answer and those before it are kept in the form.
    question = plain.locator("form.situation > .questions [name]").first
    expect(question).to_be_visible()
    plain.locator("form.situation summary", has_text="Corriger").click()
    expect(plain.get_by_label("Quelle est votre situation")).to_have_value("job_seeker")
    plain.get_by_label("Quelle est votre situation").select_option("student")
    plain.get_by_role("button", name="Répondre").click()
    expect(plain.locator(".answer-payers")).not_to_contain_text("Payée")


def test_a_wrong_answer_is_told_and_its_field_is_reached(person: BrowserContext, site: str) -> None:
    page = person.new_page()
    page.goto(path_of(site))
    page.get_by_label("Combien y a-t-il").fill("beaucoup")
    send(page)
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Combien y a-t-il")).to_be_focused()
    expect(page.get_by_label("Combien y a-t-il")).to_have_attribute("aria-invalid", "true")
    assert problems_of(page) == []


def test_questions_answer_and_dossier_have_no_accessibility_fault(person: BrowserContext, site: str) -> None:
    page = person.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    for query, answers in (("funder=2", SEEKER), ("funder=5", EMPLOYEE)):
        page.goto(path_of(site, query))
        assert problems_of(page) == []
        answer(page, answers)
        page.get_by_role("button", name="Transmettre").click()
        page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")
        assert problems_of(page) == []
        page.get_by_role("button", name="Oublier").click()
        expect(page.locator(".dossier")).to_have_count(0)
    assert refused == []


def test_nothing_scrolls_sideways_at_320_pixels_and_targets_have_44(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640}, locale="fr-FR")
    page.goto(path_of(site))
    answer(page, SEEKER)
    page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    low = page.evaluate(
        """() => [...document.querySelectorAll(
                'main :is(button, select, summary, .answer, .payer-name a, input[type=text])')]
            .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
            .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert low == []
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


def test_the_dossier_prints_on_two_pages(browser: Browser, site: str) -> None:
    page = browser.new_page(locale="fr-FR")
    persons: tuple[dict[str, str], ...] = (
        {},
        SEEKER,
        EMPLOYEE,
        {"status": "self_employed"},
        {"status": "unregistered"},
    )
    for query in ("funder=2", "funder=4&state_funded=true", "funder=16", "q=anglais", "mode=remote"):
        for answers in persons:
            page.goto(path_of(site, query))
            page.evaluate("localStorage.clear()")
            page.reload()
            known = {name: value for name, value in answers.items() if page.locator(f"[name='{name}']").count()}
            answer(page, known)
            pages = re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True))
            assert 1 <= len(pages) <= 2, (query, answers)
    page.emulate_media(media="print")
    for shown in ("L’offre et la session", "Qui paie, dans l’ordre", "Sur quoi repose cette réponse"):
        expect(page.get_by_role("heading", name=shown)).to_be_visible()
    for shown in (
        "dt:text('Numéro de session')",
        "dt:text('Places')",
        ".condition",
        ".dossier-sign :text('Signature')",
    ):
        expect(page.locator(f".dossier {shown}").first).to_be_visible()
    page.locator("#titre-reponse").focus()
    assert page.locator("#titre-reponse").evaluate("title => getComputedStyle(title).outlineStyle") == "none"
    for control in page.locator("main :is(button, select, summary, input)").all():
        expect(control).to_be_hidden()
    page.close()


def test_print_button_prints(person: BrowserContext, site: str) -> None:
    page = person.new_page()
    page.goto(path_of(site))
    page.evaluate("window.print = () => document.body.dataset.printed = 'yes'")
    answer(page, {"status": "job_seeker"})
    page.evaluate("window.print = () => document.body.dataset.printed = 'yes'")
    page.get_by_role("button", name="Imprimer le dossier").click()
    expect(page.locator("body[data-printed]")).to_have_count(1)


def test_answers_are_filled_in_on_the_next_offer_and_forgotten_on_request(person: BrowserContext, site: str) -> None:
    page = person.new_page()
    page.goto(path_of(site))
    answer(page, SEEKER)
    answer(page, {"allowance_outlasts": "true"})
    assert page.evaluate(KEPT)["answers"] == SEEKER | {"allowance_outlasts": "true"}

    page.goto(path_of(site, "q=anglais"))
    expect(page.get_by_label("Quelle est votre situation")).to_have_value("job_seeker")
    expect(page.locator(".situation-said")).to_contain_text("Vos réponses de")
    page.get_by_role("button", name="Voir qui paie").click()
    expect(page.locator(".told")).to_contain_text("l’ARE dure au moins jusqu’à la fin")  # not asked here, and yet told

    page.get_by_role("button", name="Oublier mes réponses").click()
    expect(page.locator(".dossier")).to_have_count(0)
    assert page.evaluate("localStorage.getItem('boussole-situation')") is None
    expect(page.get_by_label("Quelle est votre situation")).to_have_value("")
    page.goto(path_of(site))
    expect(page.get_by_label("Quelle est votre situation")).to_have_value("")
    expect(page.get_by_role("button", name="Oublier mes réponses")).to_be_hidden()


def test_answers_are_kept_twelve_hours_at_most(person: BrowserContext, site: str) -> None:
    page = person.new_page()
    page.goto(path_of(site))
    keep = """hours => localStorage.setItem(
        'boussole-situation', JSON.stringify({answers: {status: 'csp'}, at: Date.now() - hours * 36e5}))"""
    page.evaluate(keep, 11.9)
    page.reload()
    expect(page.get_by_label("Quelle est votre situation")).to_have_value("csp")
    page.evaluate(keep, 12)
    page.reload()
    expect(page.get_by_label("Quelle est votre situation")).to_have_value("")
    assert page.evaluate("localStorage.getItem('boussole-situation')") is None


def test_a_situation_is_handed_over_behind_the_hash_and_leaves_no_trace(
    person: BrowserContext, browser: Browser, site: str
) -> None:
    page = person.new_page()
    page.goto(path_of(site))
    answer(page, SEEKER)
    page.get_by_role("button", name="Transmettre à mon conseiller").click()
    field = page.get_by_label("Adresse à transmettre")
    expect(field).to_be_focused()
    link = field.input_value()
    assert link.startswith(f"{path_of(site)}#")
    assert urlsplit(link).query == ""

    adviser = browser.new_context(locale="fr-FR")
    other = adviser.new_page()
    asked: list[str] = []
    adviser.on("request", lambda request: asked.append(request.url + str(request.headers.get("referer", ""))))
    other.goto(link)
    expect(other.locator(".told")).to_contain_text("demandeur d’emploi")
    assert "job_seeker" not in "".join(asked)
    assert other.url == path_of(site)
    assert other.evaluate("localStorage.getItem('boussole-situation')") is None  # somebody else's
    other.goto(site)
    for _ in range(3):  # whatever the browser goes back to
        other.go_back()
        assert "job_seeker" not in other.url
        assert "seeker" not in other.title()
        if urlsplit(other.url).scheme == "about":
            break
    adviser.close()


def test_a_damaged_link_is_refused_in_words(person: BrowserContext, site: str) -> None:
    page = person.new_page()
    page.goto(f"{path_of(site)}#situation?status=king&planet=x&session=x")
    expect(page.locator("form.situation[data-answered]")).to_have_count(1)  # asked by the script, shown in place
    expect(page.get_by_role("heading", level=1)).to_have_text("Qui paie pour moi\u00a0?")
    assert "king" not in page.url + page.content()


def test_nothing_of_the_person_is_in_an_address_a_title_or_the_history(person: BrowserContext, site: str) -> None:
    page = person.new_page()
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url + str(request.headers.get("referer", ""))))
    page.goto(path_of(site))
    answer(page, SEEKER | {"cpf_euros": "4321"})
    page.locator(".payer-name a").first.click()
    page.wait_for_load_state()
    page.go_back()
    told = " ".join(addresses) + page.title() + str(page.evaluate("JSON.stringify(history.state)"))
    assert not re.search("job_seeker|4321|allowance|person", told)


def test_the_selection_tells_who_pays_without_script(plain: Page, site: str) -> None:
    keys = [each["key"] for each in offers_of(site, "funder=2&size=3")]
    plain.goto(f"{site}/selection?o={'.'.join(keys)}")
    address = plain.url
    plain.locator(".situation-panel > summary").click()
    plain.get_by_label("Quelle est votre situation").select_option("job_seeker")
    plain.get_by_role("button", name="Voir qui paie").click()
    assert plain.url == address
    row = plain.get_by_role("row", name=re.compile("Qui paie pour moi"))
    expect(row.get_by_role("cell")).to_have_count(3)
    expect(row).to_contain_text("Programme régional de formation")
    row.get_by_role("link", name="Conditions et démarches").first.click()
    assert plain.url == f"{site}/offres/{keys[0]}/financement"


def test_the_selection_for_a_person_has_no_accessibility_fault_and_keeps_notes(
    person: BrowserContext, site: str
) -> None:
    keys = [each["key"] for each in offers_of(site, "funder=2&size=3")]
    page = person.new_page()
    page.goto(f"{site}/selection?o={'.'.join(keys)}")
    page.locator(".compare-note > summary").first.click()
    page.get_by_role("textbox", name="Note sur 1.").fill("rappeler")
    page.locator(".situation-panel > summary").click()
    assert problems_of(page) == []
    page.get_by_label("Quelle est votre situation").select_option("job_seeker")
    page.get_by_role("button", name="Voir qui paie").click()
    expect(page.get_by_role("row", name=re.compile("Qui paie pour moi"))).to_be_visible()
    expect(page).to_have_url(re.compile(f"{keys[0]}~rappeler~"))
    assert "job_seeker" not in page.url
    page.locator(".situation-panel").evaluate("part => part.open = true")
    assert problems_of(page) == []
    assert page.evaluate(KEPT)["answers"] == {"status": "job_seeker"}
