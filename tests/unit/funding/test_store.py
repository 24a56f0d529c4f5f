"""Stored rules come back as they were checked; ``status`` tells what must be read again."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from funding import OWN_FUNDING, PROJECT, Book, check_folder, pack_funding, unpack_funding
from funding.__main__ import main
from funding.evaluation.due import find_due
from indexer.funding.status import funding_lines, funding_status
from tests.unit.funding.samples import RULE, write_folder

CHECKED = check_folder(OWN_FUNDING)
LOADED = "2026-11-29T10:00:00+00:00"


def test_stored_rules_come_back_without_scenarios() -> None:
    packed = pack_funding(CHECKED.texts, PROJECT, LOADED)
    stored = unpack_funding(packed)
    assert (stored.origin, stored.loaded_at) == (PROJECT, LOADED)
    assert stored.book == CHECKED.reading.book
    assert packed["version"] == stored.book.version
    assert packed["count"] == 32


def test_version_follows_what_rules_say_and_not_their_layout(tmp_path: Path) -> None:
    def version(rule: str) -> str:
        return check_folder(write_folder(tmp_path, rule=rule)).reading.book.version

    first = version(RULE)
    assert version("# Une remarque\n\n" + RULE) == first
    assert version(RULE.replace("order = 1", "order = 2")) != first


def test_damaged_rules_are_told() -> None:
    packed = pack_funding(CHECKED.texts, PROJECT, LOADED)
    with pytest.raises(ValueError, match="damaged"):
        unpack_funding(packed | {"data": "x" + packed["data"]})
    with pytest.raises(ValueError, match="another version"):
        unpack_funding(pack_funding({"rules/grant.toml": RULE.replace("employee", "worker")}, PROJECT, LOADED))


def due(today: date, book: Book = CHECKED.reading.book) -> set[tuple[str, str]]:
    return {(due.name, due.by.isoformat()) for due in find_due(book, today)}


def test_what_ends_or_changes_within_60_days_is_due() -> None:
    assert due(date(2026, 10, 1)) == set()
    assert due(date(2026, 11, 29)) == {
        ("csp", "2026-12-31"), ("rff", "2026-12-31"), ("ptp", "2027-01-01"), ("cpf_share", "2026-12-31"),
        ("rff_most", "2026-12-31"),
    }  # fmt: skip
    assert ("prf", "2027-03-31") in due(date(2027, 1, 30))
    assert ("prf", "2027-03-31") not in due(date(2027, 1, 29))
    assert ("prf", "2027-03-31") in due(date(2028, 1, 1))


def test_figure_that_another_one_follows_is_not_due() -> None:
    (share,) = CHECKED.reading.book.amounts["cpf_share"]
    next_one = replace(share, first=date(2027, 1, 1), last=date(2027, 12, 31))
    amounts = {**CHECKED.reading.book.amounts, "cpf_share": (share, next_one)}
    book = replace(CHECKED.reading.book, amounts=amounts)
    assert "cpf_share" not in {name for name, _ in due(date(2026, 11, 29), book)}


def test_status_lists_rules_and_what_is_due() -> None:
    stored = unpack_funding(pack_funding(CHECKED.texts, PROJECT, LOADED))
    status = funding_status(stored, date(2026, 11, 29))
    assert status is not None
    lines = funding_lines(status)
    assert lines[0] == f"  funding rules {stored.book.version}: 32 schemes, loaded {LOADED}"
    assert "  funding, by 2026-12-31: cpf_share, the last figure ends" in lines
    assert [row["by"] for row in status["due"]] == sorted(row["by"] for row in status["due"])
    assert funding_lines(funding_status(None, date(2026, 11, 29))) == ["  funding rules: none"]


def test_check_prints_each_scheme_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], date(2026, 11, 29)) == 0
    out = capsys.readouterr().out
    assert "ptp             10 oui, 28 non, 11 inconnu ; fin le 31/12/2026\n" in out
    assert "ladom           fiche seule, sans règle : LADOM\n" in out
    assert out.endswith(f"Aucune erreur : 32 dispositifs, {len(CHECKED.reading.scenarios)} scénarios.\n")
    assert main([], date(2027, 4, 1)) == 0
    late = capsys.readouterr().out
    assert "en retard : à relire avant le 31/03/2027" in late
    assert "texte du 01/01/2027 à lire" in late
    assert "aucune version en vigueur" in late


def test_check_prints_every_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_folder(tmp_path, rule=RULE.replace("employee", "worker"))
    assert main([str(tmp_path)], date(2026, 11, 29)) == 2
    out = capsys.readouterr().out
    assert out.startswith("1 erreur(s) ; les règles en service ne changent pas :\n")
    assert f"{tmp_path}/rules/grant.toml, line 15: in: unknown value 'worker'" in out
