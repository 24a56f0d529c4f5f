"""The temporary database of a load: the offers of the feed, the live ones, and the resulting plan.

Memory does not grow with the feed; the offers themselves are in the spool.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from indexer.records import BlockRef, Clash, OfferRow, PlanCounts, Planned
from mappings.keys import key_of

SCHEMA: Final = """
PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -16000;
PRAGMA temp_store = FILE;
CREATE TABLE block (number INTEGER PRIMARY KEY, file TEXT, offset INTEGER, size INTEGER);
CREATE TABLE offer (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, digest BLOB, hash TEXT, block INTEGER,
                    start INTEGER, length INTEGER, line INTEGER, file TEXT, title TEXT, copy INTEGER DEFAULT 1,
                    out INTEGER DEFAULT 0);
CREATE TABLE session (key TEXT PRIMARY KEY, offer INTEGER, position INTEGER) WITHOUT ROWID;
CREATE TABLE dropped (offer INTEGER, position INTEGER, PRIMARY KEY (offer, position)) WITHOUT ROWID;
CREATE TABLE live (key TEXT PRIMARY KEY, hash TEXT) WITHOUT ROWID;
CREATE TABLE keep (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE provider (siren TEXT, name TEXT, count INTEGER, PRIMARY KEY (siren, name)) WITHOUT ROWID;
"""
INSERT_OFFER: Final = "INSERT INTO offer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0)"
MOST_COPIES: Final = 20  # from here on all offers of a title have one number: nobody sees a difference
# An offer is written as new, as changed, or not at all.
PLANNED: Final = """
SELECT offer.number, offer.key, offer.hash, live.key IS NULL, block.file, block.offset, block.size, start, length,
       offer.file, offer.line, offer.copy
FROM offer JOIN block ON block.number = offer.block LEFT JOIN live ON live.key = offer.key
WHERE """
TO_WRITE: Final = "out = 0 AND (live.key IS NULL OR live.hash <> offer.hash)"
NUMBER_COPIES: Final = """
UPDATE offer SET copy = counted.copy
FROM (SELECT number, min(?, row_number() OVER (PARTITION BY title ORDER BY number)) AS copy FROM offer) AS counted
WHERE counted.number = offer.number AND counted.copy > 1
"""
DROP_SIZE: Final = 16  # bytes of the hash of an offer that lacks a session
NOT_IN_FEED: Final = "FROM live WHERE key NOT IN (SELECT key FROM offer WHERE out = 0)"
GONE: Final = f"{NOT_IN_FEED} AND key NOT IN (SELECT key FROM keep)"


class Settlement:
    """The temporary database of one load; one thread uses it."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(SCHEMA)
        self._next = 1

    def close(self) -> None:
        """Close the database; what it held is lost."""
        self._db.close()

    def add_block(self, ref: BlockRef, rows: Sequence[OfferRow]) -> list[Clash]:
        """Take in the offers of a block in feed order; returns what cannot stand, the first of equal numbers stands."""
        if self.add_whole(ref, rows):
            return []
        with self._transaction():  # some number stood before: one by one, then, to see which
            block = self._add_ref(ref)
            clashes = [clash for row in rows for clash in self._add_one(block, row)]
            refused = {clash.offer for clash in clashes if clash.session is None}
            self._add_providers([row for row in rows if row not in refused])
        return clashes

    def add_whole(self, ref: BlockRef, rows: Sequence[OfferRow]) -> bool:
        """Take in the offers of a block as ``add_block`` does, or none of them: False says that some number clashes."""
        try:
            with self._transaction():
                self._add_all(self._add_ref(ref), rows)
                self._add_providers(rows)
        except sqlite3.IntegrityError:
            return False
        self._next += len(rows)
        return True

    def stood_before(self, rows: Iterable[OfferRow]) -> bool:
        """Tell whether the feed has had a number of these offers, or of one of their sessions, already."""
        find = self._db.execute
        return any(
            find("SELECT 1 FROM offer WHERE key = ?", (row.key,)).fetchone()
            or any(find("SELECT 1 FROM session WHERE key = ?", (key,)).fetchone() for key in row.session_keys)
            for row in rows
        )

    def are_live(self, rows: Iterable[OfferRow]) -> bool:
        """Tell whether all of these offers are live exactly so; takes what ``add_live`` was given."""
        find = self._db.execute
        return all(find("SELECT hash FROM live WHERE key = ?", (row.key,)).fetchone() == (row.hash,) for row in rows)

    def _add_ref(self, ref: BlockRef) -> int:
        return self._db.execute("INSERT INTO block (file, offset, size) VALUES (?, ?, ?)", ref).lastrowid or 0

    def _add_providers(self, rows: Iterable[OfferRow]) -> None:
        self._db.executemany(
            "INSERT INTO provider VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1",
            [(row.siren, row.provider_name) for row in rows if row.siren and row.provider_name],
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _add_all(self, block: int, rows: Sequence[OfferRow]) -> None:
        numbered = list(enumerate(rows, self._next))
        self._db.executemany(INSERT_OFFER, [_offer_values(number, block, row) for number, row in numbered])
        sessions = [(key, number, at) for number, row in numbered for at, key in enumerate(row.session_keys)]
        self._db.executemany("INSERT INTO session VALUES (?, ?, ?)", sessions)

    def _add_one(self, block: int, row: OfferRow) -> Iterator[Clash]:
        number = self._next
        try:
            self._db.execute(INSERT_OFFER, _offer_values(number, block, row))
        except sqlite3.IntegrityError:
            digest = self._db.execute("SELECT digest FROM offer WHERE key = ?", (row.key,)).fetchone()[0]
            yield Clash(row, "repeated-number" if digest == _digest(row.id) else "key-collision")
            return
        self._next += 1
        for position, (key, session) in enumerate(zip(row.session_keys, row.session_ids, strict=True)):
            try:
                self._db.execute("INSERT INTO session VALUES (?, ?, ?)", (key, number, position))
            except sqlite3.IntegrityError:
                self.drop_session(number, position)
                yield Clash(row, "repeated-session", session)

    def drop_session(self, number: int, position: int) -> None:
        """Leave a session out of an offer when it is written; the offer's hash changes with it."""
        self._db.execute("INSERT OR IGNORE INTO dropped VALUES (?, ?)", (number, position))
        old = self._db.execute("SELECT hash FROM offer WHERE number = ?", (number,)).fetchone()[0]
        self._db.execute("UPDATE offer SET hash = ? WHERE number = ?", (_with_drop(old, position), number))

    def drop_offer(self, number: int) -> None:
        """Leave an offer out as if the feed had not had it, and free its session numbers for nobody else."""
        self._db.execute("UPDATE offer SET out = 1 WHERE number = ?", (number,))

    def keep(self, identifiers: Iterable[str]) -> None:
        """Keep the live offers of these numbers although the feed has no sound record of them."""
        with self._transaction():
            self._db.executemany("INSERT OR IGNORE INTO keep VALUES (?)", [(key_of(each),) for each in identifiers])

    def add_live(self, rows: Iterable[tuple[str, str]]) -> None:
        """Take in (key, hash) of offers that are live under this source."""
        with self._transaction():
            self._db.executemany("INSERT OR REPLACE INTO live VALUES (?, ?)", rows)

    def count(self) -> PlanCounts:
        """Count what the plan holds, as it stands now."""
        one = self._count
        standing = "FROM offer LEFT JOIN live USING (key) WHERE out = 0"
        return PlanCounts(
            new=one(f"{standing} AND live.hash IS NULL"),
            changed=one(f"{standing} AND live.hash <> offer.hash"),
            same=one(f"{standing} AND live.hash = offer.hash"),
            gone=one(GONE),
            kept=one(f"{NOT_IN_FEED} AND key IN (SELECT key FROM keep)"),
        )

    def _count(self, what: str) -> int:
        return int(self._db.execute(f"SELECT count(*) {what}").fetchone()[0])

    def live_count(self) -> int:
        """Return how many offers were live before the load."""
        return self._count("FROM live")

    def planned(self) -> Iterator[Planned]:
        """Yield the offers to be written, in feed order."""
        for row in self._db.execute(f"{PLANNED} {TO_WRITE} ORDER BY offer.number"):
            yield _planned(row)

    def find(self, key: str) -> Planned:
        """Return the offer of the feed that has this key; KeyError if there is none."""
        for row in self._db.execute(f"{PLANNED} out = 0 AND offer.key = ?", (key,)):
            return _planned(row)
        raise KeyError(key)

    def planned_sessions(self) -> Iterator[tuple[str, str, int]]:
        """Yield (session key, offer key, position) of the offers to be written."""
        yield from self._db.execute(
            "SELECT session.key, offer.key, position FROM offer LEFT JOIN live ON live.key = offer.key"
            f" JOIN session ON session.offer = offer.number WHERE {TO_WRITE}"
        )

    def session_keys(self, numbers: Sequence[int]) -> dict[int, list[str]]:
        """Return the session keys of some offers, by offer number."""
        found: dict[int, list[str]] = {}
        marks = ",".join("?" * len(numbers))
        for number, key in self._db.execute(f"SELECT offer, key FROM session WHERE offer IN ({marks})", numbers):
            found.setdefault(number, []).append(key)
        return found

    def end_intake(self) -> None:
        """Say that the feed is read to its end: number the offers of each title, and prepare for what is asked next.

        The number is no part of the hash: an offer that another one's new title moves up is not written for it.
        """
        self._db.execute("CREATE INDEX session_offer ON session (offer)")
        self._db.execute(NUMBER_COPIES, (MOST_COPIES,))

    def new_offers(self) -> Iterator[str]:
        """Yield the keys of the offers that are not live under this source."""
        yield from self._keys("FROM offer LEFT JOIN live USING (key) WHERE out = 0 AND live.hash IS NULL")

    def dropped_positions(self) -> dict[int, set[int]]:
        """Return the positions of sessions to be left out, by offer number."""
        found: dict[int, set[int]] = {}
        for number, position in self._db.execute("SELECT offer, position FROM dropped"):
            found.setdefault(number, set()).add(position)
        return found

    def gone(self) -> Iterator[str]:
        """Yield the keys of live offers that are neither in the feed nor kept."""
        yield from self._keys(GONE)

    def _keys(self, which: str) -> Iterator[str]:
        for (key,) in self._db.execute(f"SELECT key {which}"):
            yield key

    def providers(self) -> dict[str, str]:
        """Return SIREN -> the name that most offers give it; of equally frequent ones the first in the alphabet."""
        rows = self._db.execute("SELECT siren, name FROM provider ORDER BY siren, count, name DESC")
        return dict(rows.fetchall())


def _planned(row: tuple[Any, ...]) -> Planned:
    number, key, digest, is_new, file, offset, size, *rest = row
    return Planned(number, key, digest, bool(is_new), BlockRef(file, offset, size), *rest)


def _offer_values(number: int, block: int, row: OfferRow) -> tuple[object, ...]:
    return (number, row.key, _digest(row.id), row.hash, block, row.start, row.length, row.line, row.file, row.title_key)


def _digest(identifier: str) -> bytes:
    return hashlib.blake2b(identifier.encode(), digest_size=16).digest()


def _with_drop(old: str, position: int) -> str:
    return hashlib.blake2b(f"{old} without session {position}".encode(), digest_size=DROP_SIZE).hexdigest()
