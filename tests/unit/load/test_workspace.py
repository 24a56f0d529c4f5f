"""The files of a load: what a full disk says names the file, and old results do not pile up."""

import errno
import fcntl
import os
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from indexer.work_files.known import owner_of
from indexer.work_files.os_errors import ResultFile, WorkFileError, naming
from indexer.work_files.spool import SpoolWriter
from indexer.work_files.workspace import RESULTS_KEPT, _make_folder, open_workspace, prune_results, results_folder
from mappings.settings import EngineSettings

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


def test_a_spool_in_use_is_never_removed_and_one_of_the_dead_always(tmp_path: Path) -> None:
    """Two installations may share a work directory, and even the names of prefix and source."""
    results = tmp_path / "results"
    with open_workspace(tmp_path, "a~one", "one", results) as first:
        with open_workspace(tmp_path, "a~one", "one", results) as second:
            assert first.spool.is_dir()
            assert second.spool != first.spool
        assert first.spool.is_dir()
        assert not second.spool.exists()
        dead, alive = _make_folder(tmp_path / "spool", "b~two")
        os.close(alive)  # as the system does when a process ends, however it ends
        with open_workspace(tmp_path, "a~one", "one", results):
            assert not dead.exists()
            assert first.spool.is_dir()
    assert list((tmp_path / "spool").iterdir()) == []


def test_where_locks_do_not_work_nothing_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dead, alive = _make_folder(tmp_path_spool(tmp_path), "b~two")
    os.close(alive)

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with open_workspace(tmp_path, "a~one", "one", tmp_path / "results"):
        assert dead.exists()


def tmp_path_spool(tmp_path: Path) -> Path:
    (tmp_path / "spool").mkdir()
    return tmp_path / "spool"


def test_prefix_source_and_engine_tell_the_files_of_installations_apart() -> None:
    pairs = [("a-", "b-c", "http://one"), ("a-b-", "c", "http://one"), ("a-", "b-c", "http://two")]
    settings = [(EngineSettings(index_prefix=prefix, opensearch_url=url), source) for prefix, source, url in pairs]
    assert len({owner_of(*each) for each in settings}) == 3
