"""The ledger as a file, and back, while statements go on."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.errors import EngineError
from mappings.names import IndexNames
from seats.ledger.store import PAGE
from tests.engine.fault_proxy import Asked, fault_proxy
from tests.engine.installation import Action, Installation, Run, statement

ROOT = Path(__file__).parents[3]
CATALOGUE = (
    Action("A1", sessions=("S1", "S2"), funders=("2", "4")),
    Action("A2", sessions=("S3",), funders=("4",)),
)


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    made = Installation.with_rules(engine_url, index_prefix, tmp_path)
    made.load(*CATALOGUE)
    made.seats(statement("S1", 5, 2), statement("S1", 3, funder="4"), statement("S3", None, 10**15), statement("S9", 1))
    return made


@pytest.fixture
def other(installation: Installation, tmp_path: Path) -> Installation:
    """A second installation in the same engine, with nothing in it."""
    folder = tmp_path / "other"
    folder.mkdir()
    return Installation(installation.engine_url, f"{installation.prefix}other-", folder)


def ledger_of(installation: Installation) -> dict[str, tuple[int, dict[str, Any]]]:
    """Return version and document of everything in the ledger, by id."""
    installation.call("POST", f"{installation.names.ledger}/_refresh")
    body = {"size": 10_000, "version": True}
    hits = installation.call("POST", f"{installation.names.ledger}/_search", body)["hits"]["hits"]
    return {hit["_id"]: (hit["_version"], hit["_source"]) for hit in hits}


def documents(lines: bytes) -> list[dict[str, Any]]:
    return sorted((json.loads(line) for line in lines.splitlines()), key=lambda row: (row["session"], row["funder"]))


def export(installation: Installation, name: str = "ledger.ndjson") -> Path:
    path = installation.folder / name
    run = installation.run("seats-export", str(path))
    assert run.status == 0, run.err
    assert [child.name for child in installation.folder.iterdir() if child.name.endswith(".part")] == []
    return path


def restore(installation: Installation, path: Path) -> Run:
    return installation.run("seats-restore", str(path))


def test_an_export_holds_every_document_whole_and_says_how_many(installation: Installation) -> None:
    plain, packed = export(installation), export(installation, "ledger.ndjson.gz")
    stored = sorted(
        (row for _, row in ledger_of(installation).values()), key=lambda row: (row["session"], row["funder"])
    )
    assert documents(plain.read_bytes()) == stored
    assert {"received_at", "producer"} <= set(stored[0])
    assert documents(gzip.decompress(packed.read_bytes())) == stored
    assert installation.run("seats-export", str(plain)).err.splitlines()[-1] == "4 statements exported"


def test_an_export_goes_to_the_output_too(installation: Installation) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "indexer", "seats-export", "-"],
        env=installation.environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=60,
    )
    assert run.returncode == 0
    assert documents(run.stdout) == documents(export(installation).read_bytes())
    assert run.stderr.decode().splitlines() == ["4 statements exported"]


def test_an_export_shows_one_moment_though_statements_go_on(installation: Installation) -> None:
    installation.seats(*(statement(f"X{number}", 1) for number in range(PAGE + 500)))
    before = [row for _, row in ledger_of(installation).values()]
    direct = installation.engine_url
    stating = Installation(direct, installation.prefix, installation.folder / "stating")
    stating.folder.mkdir()
    accepted: list[int] = []

    def state_meanwhile(asked: Asked) -> None:
        if asked.path.partition("?")[0] == "/_search" and asked.count == 2:
            rows = (statement("S1", 9, 7), statement("Y1", 1), statement(f"X{PAGE + 400}", 8, 2))
            accepted.append(stating.seats(*rows).json["accepted"])

    with fault_proxy(direct, state_meanwhile) as address:
        installation.engine_url = address
        path = export(installation)
        installation.engine_url = direct
    assert accepted == [3]
    assert documents(path.read_bytes()) == sorted(before, key=lambda row: (row["session"], row["funder"]))


def test_an_export_that_fails_leaves_the_earlier_file_as_it_was(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = export(installation)
    whole = path.read_bytes()

    def fail(view: Any) -> Any:
        raise EngineError("the engine went away")

    monkeypatch.setattr("indexer.seats.copy.read_page", fail)
    run = installation.run("seats-export", str(path))
    assert (run.status, run.trouble) == (2, ["indexer: the engine went away"])
    assert path.read_bytes() == whole
    assert list(path.parent.glob("*.part")) == []


def test_an_export_brings_an_empty_installation_to_the_same_ledger(
    installation: Installation, other: Installation
) -> None:
    run = restore(other, export(installation, "ledger.ndjson.gz"))
    assert (run.status, run.json) == (
        0,
        {"restored": 4, "stale": 0, "unknown": 4, "rejected": 0, "rejections": []},
    )
    assert ledger_of(other) == ledger_of(installation)
    other.load(*CATALOGUE)
    assert other.left("S1") == {"2": 5, "4": 3, "any": 5}
    assert other.left("S3") == {}


def test_what_is_newer_in_the_ledger_stays_and_what_is_older_is_mended_in_the_offers_too(
    installation: Installation,
) -> None:
    path = export(installation)
    installation.call("DELETE", installation.names.ledger)
    installation.seats(statement("S1", 8, 9), statement("S1", 1, 0, funder="4"))
    assert installation.left("S1")["2"] == 8
    run = restore(installation, path)
    assert (run.json["restored"], run.json["stale"], run.json["unknown"]) == (3, 1, 1)
    assert installation.left("S1") == {"2": 8, "4": 3, "any": 8}
    assert {row["sequence"] for _, row in ledger_of(installation).values() if row["session"] == "S1"} == {9, 1}


def test_a_restore_again_changes_nothing(installation: Installation) -> None:
    path, before = export(installation), ledger_of(installation)
    run = restore(installation, path)
    assert (run.json["restored"], run.json["stale"]) == (0, 4)
    assert ledger_of(installation) == before


def test_bad_lines_are_set_aside_with_number_and_reason_and_the_others_are_taken(
    installation: Installation, other: Installation
) -> None:
    rows = [json.loads(line) for line in export(installation).read_text(encoding="utf-8").splitlines()]
    path = other.folder / "damaged.ndjson"
    good = [rows[0] | {"sources": ["one"]}, rows[1] | {"field_of_a_later_version": 1}]
    bad = [rows[2] | {"received_at": "yesterday"}, rows[2] | {"producer": None}, rows[2] | {"sources": "one"}]
    lines = [*(json.dumps(row) for row in (*good, *bad)), "{", "", json.dumps(rows[3] | {"available": -1}), "x" * 10**6]
    path.write_text("\n".join(lines), encoding="utf-8")
    run = restore(other, path)
    assert (run.status, run.json["restored"], run.json["rejected"]) == (1, 2, 6)
    assert [(each["line"], each["field"]) for each in run.json["rejections"]] == [
        (3, "received_at"), (4, "producer"), (5, "sources"), (6, ""), (8, "available"), (9, ""),
    ]  # fmt: skip
    assert all(each["reason"] for each in run.json["rejections"])
    stored = [row for _, row in ledger_of(other).values()]
    assert sorted(row.get("sources", []) for row in stored) == [[], ["one"]]


def test_an_export_that_is_cut_off_restores_what_it_holds_and_says_so(
    installation: Installation, other: Installation
) -> None:
    installation.seats(*(statement(f"X{number}", number) for number in range(3_000)))
    packed = export(installation, "ledger.ndjson.gz").read_bytes()
    path = other.folder / "cut.gz"
    path.write_bytes(packed[: len(packed) // 2])
    run = restore(other, path)
    assert (run.status, len(run.trouble)) == (2, 1)
    assert "cut off or damaged" in run.trouble[0]
    assert 0 < len(ledger_of(other)) < 3_004


def test_statements_that_come_while_a_restore_is_under_way_are_neither_lost_nor_undone(
    installation: Installation, other: Installation
) -> None:
    other.load(*CATALOGUE)
    path, direct = export(installation), other.engine_url
    stating = Installation(direct, other.prefix, other.folder / "stating")
    stating.folder.mkdir()
    moments: list[str] = []

    def state_meanwhile(asked: Asked) -> None:
        names, place = IndexNames(other.prefix), asked.path.partition("?")[0]
        if asked.count == 1 and place in (f"/{names.ledger}/_bulk", f"/{names.offers}/_bulk"):
            sequence = 20 + len(moments)
            stating.seats(statement("S1", sequence, sequence), statement("S2", sequence, sequence))
            moments.append(place)

    with fault_proxy(direct, state_meanwhile) as address:
        other.engine_url = address
        assert restore(other, path).status == 0
        other.engine_url = direct
    assert len(moments) == 2
    assert other.left("S1") == {"2": 21, "4": 3, "any": 21}
    assert other.left("S2") == {"2": 21, "any": 21}
    assert json.loads(other.run("status", "--json").out)["seats"]["differ"] == 0


def test_a_file_that_is_not_there_is_told_in_one_line(installation: Installation) -> None:
    run = installation.run("seats-restore", str(installation.folder / "nothing"))
    assert (run.status, len(run.trouble)) == (2, 1)
