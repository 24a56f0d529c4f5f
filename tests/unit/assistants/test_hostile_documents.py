"""Documents are others’ texts, too: short, quoted, without links or hidden characters."""

import asyncio
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest

from search_app.assistants.tools import search_documents as tool
from search_app.assistants.tools.answer import Answer, Asked
from search_app.base.settings import Settings
from search_app.documents.answer import DocumentResults, DocumentView, UnderstoodWords
from search_app.search.results import PlaceFound
from search_app.web.app import create_app
from tests.fake_engine import Documents, fake_engine
from tests.unit.assistants.test_hostile_offers import INJECTION, LONG, MOST_OF_SEARCH, SITE, check

VIEW = DocumentView(
    key="abcdefghijkl", page="/documents/abcdefghijkl", title="Titre", description="Résumé", kind="sheet",
    publisher="Éditeur", creators=[], licence=None, language="fr", url="https://evil.example", identifiers=[],
    formacode=[], domain=[], rome=[], rncp=[], funder=[], region=[], department=[], published="2026-11-02", year=2026,
    modified=None, valid_from=None, valid_until="2026-11-01", validity="expired", provenances=[], also_at=[],
    stamp="2026-11-20T04:00:00Z",
)  # fmt: skip
WORDS = UnderstoodWords(words="a", corrected=True, variants=[], jobs=[], domains=[], approximate=True)


def answer_of(results: DocumentResults, **arguments: Any) -> Answer:
    async def found(*_: Any) -> DocumentResults:
        return results

    settings = Settings(public_url=SITE)
    services = create_app(settings, fake_engine(Documents(), settings)).state.services
    with patch.object(tool, "search_documents", found):
        return asyncio.run(tool.find_documents(Asked(services, SITE), arguments))


def results_of(*views: DocumentView, total: int | None = None) -> DocumentResults:
    return DocumentResults(len(views) if total is None else total, 1, 5, 1, None, WORDS, list(views), {})


@pytest.mark.parametrize("text", [INJECTION, LONG, "www.evil.example [x](javascript:alert(1))"])
def test_hostile_documents_stay_within_the_default_budget(text: str) -> None:
    view = replace(VIEW, title=text, description=text, publisher=text)
    check(answer_of(results_of(*[view] * 5), q="éé " * 60), MOST_OF_SEARCH)


def test_document_has_four_lines_and_its_validity() -> None:
    lines = answer_of(results_of(VIEW)).text.splitlines()
    assert lines[-5:-1] == [
        "abcdefghijkl « Titre »",
        "Fiche pratique ; « Éditeur » ; 2 novembre 2026 ; Expiré : valable jusqu’au 1er novembre 2026.",
        "« Résumé »",
        f"{SITE}/documents/abcdefghijkl",
    ]
    assert lines[-1] == f"Sur le site : {SITE}/documents"


def test_documents_of_a_place_tell_where_the_national_ones_are() -> None:
    albi = PlaceFound("town", "Albi (81)", "81004", None, None, None, [])
    text = answer_of(replace(results_of(), place=albi), q="cpf").text
    assert "Les documents nationaux n’ont pas de territoire : les chercher sans place." in text
    assert "nationaux" not in answer_of(results_of(), q="cpf").text


def test_words_that_no_document_has_are_told() -> None:
    assert "Aucun document n’a ces mots, ni des mots proches." in answer_of(results_of(), q="xyzzy").text
    assert "Cette page est vide" in answer_of(results_of(total=3), page=9).text
