"""One load, from files to searchable offers: read → convert → settle → write → check; then words, census and measures.

Reading and converting run together, batch by batch, and their offers go into the settlement at once. Nothing of the
live index changes before the write; a load that is killed at any point is run again.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from indexer.census.refresh import refresh_if_possible
from indexer.history.keep import keep_if_due
from indexer.installation.indices import Indices
from indexer.installation.locks import LOAD, hold_lock, let_go
from indexer.installation.segments import start_merging
from indexer.lexicon import keep_lexicon
from indexer.lifecycle.rebuild import finish_rebuild
from indexer.load.check import check
from indexer.load.read import read_batches, read_live
from indexer.load.report import LoadReport
from indexer.load.settle import passes_gates, settle, take_in_all
from indexer.load.state import Load, LoadOptions
from indexer.load.tables import conversion_version, save_tables
from indexer.load.workers import choose_workers, convert_batches
from indexer.load.write import write
from indexer.progress import show_progress
from indexer.stages import timed
from indexer.work_files.known import LastMemory, NextMemory, context_version, memory_path, owner_of
from indexer.work_files.os_errors import WorkFileError
from indexer.work_files.settlement import Settlement
from indexer.work_files.spool import spool_size
from indexer.work_files.workspace import open_workspace


def run_load(options: LoadOptions, indices: Indices, report: LoadReport) -> None:
    """Load one source, filling the report meanwhile; raises LockedError, UnusableFeed or EngineError."""
    with _open_load(options, indices, report) as load:
        with _timed(load, "read"):
            read_live(load)
            _read_and_convert(load)
        with _timed(load, "settle"):
            settle(load)
        if not passes_gates(load):
            report.outcome = "refused"
            return
        with _timed(load, "write"):
            write(load)
        with _timed(load, "check"):
            check(load)
        with _timed(load, "words"):
            _learn_words(load)
        with _timed(load, "census"):
            problem = refresh_if_possible(indices)
        with _timed(load, "history"):
            unkept = keep_if_due(indices, options.today)
        unmerged = start_merging(indices, indices.names.offers, report.new + report.changed + report.removed)
        for each in filter(None, (problem, unkept, unmerged)):
            report.add_problem(each)
        report.outcome = "done"
        load.next.replace(memory_path(options.work_dir, owner_of(indices.settings, options.source)))


def _read_and_convert(load: Load) -> None:
    """Read and convert all records into settlement and spool; batches are converted while the next ones are read."""
    workers = choose_workers(load.options.files, load.options.workers)
    with (
        show_progress("Reading", unit="records", quiet=load.options.quiet) as progress,
        closing(convert_batches(read_batches(load), load.space.spool, load.make_context, workers)) as converted,
    ):
        take_in_all(load, converted, progress)


def _learn_words(load: Load) -> None:
    """Rebuild the lexicon unless it is current, also after another process changed the index and was killed."""
    index = load.indices.live_index()
    if index:
        keep_lexicon(load.indices, index)


@contextmanager
def _open_load(options: LoadOptions, indices: Indices, report: LoadReport) -> Iterator[Load]:
    """Take the lock of the source and open the files of a load, after completing the work of killed commands."""
    indices.ensure("ledger", "reference", "sources", "locks")
    owner = owner_of(indices.settings, options.source)
    with (
        hold_lock(indices, f"{LOAD}{options.source}") as lock,
        open_workspace(options.work_dir, owner, options.source, options.results) as space,
    ):
        let_go(indices)
        finish_rebuild(indices)
        report.rejects_file = str(options.results / "rejects.ndjson")
        report.repairs_file = str(options.results / "repairs.ndjson")
        documents = indices.reference_documents()
        version = context_version(options.source, conversion_version(documents))
        with (
            _open_settlement(space.database) as settlement,
            closing(LastMemory(memory_path(options.work_dir, owner), version)) as last,
            closing(NextMemory(space.database.with_name("known.sqlite"), version)) as following,
        ):
            load = Load(options, indices, report, lock, space, settlement, last, following)
            save_tables(load.tables, documents)
            yield load


@contextmanager
def _open_settlement(path: Path) -> Iterator[Settlement]:
    try:
        with closing(Settlement(path)) as settlement:
            yield settlement
    except sqlite3.Error as error:  # other databases name their file in the error
        raise WorkFileError(f"{path}: {error}") from error


@contextmanager
def _timed(load: Load, stage: str) -> Iterator[None]:
    """Record in the report the duration of a stage, and disk and memory used by its end."""
    try:
        with timed(load.report, stage):
            yield
    finally:
        load.report.spool_bytes = spool_size(load.space.database.parent)
        load.report.peak_memory_bytes += load.workers_memory()
