"""First part of a load: every file is read and converted, and what cannot stand is set aside."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from indexer.load.batches import CHARACTERS, RECORDS, Batch
from indexer.load.convert import ConvertContext
from indexer.load.intake import Intake
from indexer.load.take_in import Rereader, take_in
from indexer.load.workers import convert_all
from indexer.progress import Progress
from indexer.records import FileEnd, Limits, RawRecord, Reject
from indexer.sources import read_records
from indexer.work_files.known import digest_of

SMALL_FEED: Final = 3_000_000  # bytes; to start workers would take longer than to convert it in this process


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
    waiting: deque[Batch] = deque()
    unread = _unread(files, intake, waiting)
    with (
        closing(convert_all(unread, intake.space.spool, make_context, workers)) as converted,
        closing(Rereader(intake.space.spool, make_context)) as rereader,
    ):
        for result in converted:
            batch = waiting.popleft()
            take_in(batch, result, intake, rereader)
            progress.advance(len(batch.records))


def _unread(files: Sequence[Path], intake: Intake, waiting: deque[Batch]) -> Iterator[list[RawRecord]]:
    """Yield what has to be converted of each batch, perhaps nothing; the batch goes where its result is awaited."""
    for batch in _batches(files, intake):
        waiting.append(batch)
        yield batch.unread


def _batches(files: Sequence[Path], intake: Intake) -> Iterator[Batch]:
    batch = Batch()
    for record in _records(files, intake):
        digest = digest_of(record)
        batch.add(record, digest, intake.known_offers(digest, record))
        if batch.characters >= CHARACTERS or len(batch.records) >= RECORDS:
            yield batch
            batch = Batch()
    if batch.records:
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
            intake.report.add_problem(entry.problem)
