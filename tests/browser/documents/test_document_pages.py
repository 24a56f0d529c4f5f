"""The pages of documents in a browser: no accessibility fault, usable by keyboard and without script."""

import re
import secrets
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from mappings.documents.document import Document
from tests.browser.reused_pages import ReusedPages, refused_by_policy
from tests.browser.test_accessibility import problems_of
from tests.documents.indexed import documents_beside, numbered_document, numbered_documents
from tests.documents.stored import stored_documents
from tests.served import serving

MASON = {"rome": ["F1703"], "formacode": ["22354"], "domain": ["223"]}
LONG = "Anticonstitutionnellement" * 5
STATES = {
    "all documents": "/documents",
    "words, a filter and a place": "/documents?q=guide&kind=guide&place=Albi",
    "misspelt words": "/documents?q=soudeusse",
    "nothing found": "/documents?q=zzzzqqqq",
    "nothing in a place": "/documents?q=soudeur&place=Rennes",
    "beyond the last page": "/documents?page=90",
    "wrong parameters": "/documents?kind=x&place=Nowhereville&page=0&rome=9",
    "a sheet": "/documents/{sheet}",
    "a guide of two sources": "/documents/{guide}",
    "an expired text": "/documents/{text}",
    "a job sheet with offers": "/documents/{job_sheet}",
    "a title of one long word": "/documents/{long}",
    "a removed document": "/documents/{removed}",
    "an offer": "{offer}",
    "a job": "/metiers/F1703-maconnerie",
    "a domain": "/domaines/223-maconnerie-charpente-couverture",
    "a région": "/territoires/region-76-occitanie",
    "a département": "/territoires/departement-81-tarn",
    "a scheme": "/financements/prf",
}


def documents() -> list[Document]:
    """Return documents of every kind, some of them about masons, one with a long title and no description."""
    masons = [numbered_document(number, **MASON) for number in range(200, 206)]
    long = numbered_document(300, title=LONG, description=None, publisher=LONG, url=f"https://{LONG.lower()}.example/")
    told: dict[str, Any] = {"funder": ["2", "10"], "region": [], "published": date(2026, 11, 1)}
    general = numbered_document(301, title="Les aides de la Région", **told)
    return [*stored_documents(), *numbered_documents(60), *masons, long, general]


@pytest.fixture(scope="module", name="site_with")
def site_with_documents(engine_url: str, loaded_prefix: str) -> Iterator[dict[str, str]]:
    """Addresses of the app over the fixtures and documents, by name."""
    own = f"test-{secrets.token_hex(4)}-"
    with documents_beside(engine_url, loaded_prefix, own, documents()), serving(engine_url, own) as app:
        found: Any = httpx.get(f"{app.address}/api/v1/offers?rome=F1703&upcoming=true&size=1", timeout=10).json()
        named = {str(each.kind): each.key for each in stored_documents() if not each.deleted}
        removed = next(each.key for each in stored_documents() if each.deleted)
        long = numbered_document(300).key
        yield {"site": app.address, "offer": found["results"][0]["url"], "removed": removed, "long": long, **named}


@pytest.fixture(name="page", params=[1280, 390])
def page_at_both_widths(request: pytest.FixtureRequest, reused: ReusedPages) -> Page:
    return reused.blank(request.param)


def address(site_with: dict[str, str], state: str) -> str:
    return site_with["site"] + STATES[state].format(**site_with)


@pytest.mark.parametrize("state", STATES)
def test_a_page_has_no_accessibility_fault(page: Page, site_with: dict[str, str], state: str) -> None:
    with refused_by_policy(page) as refused:
        page.goto(address(site_with, state))
        assert problems_of(page) == []
    assert refused == []


@pytest.mark.parametrize("state", STATES)
def test_nothing_scrolls_sideways_at_320_pixels(reused: ReusedPages, site_with: dict[str, str], state: str) -> None:
    page = reused.blank(320, 640)
    page.goto(address(site_with, state))
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    low = page.evaluate(
        """() => [...document.querySelectorAll('.documents a, .document-links a, .documents-all a, .document-text a')]
            .filter(e => Math.max(e.getBoundingClientRect().height, e.closest('li')?.offsetHeight ?? 0) < 44)
            .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert low == []


@pytest.mark.parametrize("state", ["an offer", "a job", "a domain", "a région", "a département", "a scheme"])
def test_page_has_a_block_of_documents(page: Page, site_with: dict[str, str], state: str) -> None:
    page.goto(address(site_with, state))
    block = page.get_by_role("region", name="S’informer")
    assert 1 <= block.locator(".document-card").count() <= 5
    block.locator(".document-title a").first.click()
    page.wait_for_url("**/documents/*")


def test_expired_text_says_so_at_the_top_and_in_lists(page: Page, site_with: dict[str, str]) -> None:
    page.goto(address(site_with, "an expired text"))
    expect(page.locator(".document-notice")).to_have_text("Expiré\xa0: valable jusqu’au 30 juin 2026.")
    page.goto(f"{site_with['site']}/documents?q=abondements")
    expect(page.locator(".document-warning")).to_contain_text("Expiré")


def test_offers_beside_a_document_are_those_of_the_linked_search(page: Page, site_with: dict[str, str]) -> None:
    page.goto(address(site_with, "a job sheet with offers"))
    links = page.locator(".document-text .portal-links a")
    assert links.count() >= 2
    counted = {
        str(links.nth(at).get_attribute("href")): int(links.nth(at).locator(".tally").inner_text().split("offre")[0])
        for at in range(links.count())
    }
    for href, count in counted.items():
        told = httpx.get(f"{site_with['site']}{href.replace('/offres', '/api/v1/offers')}", timeout=10).json()
        assert told["total"] == count, href


def test_search_filters_and_pages_work_without_script(browser: Browser, site_with: dict[str, str]) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{site_with['site']}/documents")
    feeds = page.locator('link[rel="alternate"][type="application/atom+xml"], link[type="application/feed+json"]')
    assert feeds.count() == 2
    page.get_by_label("Fiche métier").check()
    page.get_by_role("button", name="Afficher les documents").click()
    expect(page).to_have_url(re.compile(re.escape("kind=job_sheet")))
    expect(page.locator(".chip")).to_contain_text("Fiche métier")
    page.get_by_label("Mots, titre ou numéro").fill("soudeuse")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.locator(".document-card")).to_have_count(1)
    page.locator(".document-title a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Soudeur, soudeuse\xa0: le métier")
    context.close()


def test_from_the_search_to_a_document_by_keyboard(page: Page, site_with: dict[str, str]) -> None:
    page.goto(f"{site_with['site']}/documents")
    page.get_by_label("Mots, titre ou numéro").focus()
    page.keyboard.type("reprendre guide")
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents?q=*")
    page.locator(".document-title a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/documents/{site_with['guide']}")
    expect(page.get_by_role("link", name="Lire le document sur carif.example")).to_be_visible()
