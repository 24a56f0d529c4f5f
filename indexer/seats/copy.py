"""Export and restore of the ledger: the only data that feeds cannot restore."""

import gzip
import io
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson

from engine.blocking import LONG
from engine.errors import EngineError
from engine.paging import close_view, read_page
from indexer.installation.indices import Indices
from indexer.progress import show_progress
from mappings.loader import load_index_body
from seats.ledger.restore import Restored, parse_document, restore
from seats.ledger.views import EVERYTHING, open_ledger
from seats.statements.parse import LINE_LIMIT, Rejection

DOCUMENTS_AT_ONCE: Final = 1_000
GZIP_MAGIC: Final = b"\x1f\x8b"
STANDARD_OUTPUT: Final = Path("-")


class UnusableExport(Exception):
    """A file cannot be read as an export; the message says why."""


def ledger_pages(
    indices: Indices, query: Mapping[str, Any] = EVERYTHING, fields: Sequence[str] | None = None, index: str = ""
) -> Iterator[list[dict[str, Any]]]:
    """Yield the hits of a query on the ledger, or a copy of it, page by page, as of the first request."""
    run = indices.engine.run
    view = run(open_ledger(index or indices.names.ledger, query, fields))
    try:
        while hits := run(read_page(view)):
            yield hits
    finally:
        with suppress(EngineError):  # the engine closes it after its keep-alive; the original error matters more
            run(close_view(view))


def export_ledger(indices: Indices, path: Path) -> int:
    """Write all documents of the ledger, one per line, as of one moment; return their number."""
    indices.ensure("ledger")
    indices.refresh(indices.names.ledger)
    total, quiet = indices.count(indices.names.ledger), not sys.stderr.isatty()
    written = 0
    with _writing(path) as write, show_progress("Exporting", total, "statements", quiet=quiet) as progress:
        for hits in ledger_pages(indices):
            write(b"".join(orjson.dumps(hit["_source"]) + b"\n" for hit in hits))
            written += len(hits)
            progress.advance(len(hits))
    return written


@contextmanager
def _writing(path: Path) -> Iterator[Callable[[bytes], int]]:
    """Open a file that appears under its name only when it is complete and synced; ``-`` is standard output."""
    if path == STANDARD_OUTPUT:
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()
        return
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            if path.suffix == ".gz":
                with gzip.GzipFile(fileobj=file, mode="wb", filename=path.stem) as packed:
                    yield packed.write
            else:
                yield file.write
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def restore_ledger(indices: Indices, path: Path) -> Restored:
    """Restore an export: newer figures in the ledger are kept, invalid lines rejected, the others projected into the
    offers.

    Raises UnusableExport if the file is truncated; the lines before are restored.
    """
    told = Restored()
    with _reading(path) as lines:
        restore_lines(indices, lines, told)
    return told


def restore_lines(indices: Indices, lines: Iterator[bytes], told: Restored) -> None:
    """Restore the lines of an export, or documents as such lines, and count them."""
    indices.ensure("ledger")
    properties = load_index_body("ledger")["mappings"]["properties"]
    indices.engine.call("PUT", f"/{indices.names.ledger}/_mapping", {"properties": properties}, timeout=LONG)
    cutoff = indices.settings.seats_cutoff
    with show_progress("Restoring", unit="statements", quiet=not sys.stderr.isatty()) as progress:
        rows = _rows(lines, told)
        while chunk := list(islice(rows, DOCUMENTS_AT_ONCE)):
            indices.engine.run(restore(indices.names, chunk, cutoff, told))
            progress.advance(len(chunk))


def _rows(lines: Iterator[bytes], told: Restored) -> Iterator[tuple[int, dict[str, Any]]]:
    now = datetime.now(UTC)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        document = parse_document(line.strip(), number, now)
        if isinstance(document, Rejection):
            told.reject(document)
        else:
            yield number, document


@contextmanager
def _reading(path: Path) -> Iterator[Iterator[bytes]]:
    with path.open("rb") as file:
        try:
            if file.peek(2).startswith(GZIP_MAGIC):
                with gzip.GzipFile(fileobj=file) as packed:
                    yield _lines(packed)
            else:
                yield _lines(file)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise UnusableExport(f"{path} is cut off or damaged: {error}") from error


def _lines(file: io.BufferedIOBase) -> Iterator[bytes]:
    """Yield lines; of one that is too long only the beginning, which is enough to reject it."""
    while line := file.readline(LINE_LIMIT + 2):
        yield line
        while len(line) > LINE_LIMIT and not line.endswith(b"\n"):
            line = file.readline(LINE_LIMIT + 2)
