"""First part of a load: every file is read and converted, and what cannot stand is set aside."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import orjson

from indexer.convert import ConvertContext
from indexer.progress import Progress
from indexer.records import REJECT_TEXT, FileEnd, Limits, RawRecord, Reject
from indexer.report import LoadReport
from indexer.settle import Clash, OfferRow, Settlement
from indexer.sources import read_records
from indexer.workers import BATCH, BATCH_RECORDS, BatchResult, convert_all
from indexer.workspace import Workspace

SMALL_FEED: Final = 3_000_000  # bytes; to start workers would take longer than to convert it in this process
MESSAGES: Final = {
    "repeated-number": "the number stood before in this load: the first offer stands",
    "key-collision": "the number has the same short key as another one: {key}",
    "repeated-session": "the session number stood before in this load: the offer stays, without this session",
}


@dataclass(slots=True)
class Intake:
    """What the first part of a load hands on, beside the settlement; counts go to the report at once."""

    space: Workspace
    settlement: Settlement
    report: LoadReport
    worker_memory: dict[int, int] = field(default_factory=dict)

    def workers_memory(self) -> int:
        """Return the most bytes that the worker processes had resident, all together."""
        return sum(memory for worker, memory in self.worker_memory.items() if worker != os.getpid())

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
        self.report.problems.append(problem)
        self.report.is_incomplete = True
        self.withhold_removals(problem)


def choose_workers(files: Sequence[Path], asked: int | None) -> int:
    """Return how many processes convert: what was asked for, else one for each core, or one if the feed is small."""
    if asked is not None:
        return max(asked, 1)
    size = sum(path.stat().st_size * (1 if path.suffix == ".xml" else 10) for path in files)
    return 1 if size < SMALL_FEED else os.cpu_count() or 1


def read_feeds(
    files: Sequence[Path],
    make_context: Callable[[], ConvertContext],
    workers: int,
    intake: Intake,
    progress: Progress,
) -> None:
    """Read and convert all files, in order, into settlement and spool; raises UnusableFeed if none can be read."""
    batches = _batches(files, intake)
    with closing(convert_all(batches, intake.space.spool, make_context, workers)) as converted:
        for batch, result in converted:
            _take_in(batch, result, intake)
            progress.advance(len(batch))


def _batches(files: Sequence[Path], intake: Intake) -> Iterator[list[RawRecord]]:
    batch: list[RawRecord] = []
    size = 0
    for record in _records(files, intake):
        batch.append(record)
        size += sum(map(len, record.texts))
        if size >= BATCH or len(batch) >= BATCH_RECORDS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _records(files: Sequence[Path], intake: Intake) -> Iterator[RawRecord]:
    for entry in read_records(files, Limits()):
        if isinstance(entry, RawRecord):
            yield entry
        elif isinstance(entry, Reject):
            intake.report.read += 1
            intake.set_aside(entry)
        elif isinstance(entry, FileEnd) and not entry.complete:
            intake.tell_problem(entry.problem or f"{entry.file}: not read to its end")
        elif isinstance(entry, FileEnd) and entry.problem:  # read whole, but not what it says it is
            intake.report.problems.append(entry.problem)


def _take_in(batch: list[RawRecord], result: BatchResult, intake: Intake) -> None:
    report = intake.report
    report.read += len(result.rows) + sum(reject.whole for reject in result.rejects)
    intake.worker_memory[result.worker] = result.peak_memory
    for reject in result.rejects:
        intake.set_aside(reject)
    clashes = intake.settlement.add_block(result.block, result.rows)
    _tell_repairs(result, [clash.offer for clash in clashes if clash.session is None], intake)
    texts = {(raw.file, raw.line): raw.texts for raw in batch} if clashes else {}
    for clash in clashes:
        record = "\n".join(texts.get((clash.offer.file, clash.offer.line), ()))
        intake.set_aside(_reject_of(clash, record))


def _tell_repairs(result: BatchResult, refused: list[OfferRow], intake: Intake) -> None:
    """Count and write down the faults of a batch, without those of offers that do not stand."""
    if not refused:
        intake.report.faults += result.faults
        intake.space.repairs.write(result.repairs)
        return
    without = {(offer.file, offer.line, offer.id) for offer in refused}
    for line in result.repairs.splitlines(keepends=True):
        fault = orjson.loads(line)
        if (fault["file"], fault["line"], fault["id"]) not in without:
            intake.report.faults[fault["kind"]] += 1
            intake.space.repairs.write(line)


def _reject_of(clash: Clash, record: str) -> Reject:
    offer = clash.offer
    return Reject(
        file=offer.file,
        line=offer.line,
        identifier=clash.session or offer.id,
        identifiers=(offer.id,),
        reason=clash.reason,
        message=f"{clash.session or offer.id}: {MESSAGES[clash.reason].format(key=offer.key)}",
        record=record[:REJECT_TEXT],
        whole=clash.session is None,
    )
