"""What the last load remembered of a feed: the hash of each sound record, and the offers that it became.

A record with the same hash becomes the same offers again, as long as tables, code and libraries are the same: it need
not be parsed. The memory is a file beside the results of the loads. Without it all is read; it is never believed that
an offer is live as remembered (that is for the engine to say), so a memory of any age does no harm.
"""

import sqlite3
import sys
from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Final
from urllib.parse import quote

import orjson
from lxml import etree

from indexer.file_trouble import naming
from indexer.records import RULES_VERSION, RawRecord
from indexer.settle import OfferRow
from mappings.keys import key_of

SCHEMA: Final = """
PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -4000;
CREATE TABLE version (text TEXT);
CREATE TABLE record (digest BLOB PRIMARY KEY, offers BLOB) WITHOUT ROWID;
"""
DIGEST_SIZE: Final = 16  # bytes: nobody finds two records of one digest
ROOT: Final = Path(__file__).parents[1]
PACKAGES: Final = ("indexer", "mappings", "seats")  # all that an import of indexer.convert may reach
LIBRARIES: Final = ("lxml", "orjson", "pydantic")


def code_version() -> str:
    """Return a hash of all code, code lists and libraries of which documents are made: any release changes it."""
    libraries = [sys.version, str(etree.LIBXML_VERSION), *map(version, LIBRARIES)]
    digest = blake2b(" ".join(libraries).encode(), digest_size=DIGEST_SIZE)
    for path in sorted(chain.from_iterable((ROOT / package).rglob("*") for package in PACKAGES)):
        if path.is_file() and path.parent.name != "__pycache__":
            data = path.read_bytes()
            digest.update(f"{path.relative_to(ROOT)} {len(data)}\n".encode())
            digest.update(data)
    return digest.hexdigest()


def context_version(source: str, reference_version: str) -> str:
    """Return what a document depends on beside its record, as one line."""
    return f"{source} {RULES_VERSION} {reference_version} {code_version()}"


def digest_of(raw: RawRecord) -> bytes:
    """Return a hash of all that a record says, and not of where it stands."""
    digest = blake2b(f"{raw.format} {raw.repeats_training}".encode(), digest_size=DIGEST_SIZE)
    for text in raw.texts:
        data = text.encode("utf-8", "surrogatepass")
        digest.update(b" %d " % len(data))
        digest.update(data)
    return digest.digest()


def pack_rows(rows: Sequence[OfferRow]) -> bytes:
    """Return what is remembered of the offers of one record."""
    return orjson.dumps(
        [(row.id, row.hash, row.session_ids, row.siren, row.provider_name, row.title_key) for row in rows]
    )


def unpack_rows(packed: bytes, raw: RawRecord) -> list[OfferRow]:
    """Return the offers of a record that was remembered, where it stands now; their bodies are nowhere."""
    rows = []
    for number, digest, sessions, siren, name, title in orjson.loads(packed):
        keys = tuple(map(key_of, sessions))
        rows.append(
            OfferRow(
                number, key_of(number), digest, 0, 0, tuple(sessions), keys, siren, name, raw.file, raw.line, title
            )
        )
    return rows


class LastMemory:
    """What the last load remembered, to be read; nothing if that was of another version, or cannot be read."""

    def __init__(self, path: Path, version: str) -> None:
        self._db: sqlite3.Connection | None = None
        if not path.exists():
            return
        try:
            self._db = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, isolation_level=None)
            self._db.execute("PRAGMA cache_size = -4000")
            if self._db.execute("SELECT text FROM version").fetchall() != [(version,)]:
                self.close()
        except sqlite3.Error:
            self.close()

    def find(self, digest: bytes, raw: RawRecord) -> list[OfferRow]:
        """Return the offers of the record, which has this digest; none if it is not known, or the file is damaged."""
        if self._db is None:
            return []
        try:
            found = self._db.execute("SELECT offers FROM record WHERE digest = ?", (digest,)).fetchone()
            return unpack_rows(found[0], raw) if found else []
        except (sqlite3.Error, ValueError, TypeError):
            self.close()  # the load is only slower without it
            return []

    def close(self) -> None:
        """Close the file; nothing is known any more."""
        if self._db is not None:
            self._db.close()
        self._db = None


class NextMemory:
    """What this load remembers; it takes the place of the last one's when the load is done, and never before."""

    def __init__(self, path: Path, version: str) -> None:
        self._path = path
        with naming(path):
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.executescript(SCHEMA)
            self._db.execute("BEGIN")
            self._db.execute("INSERT INTO version VALUES (?)", (version,))

    def add(self, digest: bytes, rows: Sequence[OfferRow]) -> bool:
        """Remember a record and its offers; returns False if this feed had the very same one before."""
        values = (digest, pack_rows(rows))
        with naming(self._path):
            return self._db.execute("INSERT OR IGNORE INTO record VALUES (?, ?)", values).rowcount == 1

    def replace(self, path: Path) -> None:
        """Put this memory in the place of the last one, in one step."""
        with naming(self._path):
            self._db.execute("COMMIT")
            self._db.close()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path.replace(path)

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def memory_path(work_dir: Path, owner: str) -> Path:
    """Return where the memory of a source of an installation lies."""
    return work_dir / "known" / f"{owner}.sqlite"


def drop_memory(work_dir: Path, owner: str) -> None:
    """Remove what was remembered of a source, if anything was."""
    with suppress(FileNotFoundError):
        memory_path(work_dir, owner).unlink()
