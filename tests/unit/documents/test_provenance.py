"""Provenances on the page of a document: what a source tells as its date may be anything."""

import pytest

from search_app.documents.answer import ProvenanceView
from search_app.pages.documents.document_page import to_provenance_row

STAMPS = [
    ("2026-11-02T10:00:00Z", "2 novembre 2026"),
    ("2026-11-02", "2 novembre 2026"),
    ("2026-11", ""),
    ("2026", ""),
    ("2026-99-99", ""),
    ("hier", ""),
    ("", ""),
    (None, ""),
]


@pytest.mark.parametrize(("told", "day"), STAMPS)
def test_datestamp_that_is_no_day_is_left_out(told: str | None, day: str) -> None:
    assert to_provenance_row(ProvenanceView("x", "1", None, told)).day == day
