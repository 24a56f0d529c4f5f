"""State shared by the stages of one load: options, engine, files, plan and report."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from indexer.installation.indices import Indices
from indexer.installation.locks import Lock
from indexer.load.convert import ConvertContext
from indexer.load.gates import GateLimits, GateName
from indexer.load.report import LoadReport
from indexer.load.tables import read_context
from indexer.records import OfferRow, RawRecord, Reject
from indexer.work_files.known import LastMemory, NextMemory
from indexer.work_files.settlement import Settlement
from indexer.work_files.workspace import Workspace


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
    today: date | None = None  # of the measures that are kept; None is today in France


@dataclass(slots=True)
class Load:
    """A load in progress; counts are added to the report as soon as they are known."""

    options: LoadOptions
    indices: Indices
    report: LoadReport
    lock: Lock
    space: Workspace
    settlement: Settlement
    last: LastMemory
    next: NextMemory
    worker_memory: dict[int, int] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The name of the source that is loaded."""
        return self.options.source

    @property
    def tables(self) -> Path:
        """The file from which workers read the reference tables."""
        return self.space.database.with_name("tables.json")

    @property
    def make_context(self) -> Callable[[], ConvertContext]:
        """A picklable function that workers call for their conversion context."""
        return partial(read_context, self.tables, self.source)

    def workers_memory(self) -> int:
        """Return the most bytes that the worker processes had resident, all together."""
        return sum(memory for worker, memory in self.worker_memory.items() if worker != os.getpid())

    def known_offers(self, digest: bytes, raw: RawRecord) -> list[OfferRow]:
        """Return the offers of a record that was sound in the last load and whose offers are all live as they were.

        Of records that are the same to the letter only the first one is known: the others are rejects, to be told.
        """
        rows = self.last.find(digest, raw)
        return rows if self.settlement.are_live(rows) else []

    def set_aside(self, reject: Reject) -> None:
        """Write a reject down, and keep the live offers of its numbers."""
        self.space.write_reject(reject)
        self.report.rejected[reject.reason] += 1
        if reject.whole:
            self.report.rejected_offers += 1
        else:
            self.report.rejected_sessions += 1
        if reject.identifiers:
            self.settlement.keep(reject.identifiers)
        else:
            self.withhold_removals(f"a reject has no readable number ({reject.file}, line {reject.line})")

    def withhold_removals(self, reason: str) -> None:
        """Remove nothing at the end of this load; the first reason is told."""
        self.report.removals_withheld = self.report.removals_withheld or reason

    def tell_problem(self, problem: str) -> None:
        """Note that a file was not read to its end, so that what it lacks must not count as gone."""
        self.report.add_problem(problem)
        self.report.is_incomplete = True
        self.withhold_removals(problem)
