"""The page of one document: each address and each number stands once; and what words mean, above a list."""

from datetime import date
from typing import Any

import pytest

from search_app.documents.answer import UnderstoodWords
from search_app.documents.present import to_document
from search_app.pages.documents.document_page import DocumentPage, build_document_page
from search_app.pages.documents.list_page import word_notes
from search_app.pages.portal.frame import Site
from search_app.search.reference_data import Snapshot
from search_app.search.results import CodeView, JobView
from tests.documents.stored import stored_documents

FIRST, SECOND, THIRD = (f"https://carif.example/{name}" for name in ("guide", "copie", "ancien"))


def page_of(*provenances: dict[str, str], also_at: tuple[str, ...] = ()) -> DocumentPage:
    stored: dict[str, Any] = stored_documents()[1].model_dump(mode="json")
    view = to_document({**stored, "provenances": provenances, "also_at": also_at}, date(2026, 11, 30))
    return build_document_page(view, (), Snapshot(), Site())


def test_identifier_that_is_the_address_is_displayed_once() -> None:
    page = page_of(
        {"source": "a", "identifier": FIRST, "url": FIRST},
        {"source": "b", "identifier": "carif.example/guide", "url": FIRST},
        {"source": "c", "identifier": "oai:carif.example:1", "url": FIRST},
        {"source": "d", "identifier": SECOND},
    )
    assert [row.identifier for row in page.provenances] == ["", "", "oai:carif.example:1", SECOND]


def test_menu_names_the_documents() -> None:
    assert page_of().layout.section == "documents"


def test_other_addresses_are_those_that_no_source_has() -> None:
    page = page_of({"source": "a", "identifier": "1", "url": SECOND}, also_at=(SECOND, THIRD))
    assert [link.href for link in page.also_at] == [THIRD]


@pytest.mark.parametrize(
    ("jobs", "domains", "told"),
    [
        (1, 0, "le métier « J0 »"),
        (1, 1, "le métier « J0 » et le domaine « D0 »"),
        (2, 1, "le métier « J0 », le métier « J1 » et le domaine « D0 »"),
    ],
)
def test_meanings_are_listed_as_in_a_sentence(jobs: int, domains: int, told: str) -> None:
    understood = UnderstoodWords(
        "mots", False, [], [JobView(str(n), f"J{n}", "") for n in range(jobs)],
        [CodeView(str(n), f"D{n}") for n in range(domains)], False,
    )  # fmt: skip
    assert word_notes("mots", understood) == [f"Vos mots désignent aussi {told}."]
