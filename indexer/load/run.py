"""One load, from files to searchable offers: read and convert all, settle, pass the gates, write, check."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from engine.errors import EngineError
from indexer.lexicon import keep_lexicon
from indexer.lifecycle.indices import Indices
from indexer.lifecycle.locks import LOAD, Lock, hold_lock, let_go
from indexer.lifecycle.rebuild import finish_rebuild
from indexer.load.foreign import set_aside_foreign
from indexer.load.gates import GateCounts, GateLimits, GateName, check_gates
from indexer.load.intake import Intake
from indexer.load.read import choose_workers, read_feeds
from indexer.load.report import LoadReport
from indexer.load.settle import Settlement
from indexer.load.workers import peak_memory, read_context, save_tables
from indexer.load.write import PlanWriter
from indexer.progress import show_progress
from indexer.work_files.faults import WorkFileError
from indexer.work_files.known import LastMemory, NextMemory, context_version, memory_path, owner_of
from indexer.work_files.spool import spool_size
from indexer.work_files.workspace import open_workspace
from mappings.reference import PROVIDERS_PREFIX, pack_table, reference_version, unpack_table
from seats.ledger.store import fetch_checkpoint
from seats.projection.write import replay


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What a load is asked to do; ``workers`` None chooses by size and machine."""

    source: str
    files: tuple[Path, ...]
    work_dir: Path
    results: Path  # folder of the rejects and repairs
    force: frozenset[GateName] = frozenset()
    limits: GateLimits = field(default_factory=GateLimits)
    workers: int | None = None
    quiet: bool = False


def run_load(options: LoadOptions, indices: Indices, report: LoadReport) -> None:
    """Load one source, filling in the report as it goes; raises LockedError, UnusableFeed or EngineError."""
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
        version = context_version(options.source, reference_version(documents))
        memory = memory_path(options.work_dir, owner)
        with (
            _open_settlement(space.database) as settlement,
            closing(LastMemory(memory, version)) as last,
            closing(NextMemory(space.database.with_name("known.sqlite"), version)) as following,
        ):
            intake = Intake(space, settlement, report, last, following)
            save_tables(intake.tables, documents)
            _Load(options, indices, report, lock, intake).run()
            if report.outcome == "done":
                following.replace(memory)


@contextmanager
def _open_settlement(path: Path) -> Iterator[Settlement]:
    try:
        with closing(Settlement(path)) as settlement:
            yield settlement
    except sqlite3.Error as error:  # no other database is in use without naming itself
        raise WorkFileError(f"{path}: {error}") from error


