"""Words that few offers have lead to a funding sheet where nothing is found."""

from __future__ import annotations

import pytest
from lxml import html

from funding import Book
from search_app.pages.search.instead.elsewhere import Instead
from search_app.pages.search.instead.sheets import find_sheets
from search_app.pages.shared.render import render
from tests.unit.pages.funding.funding_samples import BOOK
from tests.unit.pages.pages_samples import results, search_page


@pytest.mark.parametrize(
    ("words", "sheets"),
    [
        ("VAE infirmier", ["/financements/vae"]),
        ("Validation des acquis de l’expérience", ["/financements/vae"]),
        ("vae, validation des acquis", ["/financements/vae"]),
        ("bilan de compétences", ["/financements/cpf"]),
        ("bilan comptable", []),
        ("validation", []),
        ("", []),
    ],
)
def test_words_lead_to_the_sheet_that_answers_them(words: str, sheets: list[str]) -> None:
    assert [link.href for link in find_sheets(words, BOOK)] == sheets


def test_without_rules_there_is_no_sheet() -> None:
    assert find_sheets("vae", Book((), {}, {}, "none")) == ()


def test_page_that_finds_nothing_leads_to_the_sheet() -> None:
    built = search_page([("q", "vae")], results(), instead=Instead(sheets=find_sheets("vae", BOOK)))
    page: html.HtmlElement = html.fromstring(render("search.html", built).decode())
    assert page.xpath("//div[@class='nothing']//a/@href")[0] == "/financements/vae"
    plain: html.HtmlElement = html.fromstring(render("search.html", search_page([("q", "vae")], results())).decode())
    assert "/financements/vae" not in plain.xpath("//a/@href")
