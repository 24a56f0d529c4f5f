"""The temporary database of a harvest: what the source says now, what is stored of it, and what is to be done."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

SCHEMA: Final = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -16000;
PRAGMA temp_store = FILE;
CREATE TABLE told (key TEXT PRIMARY KEY, hash TEXT, datestamp TEXT, body BLOB) WITHOUT ROWID;
CREATE TABLE removed (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE kept (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE live (key TEXT PRIMARY KEY, hash TEXT, datestamp TEXT, published TEXT) WITHOUT ROWID;
CREATE TABLE gone (key TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class Counts(NamedTuple):
    """What a harvest would do."""

    new: int
    changed: int
    same: int
    gone: int
    kept: int
    before: int


class HarvestSpool:
    """Everything that one harvest knows of its source; one thread uses it."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(SCHEMA)
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Close the database; what it held is lost."""
        self._db.close()

    def add_live(self, rows: Iterable[tuple[str, str, str | None, str | None]]) -> None:
        """Add stored records: key, hash, datestamp, day of publication."""
        self._db.executemany("INSERT INTO live VALUES (?, ?, ?, ?)", rows)

    def live_datestamp(self, key: str) -> str | None:
        """Return the datestamp of a stored record, None if there is none."""
        found = self._db.execute("SELECT datestamp FROM live WHERE key = ?", (key,)).fetchone()
        return None if found is None or found[0] is None else str(found[0])

    def add_told(self, key: str, digest: str, datestamp: str | None, body: bytes) -> bool:
        """Add a record; return whether the source told the same identifier before: the last one counts."""
        self._db.execute("DELETE FROM removed WHERE key = ?", (key,))
        before = self._db.execute("SELECT 1 FROM told WHERE key = ?", (key,)).fetchone()
        self._db.execute("INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?)", (key, digest, datestamp, body))
        return before is not None

    def add_removed(self, key: str) -> None:
        """Add a record that the source says to have removed."""
        self._db.execute("DELETE FROM told WHERE key = ?", (key,))
        self._db.execute("INSERT OR IGNORE INTO removed VALUES (?)", (key,))

    def keep(self, key: str) -> None:
        """Keep what is stored of a record, whatever else is known of it."""
        self._db.execute("INSERT OR IGNORE INTO kept VALUES (?)", (key,))

    def find_gone(self, *, absent: bool, since: date | None, told: bool) -> None:
        """Find what goes: the absent if the source named everything (after a day of publication), and what it told."""
        if absent:
            where = "" if since is None else " AND published > ?"
            self._db.execute(
                "INSERT OR IGNORE INTO gone SELECT key FROM live WHERE key NOT IN (SELECT key FROM told) "
                f"AND key NOT IN (SELECT key FROM kept){where}",
                () if since is None else (since.isoformat(),),
            )
        if told:
            self._db.execute(
                "INSERT OR IGNORE INTO gone SELECT r.key FROM removed r JOIN live l ON l.key = r.key "
                "WHERE r.key NOT IN (SELECT key FROM kept)"
            )

    def count(self) -> Counts:
        """Return what would be done."""
        ask = self._db.execute
        (told,) = ask("SELECT count(*) FROM told").fetchone()
        (same,) = ask("SELECT count(*) FROM told t JOIN live l ON l.key = t.key AND l.hash = t.hash").fetchone()
        (known,) = ask("SELECT count(*) FROM told t JOIN live l ON l.key = t.key").fetchone()
        (gone,) = ask("SELECT count(*) FROM gone").fetchone()
        (kept,) = ask("SELECT count(*) FROM kept k JOIN live l ON l.key = k.key WHERE k.key NOT IN "
                      "(SELECT key FROM told)").fetchone()  # fmt: skip
        (before,) = ask("SELECT count(*) FROM live").fetchone()
        return Counts(told - known, known - same, same, gone, kept, before)

    def to_write(self) -> Iterator[tuple[str, bytes]]:
        """Yield key and body of the records that differ from what is stored, be it in their datestamp alone."""
        yield from self._db.execute(
            "SELECT t.key, t.body FROM told t LEFT JOIN live l ON l.key = t.key "
            "WHERE l.hash IS NULL OR l.hash <> t.hash OR l.datestamp IS NOT t.datestamp ORDER BY t.key"
        )

    def to_remove(self) -> Iterator[str]:
        """Yield the keys of the records that go."""
        yield from (key for (key,) in self._db.execute("SELECT key FROM gone ORDER BY key"))
