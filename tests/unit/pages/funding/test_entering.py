"""By when a session is entered, in words."""

from __future__ import annotations

from datetime import date

import pytest

from funding import SessionFacts
from search_app.pages.funding.dossier.entering import entering_text
from tests.unit.pages.funding.funding_samples import ON, SESSION

JUNE = date(2027, 6, 1)
END = date(2027, 12, 31)


@pytest.mark.parametrize(
    ("session", "told"),
    [
        (SESSION, "Avant le 14 décembre 2026, début de la session"),
        (SessionFacts(JUNE, date(2027, 6, 30), END, END), "Avant le début de la session, au plus tôt le 1er juin 2027"),
        (SessionFacts(JUNE, JUNE, END, END, permanent=True), "Avant l’entrée, possible à partir du 1er juin 2027"),
        (SessionFacts(ON, ON, END, END, permanent=True), "Avant l’entrée, possible à tout moment"),
        (SessionFacts(None, None, None, None, permanent=True), "Avant l’entrée, possible à tout moment"),
        (SessionFacts(ON, ON, END, END), "Dès maintenant, la session a commencé"),
        (SessionFacts(None, None, None, None), "Avant le début de la session, date à demander à l’organisme"),
        (None, "Avant le début de la session, date à demander à l’organisme"),
    ],
)
def test_every_session_has_a_by_when(session: SessionFacts | None, told: str) -> None:
    assert entering_text(session, None, ON) == told
