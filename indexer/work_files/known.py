"""The known records of a feed: the hash of each valid record of the last load, and the offers made from it.

A record with the same hash becomes the same offers, as long as tables, code and libraries are the same: it need not be
parsed. The file is beside the results of the loads. Without it everything is parsed; the engine confirms that an offer
is live as recorded, so an outdated file does no harm.
"""

import sqlite3
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Final
from urllib.parse import quote

import orjson
from lxml import etree

from indexer.records import RULES_VERSION, OfferRow, RawRecord
from indexer.work_files.os_errors import naming
from mappings.settings import EngineSettings

SCHEMA: Final = """
PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -4000;
CREATE TABLE version (text TEXT);
CREATE TABLE record (number INTEGER PRIMARY KEY, digest BLOB, offers BLOB);
"""
DIGEST_SIZE: Final = 16  # bytes: collisions are practically impossible
ROOT: Final = Path(__file__).parents[2]
# Everything that an import of indexer.load.convert may reach
PACKAGES: Final = ("engine", "indexer", "language", "mappings", "seats")
LIBRARIES: Final = ("lxml", "orjson", "pydantic")


def code_version() -> str:
    """Return a hash of all code, code lists and libraries that affect documents: any release changes it."""
    libraries = [sys.version, str(etree.LIBXML_VERSION), *map(version, LIBRARIES)]
    digest = blake2b(" ".join(libraries).encode(), digest_size=DIGEST_SIZE)
    for path in sorted(chain.from_iterable((ROOT / package).rglob("*") for package in PACKAGES)):
        if path.is_file() and path.parent.name != "__pycache__":
            data = path.read_bytes()
            digest.update(f"{path.relative_to(ROOT)} {len(data)}\n".encode())
            digest.update(data)
    return digest.hexdigest()


def context_version(source: str, tables_version: str) -> str:
    """Return the inputs of an offer beside its record, as one line; tables are those used by conversion."""
    return f"{source} {RULES_VERSION} {tables_version} {code_version()}"


def digest_of(raw: RawRecord) -> bytes:
    """Return the content hash of a record, independent of its position in the file."""
    digest = blake2b(f"{raw.format} {raw.repeats_training}".encode(), digest_size=DIGEST_SIZE)
    for text in raw.texts:
        data = text.encode("utf-8", "surrogatepass")
        digest.update(b" %d " % len(data))
        digest.update(data)
    return digest.digest()


def pack_rows(rows: Sequence[OfferRow]) -> bytes:
    """Return the stored form of the offers of one record."""
    return orjson.dumps(
        [(row.id, row.key, row.hash, row.session_keys, row.siren, row.provider_name, row.title_key) for row in rows]
    )


def unpack_rows(packed: bytes, raw: RawRecord) -> list[OfferRow]:
    """Return the offers of a record at its present position; they have no bodies, and their sessions only keys."""
    return [
        OfferRow(number, key, digest, 0, 0, (), tuple(sessions), siren, name, raw.file, raw.line, title)
        for number, key, digest, sessions, siren, name, title in orjson.loads(packed)
    ]


class LastMemory:
    """Read access to the known records of the last load; empty if they are of another version, or unreadable.

    Records mostly come in the order of the last feed, so the one after the last match is tried first.
    """

    def __init__(self, path: Path, version: str) -> None:
        self._db: sqlite3.Connection | None = None
        self._found = bytearray()  # by number: a record is found once
        self._next = 1
        if not path.exists():
            return
        try:
            self._open(path, version)
        except sqlite3.Error:
            self.close()

    def _open(self, path: Path, version: str) -> None:
        self._db = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, isolation_level=None)
        self._db.execute("PRAGMA cache_size = -4000")
        if self._db.execute("SELECT text FROM version").fetchall() != [(version,)]:
            self.close()
            return
        (most,) = self._db.execute("SELECT max(number) FROM record").fetchone()
        self._found = bytearray((most or 0) + 1)

    def find(self, digest: bytes, raw: RawRecord) -> list[OfferRow]:
        """Return the offers of the record with this digest; empty if it is unknown, or was found before."""
        if self._db is None:
            return []
        try:
            number, packed = self._look_up(self._db, digest)
            if packed is None or self._found[number]:
                return []
            self._found[number] = 1
            self._next = number + 1
            return unpack_rows(packed, raw)
        except (sqlite3.Error, ValueError, TypeError, IndexError):
            self.close()  # the file is damaged: the load is slower without it, otherwise unaffected
            return []

    def _look_up(self, db: sqlite3.Connection, digest: bytes) -> tuple[int, bytes | None]:
        row = db.execute("SELECT number, digest, offers FROM record WHERE number = ?", (self._next,)).fetchone()
        if row is None or row[1] != digest:
            row = db.execute("SELECT number, digest, offers FROM record WHERE digest = ?", (digest,)).fetchone()
        return (row[0], row[2]) if row else (0, None)

    def close(self) -> None:
        """Close the file; nothing is known any more."""
        if self._db is not None:
            self._db.close()
        self._db = None


class NextMemory:
    """The known records of this load; they replace those of the last one when the load is done, and never before."""

    def __init__(self, path: Path, version: str) -> None:
        self._path = path
        with naming(path):
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.executescript(SCHEMA)
            self._db.execute("BEGIN")
            self._db.execute("INSERT INTO version VALUES (?)", (version,))

    def add(self, records: Iterable[tuple[bytes, Sequence[OfferRow]]]) -> None:
        """Add records, each with its digest and its offers."""
        rows = [(digest, pack_rows(offers)) for digest, offers in records]
        with naming(self._path):
            self._db.executemany("INSERT INTO record (digest, offers) VALUES (?, ?)", rows)

    def replace(self, path: Path) -> None:
        """Replace the file of the last load atomically."""
        with naming(self._path):
            self._db.execute("CREATE INDEX by_digest ON record (digest)")
            self._db.execute("COMMIT")
            self._db.close()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path.replace(path)

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def memory_path(work_dir: Path, owner: str) -> Path:
    """Return the path of the file of a source of an installation."""
    return work_dir / "known" / f"{owner}.sqlite"


def drop_memory(work_dir: Path, owner: str) -> None:
    """Delete the file of a source, if there is one."""
    with suppress(FileNotFoundError, NotADirectoryError):
        memory_path(work_dir, owner).unlink()


def owner_of(settings: EngineSettings, source: str) -> str:
    """Return the name of a source's files in a work directory, distinct for installations that share one.

    >>> owner_of(EngineSettings(index_prefix="a-", opensearch_url="http://me:secret@one:9200"), "b")
    'a-~b~87aea15b'
    """
    engine = blake2b(settings.engine_address.encode(), digest_size=4).hexdigest()
    return f"{settings.index_prefix}~{source}~{engine}"
