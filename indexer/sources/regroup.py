"""Groups resumes by action: the index form has one per session, anywhere in the document.

They are kept in a temporary database on disk, so that memory does not grow with the feed.
"""

import sqlite3
import tempfile
import zlib
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from indexer.records import REJECT_TEXT, Limits, RawRecord, Reject
from indexer.sources.encodings import read_undecodable
from indexer.sources.identifiers import action_numbers
from indexer.work_files.os_errors import naming

SCHEMA: Final = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE; BEGIN;
CREATE TABLE actions(hash BLOB PRIMARY KEY, number INTEGER) WITHOUT ROWID;
CREATE TABLE resumes(action INTEGER, number INTEGER, line INTEGER, text BLOB,
                     PRIMARY KEY(action, number)) WITHOUT ROWID;
"""


class Regrouper:
    """Takes single resumes and returns them grouped by action, in order of first occurrence."""

    def __init__(self, file: str, limits: Limits) -> None:
        self._file, self._limits = file, limits
        self._count = 0

    def __enter__(self) -> Self:
        self._directory = tempfile.TemporaryDirectory(prefix="boussole-index-form-")
        self._path = Path(self._directory.name) / "resumes.sqlite"
        with naming(self._path):
            self._db = sqlite3.connect(self._path, isolation_level=None)
            self._db.executescript(SCHEMA)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        self._directory.cleanup()

    def add(self, record: RawRecord) -> None:
        """Store one resume; one without a number is an action of its own."""
        text = record.texts[0]
        number = next(iter(action_numbers(read_undecodable(text[:REJECT_TEXT]))), None) or f"\0{self._count}"
        key = blake2b(number.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        packed = zlib.compress(text.encode("utf-8", "surrogatepass"), 1)
        with naming(self._path):
            self._db.execute("INSERT OR IGNORE INTO actions VALUES (?, ?)", (key, self._count))
            self._db.execute(
                "INSERT INTO resumes VALUES ((SELECT number FROM actions WHERE hash = ?), ?, ?, ?)",
                (key, self._count, record.line, packed),
            )
        self._count += 1

    def groups(self) -> Iterator[RawRecord | Reject]:
        """Yield one record per action; one with too many resumes is a reject."""
        current, line, texts, size = -1, 0, list[str](), 0
        for action, at, packed in self._resumes():
            if action != current:
                if texts:
                    yield self._group(line, texts, size)
                current, line, texts, size = action, at, [], 0
            text = zlib.decompress(packed).decode("utf-8", "surrogatepass")
            size += len(text)
            if size <= self._limits.record or not texts:
                texts.append(text)
        if texts:
            yield self._group(line, texts, size)

    def _resumes(self) -> Iterator[tuple[int, int, bytes]]:
        with naming(self._path):
            yield from self._db.execute("SELECT action, line, text FROM resumes ORDER BY action, number")

    def _group(self, line: int, texts: list[str], size: int) -> RawRecord | Reject:
        if size <= self._limits.record:
            return RawRecord(self._file, line, "index", tuple(texts))
        number = next(iter(action_numbers(texts[0])), None)
        message = f"the resumes of this action have {size} characters, at most {self._limits.record} are allowed"
        identifiers = (number,) if number else ()
        text = read_undecodable(texts[0][:REJECT_TEXT])
        return Reject(self._file, line, number, identifiers, "too-large", message, text)
