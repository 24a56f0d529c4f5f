"""The files of one load: its spool and database, which go when it ends, and the rejects and repairs, which stay."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import orjson

from indexer.records import Reject


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where a load keeps what it does not hold in memory."""

    source: str
    spool: Path
    database: Path
    rejects: IO[bytes]
    repairs: IO[bytes]

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
    """Make the files of a load whose lock is held; what an earlier load of this ``owner`` left behind is removed."""
    spools = work_dir / "spool"
    spools.mkdir(parents=True, exist_ok=True)
    results.mkdir(parents=True, exist_ok=True)
    for leftover in spools.glob(f"{owner}~*"):
        shutil.rmtree(leftover, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{owner}~", dir=spools))
    spool = folder / "offers"
    spool.mkdir()
    try:
        with (results / "rejects.ndjson").open("wb") as rejects, (results / "repairs.ndjson").open("wb") as repairs:
            yield Workspace(source, spool, folder / "settlement.sqlite", rejects, repairs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
