"""Which reference tables conversion reads: they, and no others, reach it and are told of in its version."""

from pathlib import Path
from typing import Any

import pytest

from fixtures.traps.hostile import record
from indexer.load.convert import ConvertContext, convert_record
from indexer.load.tables import TABLES, conversion_version, read_context, save_tables
from indexer.records import RawRecord
from mappings.reference import PLAIN_TABLES, Reference, build_reference, pack_table

ROWS: dict[str, Any] = {
    "communes": [["81004", "Albi", ["81000"], 50_000, "81", "76", 43.9289, 2.1464]],
    "former_communes": {"81999": ["81004", "Albi-le-Vieux"]},
    "cedex": {"81013": ["81004"]},
    "providers:one": {"123456789": "GRETA"},
    **{name: {"1": "x"} for name in PLAIN_TABLES},
}
MADE_OF = {"by_postal_code": "communes"}


def documents(**changed: Any) -> list[dict[str, Any]]:
    return [pack_table(name, data, "2026-11-23") for name, data in (ROWS | changed).items()]


class WatchedReference(Reference):
    """Tables that note which of them are read."""

    def __getattribute__(self, name: str) -> Any:
        if name in Reference.__dataclass_fields__:
            read.add(MADE_OF.get(name, name))
        return super().__getattribute__(name)


read: set[str] = set()


def test_conversion_reads_the_tables_that_are_listed_and_no_other() -> None:
    known = build_reference(documents())
    tables = {name: getattr(known, name) for name in Reference.__dataclass_fields__}
    read.clear()
    context = ConvertContext("one", WatchedReference(**tables))
    place = "<codepostal>81000</codepostal><ville>Albi</ville><code-INSEE-commune>81004</code-INSEE-commune>"
    domains = "</code-FORMACODE>", "</code-FORMACODE><code-ROME>F1703</code-ROME>"
    texts = [
        record("A1").replace(*domains),
        record("A2").replace(place, "<codepostal>81013</codepostal><ville>Albi 81013</ville>"),
    ]
    for text in texts:
        assert convert_record(RawRecord("f.xml", 1, "2.3", (text,)), context)[0]
    assert read == set(TABLES)


@pytest.mark.parametrize("table", sorted(ROWS))
def test_only_tables_that_conversion_reads_change_its_version(table: str) -> None:
    rows: Any = [*ROWS[table], ["81065", "Castres", [], 1, "81", "76", None, None]] if table == "communes" else {}
    changed = conversion_version(documents(**{table: rows})) != conversion_version(documents())
    assert changed == (table in TABLES)


def test_other_tables_do_not_reach_conversion(tmp_path: Path) -> None:
    save_tables(tmp_path / "tables.json", documents())
    context = read_context(tmp_path / "tables.json", "one")
    assert context.source == "one"
    assert context.reference.communes["81004"].name == "Albi"
    filled = {name for name in Reference.__dataclass_fields__ if getattr(context.reference, name)}
    assert {MADE_OF.get(name, name) for name in filled} == set(TABLES)
