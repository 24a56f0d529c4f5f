"""The files of one load: its spool and database, removed at its end, and the rejects and repairs, which are kept."""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import orjson

from indexer.records import Reject
from indexer.work_files.os_errors import ResultFile
from mappings.settings import SettingsError
from mappings.variables import PREFIX

RESULTS_KEPT: Final = 20  # loads of each source whose rejects and repairs are kept
STAMP: Final = r"\d{8}T\d{12}"
GUARD: Final = "spool.lock"  # locked while a spool is made or removed, in the work directory
ALIVE: Final = "lock"  # locked by the load that uses a spool, in the spool's folder


@dataclass(frozen=True, slots=True)
class Workspace:
    """Paths and files of a load."""

    source: str
    spool: Path
    database: Path
    rejects: ResultFile
    repairs: ResultFile

    def write_reject(self, reject: Reject) -> None:
        """Add a line to the rejects file."""
        row = {
            "source": self.source,
            "file": reject.file,
            "line": reject.line,
            "identifier": reject.identifier,
            "reason": reject.reason,
            "message": reject.message,
            "record": reject.record,
        }
        self.rejects.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


@contextmanager
def open_workspace(work_dir: Path, owner: str, source: str, results: Path) -> Iterator[Workspace]:
    """Create the files of a load; the spools of loads that have ended, of any installation, are removed."""
    spools = work_dir / "spool"
    try:
        spools.mkdir(parents=True, exist_ok=True)
        folder, alive = _make_folder(spools, owner)
    except OSError as error:
        named = f"{PREFIX}WORK_DIR={str(work_dir)!r}: a folder that can be made and written to is needed"
        raise SettingsError(f"{named} ({error.strerror}: {error.filename})") from error
    spool = folder / "offers"
    try:
        spool.mkdir()
        results.mkdir(parents=True, exist_ok=True)
        with (
            closing(ResultFile(results / "rejects.ndjson")) as rejects,
            closing(ResultFile(results / "repairs.ndjson")) as repairs,
        ):
            yield Workspace(source, spool, folder / "settlement.sqlite", rejects, repairs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(alive)


def _make_folder(spools: Path, owner: str) -> tuple[Path, int]:
    """Create the folder of a spool and lock it as long as its descriptor is open; remove those of ended processes.

    The system releases a lock when its process ends in any way, and no other process can hold it before: a folder that
    cannot be locked is in use, by any installation, machine or container. Where locks do not work, all count as in use.
    """
    guard = os.open(spools.with_name(GUARD), os.O_RDWR | os.O_CREAT, 0o666)
    try:
        with suppress(OSError):
            fcntl.flock(guard, fcntl.LOCK_EX)
        for leftover in spools.iterdir():
            _remove_if_dead(leftover)
        folder = Path(tempfile.mkdtemp(prefix=f"{owner}~", dir=spools))
        alive = os.open(folder / ALIVE, os.O_RDWR | os.O_CREAT)
        with suppress(OSError):
            fcntl.flock(alive, fcntl.LOCK_EX)
        return folder, alive
    finally:
        os.close(guard)


def _remove_if_dead(folder: Path) -> None:
    """Remove a spool that no process uses; never raises, because a remaining one only takes disk space."""
    with suppress(OSError):
        alive = os.open(folder / ALIVE, os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(alive)


def results_folder(work_dir: Path, source: str, started_at: datetime) -> Path:
    """Return the default folder of a load's rejects and repairs."""
    return work_dir / "loads" / f"{source}-{started_at:%Y%m%dT%H%M%S%f}"


def prune_results(work_dir: Path, source: str) -> None:
    """Remove the rejects and repairs of all but the newest loads of a source; never raises, because they do no harm."""
    loads = work_dir / "loads"
    name = re.compile(rf"{re.escape(source)}-{STAMP}")
    own = sorted(path for path in loads.iterdir() if name.fullmatch(path.name)) if loads.is_dir() else []
    for path in own[:-RESULTS_KEPT]:
        shutil.rmtree(path, ignore_errors=True)