class _Load:
    """The steps of one load, in order; each fills in its part of the report."""

    def __init__(self, options: LoadOptions, indices: Indices, report: LoadReport, lock: Lock, intake: Intake) -> None:
        self._options, self._indices, self._report = options, indices, report
        self._lock, self._intake, self._settlement = lock, intake, intake.settlement
        self._engine, self._names = indices.engine, indices.names

    def run(self) -> None:
        with self._timed("read"):
            self._read()
        with self._timed("settle"):
            self._settle()
        if self._is_refused():
            self._report.outcome = "refused"
            return
        with self._timed("write"):
            self._write()
        with self._timed("check"):
            self._check()
        with self._timed("words"):
            self._learn_words()
        self._report.outcome = "done"

    @contextmanager
    def _timed(self, phase: str) -> Iterator[None]:
        begin = time.monotonic()
        try:
            yield
        finally:
            self._report.seconds[phase] = time.monotonic() - begin
            self._report.spool_bytes = spool_size(self._intake.space.database.parent)
            self._report.peak_memory_bytes = peak_memory() + self._intake.workers_memory()

    def _read(self) -> None:
        files = self._options.files
        index = self._indices.live_index()
        if index is not None:
            self._indices.refresh(index)
            for page in self._indices.live_hashes(index, self._options.source):
                self._settlement.add_live(page)
        make_context = partial(read_context, self._intake.tables, self._options.source, self._report.started_at)
        workers = choose_workers(files, self._options.workers)
        with show_progress("Reading", unit="records", quiet=self._options.quiet) as progress:
            read_feeds(files, make_context, workers, self._intake, progress)
        self._settlement.end_intake()

    def _settle(self) -> None:
        index, source = self._indices.live_index(), self._options.source
        if index is not None:
            set_aside_foreign(self._indices, index, source, self._intake)
        self._report.live_before = self._settlement.live_count()
        self._count()

    def _count(self) -> None:
        counts = self._settlement.count()
        self._report.new, self._report.changed, self._report.same = counts.new, counts.changed, counts.same
        withheld = self._report.removals_withheld is not None
        self._report.kept = counts.kept + (counts.gone if withheld else 0)
        self._report.removed = 0 if withheld else counts.gone
        self._report.live = self._report.live_before - self._report.removed + counts.new

    def _is_refused(self) -> bool:
        report = self._report
        counts = GateCounts(
            read=report.read,
            rejected=report.rejected_offers,
            offers=report.new + report.changed + report.same,
            before=report.live_before,
            after=report.live,
        )
        refusals = [each for each in check_gates(counts, self._options.limits) if each.gate not in self._options.force]
        report.refused_by = [f"{refusal.gate}: {refusal.message}" for refusal in refusals]
        if refusals:
            index = self._indices.live_index()
            counts_by_source = self._indices.count_by_source(index) if index else {}
            report.live, report.sessions = counts_by_source.get(self._options.source, (0, 0))
        return bool(refusals)

    def _write(self) -> None:
        checkpoint = self._engine.run(fetch_checkpoint(self._names.ledger))
        self._lock.remember(checkpoint)
        self._indices.refresh(self._names.ledger)
        has_figures = self._indices.count(self._names.ledger) > 0
        self._indices.ensure_offers()
        writer = PlanWriter(self._indices, self._intake, self._lock, self._options.source, has_figures)
        total = self._report.new + self._report.changed + self._report.removed
        with show_progress("Writing", total, quiet=self._options.quiet) as progress:
            writer.write(progress)
            self._count()
            if self._report.removals_withheld is None:
                writer.remove(progress)
        self._indices.refresh(self._names.offers)
        self._indices.let_refresh(self._names.offers)

    def _check(self) -> None:
        """Bring seats up to date, compare counts, and tell the readers what was loaded when."""
        source, report = self._options.source, self._report
        cutoff, since = self._indices.settings.seats_cutoff, self._lock.checkpoint or -1
        self._engine.run(replay(self._names.ledger, self._names.offers, since, cutoff))
        self._lock.finish()
        offers, sessions = self._indices.count_by_source(self._names.offers).get(source, (0, 0))
        if offers != report.live:
            raise EngineError(f"{offers} offers of {source} are live, the load counted {report.live}: run it again")
        report.sessions = sessions
        self._store_providers()
        row = {"name": source, "loaded_at": report.started_at, "offers": offers, "sessions": sessions}
        self._indices.store_document(self._names.sources, source, row | {"report": report.to_json()})

    def _learn_words(self) -> None:
        """Build the lexicon anew if it is not of what is live now, whoever changed that and was killed before this."""
        index = self._indices.live_index()
        if index:
            keep_lexicon(self._indices, index)

    def _store_providers(self) -> None:
        """Write the names under which this source knows its providers; kept offers keep the names of theirs."""
        name = f"{PROVIDERS_PREFIX}{self._options.source}"
        providers = self._settlement.providers()
        if self._report.kept:
            stored = [each for each in self._indices.reference_documents() if each["name"] == name]
            providers = {**(unpack_table(stored[0]) if stored else {}), **providers}
        document = pack_table(name, providers, self._report.started_at)
        self._indices.store_document(self._names.reference, name, document)
