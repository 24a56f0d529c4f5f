"""Picking offers, comparing them and handing them over: without script, with it, and on paper."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote_plus, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from mappings.keys import key_of
from search_app.pages.selection.shortlist import read_selection
from tests.browser.test_accessibility import problems_of

SEARCH = "/offres?place=Occitanie&upcoming=true&size=5"


@pytest.fixture(name="plain")
def page_without_script(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR", viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture(name="person", params=[1280, 390])
def somebody(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        locale="fr-FR", viewport={"width": request.param, "height": 900}, permissions=["clipboard-read"]
    )
    yield context
    context.close()


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def keys_in(page: Page, name: str = "o") -> tuple[str, ...]:
    return read_selection(asked(page).get(name, [])).selection.keys


def heads(page: Page) -> list[str]:
    """Return the keys of the compared offers, in the order of the columns."""
    page.wait_for_load_state()
    links = page.locator(".compare-title a").evaluate_all("links => links.map(link => link.pathname)")
    return [str(link).removeprefix("/offres/") for link in links]


def note(page: Page, number: int) -> Locator:
    """Return the field of an offer's note; unfolds it."""
    page.wait_for_load_state()
    field = page.get_by_role("textbox", name=f"Note sur {number}.")
    if not field.is_visible():
        page.locator(".compare-note > summary").nth(number - 1).click()
    return field


def pick(page: Page, number: int) -> str:
    """Pick the card of this number; returns its key."""
    card = page.locator(".card").nth(number)
    card.get_by_text("Garder").click()
    expect(card.get_by_text("Retirer")).to_be_visible()
    return str(card.locator("[data-key]").get_attribute("data-key"))


def test_two_offers_of_two_pages_are_compared_ordered_noted_and_removed_without_script(plain: Page, site: str) -> None:
    plain.goto(site + SEARCH)
    first = pick(plain, 1)
    expect(plain.locator(".card").nth(1)).to_be_in_viewport()
    assert len(keys_in(plain, "selection")) == 1
    plain.get_by_role("link", name="Suivante").click()
    assert asked(plain)["page"] == ["2"]
    second = pick(plain, 0)
    assert asked(plain)["page"] == ["2"]

    bar = plain.get_by_role("complementary", name="Votre sélection")
    expect(bar).to_contain_text("2\u00a0offres dans votre sélection")
    bar.get_by_role("link", name="Voir et comparer").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Ma sélection\u00a0: 2\u00a0offres")
    assert heads(plain) == [first, second]
    expect(plain.get_by_role("rowheader").first).to_have_text("Contact")

    note(plain, 2).fill("à voir d’abord : 14 h")
    plain.get_by_role("button", name="Enregistrer la note : 2.").click()
    assert set(asked(plain)) == {"o", "place"}
    note(plain, 1).fill("le mardi")  # typed, but never saved
    plain.get_by_role("button", name="Avant : 2.").click()
    assert heads(plain) == [second, first]
    expect(note(plain, 2)).to_have_value("le mardi")
    expect(note(plain, 1)).to_have_value("à voir d’abord : 14 h")
    plain.get_by_text("Partager").click()
    expect(plain.get_by_label("Adresse de cette sélection")).to_have_value(plain.url.split("#")[0])

    plain.get_by_role("link", name="Ajouter d’autres offres").click()
    third = pick(plain, 2)
    plain.locator(".selection-bar").get_by_role("link").click()
    assert heads(plain) == [second, first, third]
    expect(note(plain, 1)).to_have_value("à voir d’abord : 14 h")

    plain.get_by_role("button", name="Retirer : 2.").click()
    assert heads(plain) == [second, third]
    plain.locator(".compare-title a").first.click()
    plain.locator(".offer-head").get_by_role("link", name="Retirer").click()
    assert len(keys_in(plain, "selection")) == 1


def test_a_search_made_while_picking_keeps_what_was_picked_without_script(plain: Page, site: str) -> None:
    plain.goto(site + SEARCH)
    pick(plain, 0)
    kept = keys_in(plain, "selection")
    plain.get_by_label("Quelle formation").fill("cuisine")
    plain.get_by_role("button", name="Rechercher").click()
    assert asked(plain)["q"] == ["cuisine"]
    assert keys_in(plain, "selection") == kept
    plain.get_by_role("link", name="Retirer le filtre Mots").click()
    assert keys_in(plain, "selection") == kept


