"""The files of one load: its spool and database, which go when it ends, and the rejects and repairs, which stay."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import orjson

from indexer.file_trouble import ResultFile
from indexer.records import Reject

RESULTS_KEPT: Final = 20  # loads of each source whose rejects and repairs stay
STAMP: Final = r"\d{8}T\d{12}"


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where a load keeps what it does not hold in memory."""

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
        with (
            closing(ResultFile(results / "rejects.ndjson")) as rejects,
            closing(ResultFile(results / "repairs.ndjson")) as repairs,
        ):
            yield Workspace(source, spool, folder / "settlement.sqlite", rejects, repairs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def results_folder(work_dir: Path, source: str, started_at: datetime) -> Path:
    """Return where a load leaves rejects and repairs if it is not told another place."""
    return work_dir / "loads" / f"{source}-{started_at:%Y%m%dT%H%M%S%f}"


def prune_results(work_dir: Path, source: str) -> None:
    """Remove the rejects and repairs of all but the newest loads of a source; never raises, for they do no harm."""
    loads = work_dir / "loads"
    name = re.compile(rf"{re.escape(source)}-{STAMP}")
    own = sorted(path for path in loads.iterdir() if name.fullmatch(path.name)) if loads.is_dir() else []
    for path in own[:-RESULTS_KEPT]:
        shutil.rmtree(path, ignore_errors=True)
