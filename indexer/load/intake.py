"""What the first part of a load hands on: the settlement, the files of the load, its counts, its memory."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from indexer.load.report import LoadReport
from indexer.load.settle import OfferRow, Settlement
from indexer.records import RawRecord, Reject
from indexer.work_files.known import LastMemory, NextMemory
from indexer.work_files.workspace import Workspace


@dataclass(slots=True)
class Intake:
    """What the first part of a load hands on, beside the settlement; counts go to the report at once."""

    space: Workspace
    settlement: Settlement
    report: LoadReport
    last: LastMemory
    next: NextMemory
    worker_memory: dict[int, int] = field(default_factory=dict)

    @property
    def tables(self) -> Path:
        """Where the workers find the reference tables."""
        return self.space.database.with_name("tables.json")

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