def test_on_paper_there_are_no_buttons_and_every_link_is_a_text(plain: Page, site: str) -> None:
    plain.goto(site + SEARCH)
    pick(plain, 0)
    pick(plain, 1)
    plain.locator(".selection-bar").get_by_role("link").click()
    plain.wait_for_load_state()
    expect(plain.get_by_text(f"{site}/offres/").first).to_be_hidden()
    plain.emulate_media(media="print")
    for key in keys_in(plain):
        expect(plain.get_by_text(f"{site}/offres/{key}", exact=True)).to_be_visible()
    expect(plain.locator("p", has_text=f"{site}/selection?o=")).to_be_visible()
    for shown in plain.locator("main").locator("button, textarea, input, summary, .compare-acts").all():
        expect(shown).to_be_hidden()
    assert plain.pdf(format="A4").count(b"/Type /Page\n") <= 3


def test_many_offers_stand_one_below_the_other_on_paper(plain: Page, site: str) -> None:
    plain.goto(site + "/offres?upcoming=true&size=6")
    keys = plain.locator("[data-key]").evaluate_all("links => links.map(link => link.dataset.key)")
    plain.goto(f"{site}/selection?o={'.'.join(keys)}")
    plain.emulate_media(media="print")
    tops = [box["y"] for head in plain.locator(".compare-head[id]").all() if (box := head.bounding_box())]
    prices = plain.locator('td[data-row="Qui paie"]').all()
    assert len(tops) == len(prices) == 6
    for number, price in enumerate(prices):
        box = price.bounding_box()
        assert box is not None
        assert tops[number] < box["y"]
        assert number == 5 or box["y"] < tops[number + 1]


def open_results(person: BrowserContext, site: str, address: str = SEARCH) -> Page:
    page = person.new_page()
    page.goto(site + address)
    expect(page.locator(".pick-link").first).to_have_role("button")
    return page


def test_with_script_offers_are_picked_in_place_announced_and_kept_in_the_browser(
    person: BrowserContext, site: str
) -> None:
    page = open_results(person, site)
    before = page.url
    page.evaluate("window.untouched = true")
    pick(page, 0)
    title = page.locator(".card-title").first.inner_text()
    expect(page.locator("#selection-said")).to_contain_text(f"Ajoutée\u00a0: {title}")
    expect(page.locator("#selection-said")).to_contain_text("1\u00a0offre dans votre sélection")
    pick(page, 1)
    expect(page.locator(".selection-bar")).to_contain_text("2\u00a0offres")
    button = page.locator(".pick-link").nth(2)
    button.focus()
    page.keyboard.press("Space")
    expect(page.locator(".selection-bar")).to_contain_text("3\u00a0offres")
    page.keyboard.press("Enter")
    expect(page.locator(".selection-bar")).to_contain_text("2\u00a0offres")
    assert page.evaluate("window.untouched")
    assert page.url == before
    assert problems_of(page) == []

    other = open_results(person, site, f"{SEARCH}&page=4")
    pick(other, 0)
    expect(page.locator(".selection-bar")).to_contain_text("3\u00a0offres")  # the tab that was open before
    other.goto(site)
    other.get_by_role("link", name="Sélection").click()
    expect(other.locator(".compare-title")).to_have_count(3)


def test_with_script_changes_of_ones_own_selection_are_kept(person: BrowserContext, site: str) -> None:
    page = open_results(person, site)
    keys = [pick(page, number) for number in range(3)]
    page.locator(".selection-bar").get_by_role("link").click()
    page.get_by_role("button", name="Retirer : 2.").click()
    page.get_by_role("button", name="Après : 1.").click()
    expect(page.locator(".compare-title a").first).to_have_attribute("href", re.compile(f"/offres/{keys[2]}"))
    page.get_by_role("link", name="Ajouter d’autres offres").click()
    expect(page.locator(".selection-bar")).to_contain_text("2\u00a0offres")
    expect(page).not_to_have_url(re.compile("selection="))  # the server wrote the bar, the script takes the address
    page.locator(".selection-bar").get_by_role("link").click()
    assert heads(page) == [keys[2], keys[0]]
    page.get_by_role("button", name="Retirer : 1.").click()
    expect(page.locator(".compare-title")).to_have_count(1)
    page.get_by_role("button", name="Retirer : 1.").click()
    expect(page.get_by_text("Votre sélection est vide")).to_be_visible()
    page.wait_for_load_state()  # the server wrote that it is empty, the script forgets what was kept
    page.goto(f"{site}/selection")
    expect(page.get_by_text("Votre sélection est vide")).to_be_visible()


