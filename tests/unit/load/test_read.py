"""The files of a load as batches of records: which problem of a file withholds removals."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from indexer.load import read
from indexer.records import FileEnd


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (FileEnd("a.xml", True), []),
        (FileEnd("a.xml", True, "the name is that of another form"), [("told", "the name is that of another form")]),
        (FileEnd("a.xml", False), [("withheld", "a.xml: not read to its end")]),
        (FileEnd("a.xml", False, "a.xml is cut"), [("withheld", "a.xml is cut")]),
    ],
)
def test_only_a_file_that_is_not_read_to_its_end_withholds_removals(
    end: FileEnd, told: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[tuple[str, str]] = []
    load: Any = SimpleNamespace(
        options=SimpleNamespace(files=(Path("a.xml"),)),
        tell_problem=lambda text: found.append(("withheld", text)),
        report=SimpleNamespace(add_problem=lambda text: found.append(("told", text))),
    )
    monkeypatch.setattr(read, "read_records", lambda *_: iter([end]))
    assert list(read.read_batches(load)) == []
    assert found == told
