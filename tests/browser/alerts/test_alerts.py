"""An alert from the results to its end in a real browser: without script, by keyboard, without accessibility faults."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_accessibility import problems_of
from tests.engine.installation import Action, Installation
from tests.served import serving

OLD = Action("A1", sessions=("S1",), funders=("2",))
NEW = Action("A2", title="Soudure sur acier", sessions=("S2",), funders=("2",))


@pytest.fixture(scope="module", name="demonstration")
def demonstration_with_its_indexer(
    engine_url: str, module_index_prefix: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Installation]]:
    """A demonstration, which displays its mails, and the commands of its operator."""
    installation = Installation(
        engine_url, module_index_prefix, Path(tmp_path_factory.mktemp("alerts")), {"BOUSSOLE_DEMONSTRATION": "true"}
    )
    assert installation.load(OLD).status == 0
    with serving(engine_url, module_index_prefix, DEMONSTRATION="true") as served:
        # As the operator of a demonstration has it, whose links lead to the port of the app.
        installation.settings["BOUSSOLE_PUBLIC_URL"] = served.address
        yield served.address, installation


def shown(page: Page, site: str, text: str) -> None:
    """Open the page of mails until it displays a text."""
    for _ in range(40):
        page.goto(f"{site}/courriels")
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"no mail with « {text} »")


@pytest.fixture(name="context", params=[(1280, "light"), (390, "dark")])
def context_at_both_widths(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    width, scheme = request.param
    made = browser.new_context(
        java_script_enabled=True, locale="fr-FR", viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    yield made
    made.close()


def test_from_results_to_the_end_without_script(browser: Browser, demonstration: tuple[str, Installation]) -> None:
    site, installation = demonstration
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{site}/offres?q=soudure")
    page.get_by_role("link", name="M’avertir des nouvelles offres").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("M’avertir des nouvelles offres")
    page.get_by_label("Votre adresse électronique").fill("plain@exemple.fr")
    page.get_by_label("Chaque jour").check()
    page.get_by_role("button", name="Demander l’alerte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez vos courriels")
    shown(page, site, "plain@exemple.fr")
    page.locator('a[href*="/alertes/confirmation/"]').first.click()
    page.get_by_role("button", name="Confirmer l’alerte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alerte confirmée")
    assert installation.load(OLD, NEW).status == 0
    with ThreadPoolExecutor(1) as thread:  # this one has the event loop of the browser
        assert thread.submit(installation.run, "alerts", "send").result().status == 0
    shown(page, site, "nouvelle offre")
    page.get_by_role("link", name="Le même en HTML").first.click()
    expect(page.get_by_role("link", name="Soudure sur acier")).to_be_visible()
    page.get_by_role("link", name="Ne plus recevoir cette alerte").click()
    page.get_by_role("button", name="Arrêter l’alerte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alerte arrêtée")
    context.close()


def test_no_page_of_alerts_has_an_accessibility_fault(
    context: BrowserContext, demonstration: tuple[str, Installation]
) -> None:
    site, _ = demonstration
    page = context.new_page()
    name = f"p{context.pages[0].viewport_size['width']}@exemple.fr"  # type: ignore[index]
    problems: dict[str, list[str]] = {}

    def look(what: str) -> None:
        problems[what] = problems_of(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what

    for what, query in (("results", "q=soudure"), ("nothing found", "q=nothingatall")):
        page.goto(f"{site}/offres?{query}")
        look(what)
    page.get_by_role("link", name="M’avertir des nouvelles offres").click()
    look("form")
    page.get_by_label("Votre adresse électronique").fill("a@b..fr")
    page.locator("form.alerts-form").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Demander l’alerte").click()
    look("fault")
    page.get_by_role("link", name="La partie après le @").click()
    expect(page.get_by_label("Votre adresse électronique")).to_be_focused()
    page.keyboard.type(name)
    for _ in range(4):  # rhythm, what is kept, the button
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "BUTTON":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez vos courriels")
    look("asked")
    shown(page, site, name)
    look("mails")
    article = page.get_by_role("article").filter(has_text=name).first
    mail, confirm, stop = (
        article.locator(f'a[href*="{part}"]').get_attribute("href") or ""
        for part in ("/courriels/", "/alertes/confirmation/", "/alertes/desabonnement/")
    )
    for what, address in (("mail", f"{site}{mail}"), ("confirm", confirm), ("stop", stop)):
        page.goto(address)
        if what != "mail":  # its policy lets no test script in
            look(what)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
    page.goto(f"{site}/confidentialite")
    look("privacy")
    assert {what: found for what, found in problems.items() if found} == {}
