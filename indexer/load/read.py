"""Stage 1, read: yields the files as batches of records, each record with its known offers."""

from collections.abc import Iterator

from indexer.load.batches import CHARACTERS, RECORDS, Batch
from indexer.load.state import Load
from indexer.records import FileEnd, Limits, RawRecord, Reject
from indexer.sources import read_records
from indexer.work_files.known import digest_of


def read_live(load: Load) -> None:
    """Read the hashes of this source's live offers, which determine what is new, changed, unchanged or gone."""
    index = load.indices.live_index()
    if index is not None:
        load.indices.check_shape(index)
        load.indices.refresh(index)
        for page in load.indices.live_hashes(index, load.source):
            load.settlement.add_live(page)


def read_batches(load: Load) -> Iterator[Batch]:
    """Yield the records of all files, in order; raises UnusableFeed if none of the files can be read."""
    batch = Batch()
    for record in _records(load):
        digest = digest_of(record)
        batch.add(record, digest, load.known_offers(digest, record))
        if batch.characters >= CHARACTERS or len(batch.records) >= RECORDS:
            yield batch
            batch = Batch()
    if batch.records:
        yield batch


def _records(load: Load) -> Iterator[RawRecord]:
    for entry in read_records(load.options.files, Limits()):
        if isinstance(entry, RawRecord):
            yield entry
        elif isinstance(entry, Reject):
            load.report.read += 1
            load.set_aside(entry)
        elif isinstance(entry, FileEnd) and not entry.complete:
            load.tell_problem(entry.problem or f"{entry.file}: not read to its end")
        elif isinstance(entry, FileEnd) and entry.problem:  # read completely, but not what it claims to be
            load.report.add_problem(entry.problem)
