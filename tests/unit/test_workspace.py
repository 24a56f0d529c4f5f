"""The files of a load: what a full disk says names the file, and old results do not pile up."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from indexer.file_trouble import ResultFile, WorkFileError, naming
from indexer.spool import SpoolWriter
from indexer.workspace import RESULTS_KEPT, prune_results, results_folder

FULL = Path("/dev/full")  # a file whose disk is full


def test_a_full_disk_names_the_file_of_results() -> None:
    results = ResultFile(FULL)
    results.write(b"x")  # still in memory
    with pytest.raises(OSError, match="No space left on device: '/dev/full'"):
        results.close()


def test_a_full_disk_names_the_file_of_the_spool() -> None:
    with (
        closing(SpoolWriter(FULL.parent, FULL.name)) as writer,
        pytest.raises(OSError, match="No space left on device: '/dev/full'"),
    ):
        writer.append([b"x"])


def test_a_database_is_named_and_a_name_that_is_told_already_stays(tmp_path: Path) -> None:
    with pytest.raises(WorkFileError, match=r"a\.sqlite: database or disk is full"), naming(tmp_path / "a.sqlite"):
        raise sqlite3.OperationalError("database or disk is full")
    with pytest.raises(OSError, match=r"other\.txt"), naming(tmp_path / "a.sqlite"):
        (tmp_path / "other.txt").read_text()


def test_the_newest_results_of_a_source_stay_and_those_of_others_are_not_touched(tmp_path: Path) -> None:
    begin = datetime(2026, 11, 1)
    own = [results_folder(tmp_path, "occitanie", begin + timedelta(days=n)) for n in range(RESULTS_KEPT + 3)]
    others = [results_folder(tmp_path, name, begin) for name in ("occitanie-2", "idf")]
    for folder in (*own, *others, tmp_path / "loads" / "occitanie-notes"):
        folder.mkdir(parents=True)
    prune_results(tmp_path, "occitanie")
    assert set((tmp_path / "loads").iterdir()) == {*own[3:], *others, tmp_path / "loads" / "occitanie-notes"}


def test_nothing_is_pruned_where_nothing_was_loaded(tmp_path: Path) -> None:
    prune_results(tmp_path, "occitanie")
    assert list(tmp_path.iterdir()) == []
