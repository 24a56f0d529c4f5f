"""The memory of a load: what it takes for the same record, and when it takes itself for worthless."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.records import Format, OfferRow, RawRecord
from indexer.work_files import known
from indexer.work_files.known import LastMemory, NextMemory, code_version, context_version, digest_of
from mappings.keys import key_of

VERSION = "one 4 tables code"


def raw(*texts: str, form: Format = "2.3", line: int = 1, repeats: bool = False) -> RawRecord:
    return RawRecord("feed.xml", line, form, texts, repeats)


def offer(identifier: str, line: int = 1) -> OfferRow:
    sessions = (f"{identifier}-S1", f"{identifier}-S2")
    keys = tuple(map(key_of, sessions))
    return OfferRow(
        *(identifier, key_of(identifier), f"hash of {identifier}", 20, 30, sessions, keys),
        *("123456789", "GRETA", "feed.xml", line, key_of("soudure")),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A memory of three records; the second one became two offers."""
    memory = NextMemory(tmp_path / "next.sqlite", VERSION)
    records = [("a", ["A1"]), ("b", ["A2", "A3"]), ("c", ["A4"])]
    memory.add((digest_of(raw(text)), [offer(each) for each in offers]) for text, offers in records)
    path = tmp_path / "known" / "one.sqlite"
    memory.replace(path)
    return path


def found(memory: LastMemory, record: RawRecord) -> list[str]:
    return [row.id for row in memory.find(digest_of(record), record)]


@pytest.mark.parametrize("order", ["abc", "cba", "bca", "xabyc"])
def test_records_are_found_in_any_order_and_each_once(path: Path, order: str) -> None:
    offers = {"a": ["A1"], "b": ["A2", "A3"], "c": ["A4"]}
    memory = LastMemory(path, VERSION)
    assert [found(memory, raw(text)) for text in order] == [offers.get(text, []) for text in order]
    assert [found(memory, raw(text)) for text in order] == [[] for _ in order]


def test_an_offer_is_remembered_whole_but_for_its_body_and_stands_where_its_record_stands_now(path: Path) -> None:
    record = raw("b", line=7)
    first, second = LastMemory(path, VERSION).find(digest_of(record), record)
    expected = offer("A2", line=7)._replace(start=0, length=0, session_ids=())
    assert (first, second.id, second.line) == (expected, "A3", 7)


def test_a_memory_of_another_version_knows_nothing(path: Path) -> None:
    assert found(LastMemory(path, f"{VERSION} "), raw("a")) == []
    assert found(LastMemory(path.with_name("none.sqlite"), VERSION), raw("a")) == []


def test_a_memory_whose_rows_cannot_be_read_knows_nothing_any_more(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE record SET offers = '[[1]]' WHERE number = 2")
    memory = LastMemory(path, VERSION)
    assert [found(memory, raw(text)) for text in "abc"] == [["A1"], [], []]


def test_a_digest_is_of_all_that_a_record_says_and_of_nothing_else() -> None:
    records = [
        raw("ab"), raw("a", "b"), raw("b", "a"), raw("ab", ""), raw("ab", form="2.2"), raw("ab", repeats=True),
        raw("é"), raw("\udce9"), raw("a 1 b"),
    ]  # fmt: skip
    assert len({digest_of(record) for record in records}) == len(records)
    assert digest_of(raw("ab", line=1)) == digest_of(raw("ab", line=2))


def test_any_file_of_the_code_makes_another_version_and_compiled_ones_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("indexer/load/convert.py", "mappings/tables/codes.csv", "seats/projection/write.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    monkeypatch.setattr(known, "ROOT", tmp_path)
    versions = [code_version()]
    (tmp_path / "indexer/__pycache__").mkdir()
    (tmp_path / "indexer/__pycache__/convert.pyc").write_text("2")
    assert code_version() == versions[0]
    for name in ("indexer/load/convert.py", "mappings/tables/codes.csv", "seats/projection/write.py", "indexer/new.py"):
        (tmp_path / name).write_text("2")
        versions.append(code_version())
    monkeypatch.setattr(known, "version", lambda library: f"another {library}")
    versions.append(code_version())
    assert len(set(versions)) == 6


def test_the_version_is_of_source_and_tables_too() -> None:
    assert len({context_version("one", "1"), context_version("two", "1"), context_version("one", "2")}) == 3


def test_what_makes_documents_imports_nothing_of_the_project_that_has_no_part_in_the_version() -> None:
    script = "import sys, indexer.load.convert; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=known.ROOT)
    own = {path.name for path in known.ROOT.iterdir() if (path / "__init__.py").exists()}
    assert {"search_app", "synonyms", *known.PACKAGES} <= own
    assert own.intersection(loaded.stdout.split()) == set(known.PACKAGES)