def test_a_selection_that_was_handed_over_replaces_nothing_until_one_says_so(person: BrowserContext, site: str) -> None:
    page = open_results(person, site)
    pick(page, 0)
    keys = page.locator("[data-key]").evaluate_all("links => links.map(link => link.dataset.key)")
    page.goto("about:blank")
    page.goto(f"{site}/selection?o={keys[3]}.{keys[4]}")
    keep = page.get_by_role("button", name="Garder ces offres")
    expect(keep).to_be_visible()
    kept = "JSON.parse(localStorage.getItem('boussole-selection')).text"
    assert page.evaluate(kept) == keys[0]
    keep.click()
    assert page.evaluate(kept) == ".".join((keys[0], keys[3], keys[4]))
    expect(keep).to_be_hidden()
    expect(page.locator("#selection-said")).to_contain_text("3\u00a0offres dans votre sélection")


def test_the_address_is_copied_and_said(person: BrowserContext, site: str) -> None:
    page = open_results(person, site)
    pick(page, 0)
    page.locator(".selection-bar").get_by_role("link").click()
    page.get_by_text("Partager").click()
    page.get_by_role("button", name="Copier l’adresse").click()
    expect(page.locator("#selection-said")).to_have_text("Adresse copiée.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


NOTE = "rappeler l’accueil (14 h) : 50 % & « café* » ~ 'oui' !"


def test_a_note_that_is_typed_is_in_every_address_before_it_is_saved(person: BrowserContext, site: str) -> None:
    page = open_results(person, site)
    for number in range(2):
        pick(page, number)
    page.locator(".selection-bar").get_by_role("link").click()
    before = page.url
    note(page, 1).press_sequentially(NOTE)
    written = NOTE.replace("~", "-")
    expect(page).not_to_have_url(before)
    copied = page.get_by_label("Adresse de cette sélection").input_value()
    expect(page).to_have_url(copied)  # page.url lags behind the keys
    assert read_selection(asked(page)["o"]).selection.picks[0].note == written
    ways = page.locator(".hand-over-ways a").evaluate_all("links => links.map(link => link.href)")
    assert [name for name in ("mailto:", ".csv", ".ics") for way in ways if name in way.partition("?")[0]] != []
    for way in ways:
        query = parse_qs(urlsplit(way).query)
        text = query["body"][0].rpartition("o=")[2] if "body" in query else way.partition("?")[2].removeprefix("o=")
        assert read_selection([unquote_plus(text.partition("&")[0])]).selection.picks[0].note == written
    page.get_by_role("link", name="Ajouter d’autres offres").click()
    page.locator(".selection-bar").get_by_role("link").click()
    expect(note(page, 1)).to_have_value(written)


def test_the_address_is_the_one_that_saving_leads_to(person: BrowserContext, site: str) -> None:
    page = open_results(person, site)
    pick(page, 0)
    page.locator(".selection-bar").get_by_role("link").click()
    field = note(page, 1)
    field.press_sequentially(f"  {NOTE} ")
    typed: str = page.evaluate("location.href")  # page.url lags behind the keys
    page.get_by_role("button", name="Enregistrer la note").click()
    expect(field).to_have_value(NOTE.replace("~", "-"))
    assert parse_qs(urlsplit(page.url).query)["o"] == parse_qs(urlsplit(typed).query)["o"]


def test_a_selection_is_forgotten_after_half_a_day(person: BrowserContext, site: str) -> None:
    page = open_results(person, site)
    pick(page, 0)
    page.evaluate(
        """() => { const kept = JSON.parse(localStorage.getItem('boussole-selection'));
                   kept.at -= 13 * 3600 * 1000;
                   localStorage.setItem('boussole-selection', JSON.stringify(kept)); }"""
    )
    page.reload()
    expect(page.locator(".pick-link").first).to_have_role("button")
    expect(page.locator(".selection-bar")).to_be_hidden()


def test_a_full_selection_takes_no_more_and_says_so(person: BrowserContext, site: str) -> None:
    page = open_results(person, site)
    fifty = ".".join(key_of(str(number)) for number in range(50))
    page.evaluate("text => localStorage.setItem('boussole-selection', JSON.stringify({text, at: Date.now()}))", fifty)
    page.reload()
    expect(page.locator(".selection-bar")).to_contain_text("50\u00a0offres")
    page.locator(".pick-link").first.click()
    expect(page.locator("#selection-said")).to_contain_text("La sélection est pleine")
    expect(page.locator(".selection-bar")).to_contain_text("50\u00a0offres")


def test_nothing_that_has_the_focus_is_behind_the_bar_of_the_selection(person: BrowserContext, site: str) -> None:
    page = open_results(person, site)
    pick(page, 0)
    page.locator(".pick-link").first.focus()
    assert hidden_while_tabbing(page, 40) == []
    page.locator(".card-title a").first.click()  # its bar has contact and picking, on a phone
    page.wait_for_load_state()
    page.locator(".offer-back a").focus()
    assert hidden_while_tabbing(page, 40) == []


def hidden_while_tabbing(page: Page, times: int) -> list[str]:
    """Return what had the focus and was covered by something else."""
    hidden = []
    for _ in range(times):
        page.keyboard.press("Tab")
        hidden_by = page.evaluate(
            """() => { const e = document.activeElement, box = e.getClientRects()[0];
                       if (!box || e === document.body) return null;
                       const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                       return e.contains(top) ? null : e.textContent + ' behind ' + (top && top.className) }"""
        )
        hidden += [hidden_by] if hidden_by else []
    return hidden


DIALLED = "document.querySelector('.brief-facts [href^=tel]').textContent.replace(/\\D/g, '')"


def test_an_offer_answers_without_a_scroll_and_four_are_called_within_two_screens(
    person: BrowserContext, site: str
) -> None:
    page = person.new_page()
    phone = page.evaluate("innerWidth") == 390
    height = 844 if phone else 900
    page.set_viewport_size({"width": 390 if phone else 1280, "height": height})
    found = page.request.get(f"{site}/api/v1/offers?upcoming=true&seats=1&size=4").json()["results"]
    page.goto(f"{site}/offres/{found[0]['key']}")
    bar = page.locator(".offer-bar").bounding_box()
    seen = bar["y"] if bar else height
    terms = page.locator(".brief-facts dt").all_inner_texts()
    assert terms[:4] == ["Prochaine session", "Places", "Pour entrer", "Prix"]
    for fact in page.locator(".brief-facts .fact").all()[:5]:
        box = fact.bounding_box()
        assert box
        assert box["y"] + box["height"] <= seen, fact.inner_text()
    assert bool(bar) is phone
    if bar:
        assert page.locator(".offer-bar a").first.get_attribute("href") == f"tel:{page.evaluate(DIALLED)}"
        assert bar["y"] + bar["height"] <= height
    page.goto(f"{site}/selection?o={'.'.join(offer['key'] for offer in found)}")
    contacts = [cell.bounding_box() for cell in page.locator('td[data-row="Contact"]').all()]
    assert len(contacts) == 4
    assert all(box and box["y"] + box["height"] <= 2 * height for box in contacts)


def test_what_was_picked_is_still_shown_when_results_change_in_place(person: BrowserContext, site: str) -> None:
    page = open_results(person, site)
    key = pick(page, 0)
    page.evaluate("window.untouched = true")
    page.get_by_role("link", name="Suivante").click()
    page.wait_for_url("**page=2")
    expect(page.locator(".pick-in")).to_have_count(0)
    expect(page.locator(".selection-bar")).to_contain_text("1\u00a0offre")
    page.go_back()
    expect(page.locator(".pick-in")).to_have_attribute("data-key", key)
    assert page.evaluate("window.untouched")
