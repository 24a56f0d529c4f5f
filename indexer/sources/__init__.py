"""Reads catalogue feeds as a stream of records; see docs/feeds.md."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.records import FileEnd, Limits, RawRecord, Reject


def read_records(paths: Sequence[Path], limits: Limits) -> Iterator[RawRecord | Reject | FileEnd]:
    """Yield every record of the files in order, with flat memory; raises UnusableFeed for a file that nothing can be read of."""
    raise NotImplementedError
