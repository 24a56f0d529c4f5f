"""Faults of a table are told as it stands: its own heads and cells, and what a table may hold."""

from datetime import UTC, datetime

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from seats.statements.entries import Entries
from seats.statements.forms import HEADS, CsvForm, Entry, UnusableForm
from seats.statements.parse import Rejection, Statement
from seats.statements.table_faults import REASONS
from tests.away_engine import away_app

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
COLUMNS = ("session", "funder", "capacity", "available", "sequence", "observed_at")
SOUND = {
    "session": "S1",
    "funder": "2",
    "capacity": "12",
    "available": "3",
    "sequence": "7",
    "observed_at": "22/11/2026",
}


def read(*rows: str) -> list[Entry]:
    entries = Entries(CsvForm())
    found = [entry for row in rows for _, entry in entries.take(row.encode(), NOW)]
    return found + [entry for _, entry in entries.end(NOW)]


@pytest.mark.parametrize("rank", [0, 1])
@pytest.mark.parametrize(
    ("field", "cell", "told"),
    [
        ("session", "", "numéro de session"),
        ("funder", "99", "un code LHEO de 0 à 20 est attendu"),
        ("capacity", "douze", "ou une cellule vide"),
        ("available", "-3", "ou une cellule vide"),
        ("sequence", "premier", "un entier de 0 à"),
        ("sequence", "9 007 199 254 740 992", "trop grand"),
        ("observed_at", "31/02/2026", "JJ/MM/AAAA"),
        ("observed_at", "hier", "JJ/MM/AAAA"),
        ("observed_at", "2026-11-22T19:25", "23/11/2026 19:25"),
        ("observed_at", "25/11/2026 19:25", "futur"),
    ],
)
def test_a_fault_has_the_head_and_the_cell_of_its_table(field: str, cell: str, told: str, rank: int) -> None:
    heads = [HEADS[name][rank] for name in COLUMNS]
    (fault,) = read(";".join(heads), ";".join((SOUND | {field: cell}).values()))
    assert isinstance(fault, Rejection)
    assert (fault.field, fault.value) == (HEADS[field][rank], cell)
    assert told in fault.reason
    assert not any(word in fault.reason for word in ("null", "sous forme de texte"))


def test_heads_are_told_as_they_are_written() -> None:
    (fault,) = read("Session;Financeur;Places  restantes", "S1;2;douze")
    assert isinstance(fault, Rejection)
    assert fault.field == "Places restantes"
    (fault,) = read("places_restantes;financeur;session", "3;2")
    assert isinstance(fault, Rejection)
    assert (fault.field, fault.value, fault.reason) == ("session", None, "cellule absente")


def test_a_statement_keeps_the_head_of_its_session_for_later_faults() -> None:
    (entry,) = read("numero_session;financeur;places_restantes", "S1;2;3")
    assert isinstance(entry, Statement)
    assert entry.session_head == "numero_session"


@pytest.mark.parametrize("rows", [("sep=;",), ("", "sep=;", ""), ("sep=;", ";;;", "")])
def test_a_table_of_its_separator_alone_is_unusable(rows: tuple[str, ...]) -> None:
    with pytest.raises(UnusableForm, match="aucune ligne"):
        read(*rows)
    assert read("", ";;") == []


def test_no_reason_for_tables_speaks_of_json() -> None:
    assert not any(word in reason for reason in REASONS.values() for word in ("null", "champ", "JSON"))


def test_the_api_refuses_a_table_of_its_separator_alone() -> None:
    token = "me:at-least-16-letters"
    headers = {"Authorization": f"Bearer {token.partition(':')[2]}", "Content-Type": "text/csv"}
    with TestClient(away_app(seats_tokens=SecretStr(token))) as client:
        refused = client.post("/api/v1/seats", content=b"sep=;\r\n", headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_form")
    assert "aucune ligne" in refused.json()["error"]["message"]
