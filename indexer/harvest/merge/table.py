"""The temporary database of a merge: evidence of every record, the documents that exist, and who belongs together.

Memory holds a few bytes a record, whatever their number.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from indexer.harvest.record.evidence import IDENTIFYING, NAME
from mappings.keys import key_of

MOST_IDENTIFIERS: Final = 8  # of one scheme in one record: a book has an ISBN for each form of its edition
Piece = tuple[str, str, str]  # scheme, colon, value
SCHEMA: Final = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -32000;
PRAGMA temp_store = FILE;
CREATE TABLE record (n INTEGER PRIMARY KEY, key TEXT UNIQUE, source TEXT, hash TEXT, title TEXT, root INTEGER);
CREATE TABLE evidence (scheme TEXT, value TEXT, n INTEGER);
CREATE TABLE document (key TEXT PRIMARY KEY, hash TEXT, deleted INTEGER) WITHOUT ROWID;
CREATE TABLE made_of (record TEXT, document TEXT, PRIMARY KEY (record, document)) WITHOUT ROWID;
CREATE TABLE assigned (root INTEGER PRIMARY KEY, key TEXT UNIQUE);
"""


class RecordRow(NamedTuple):
    """What a merge reads of a record; ``evidence`` as it is stored."""

    key: str
    source: str
    hash: str
    evidence: list[str]


class DocumentRow(NamedTuple):
    """What a merge reads of a document that exists."""

    key: str
    hash: str
    deleted: bool
    records: list[str]


class Group(NamedTuple):
    """Records with one value of a scheme: (n, source, hash of the title)."""

    members: list[tuple[int, str, str]]


class Cluster(NamedTuple):
    """The records of one text, the key of its document, and what that document has now."""

    key: str
    records: list[tuple[str, str]]  # (key, hash), sorted
    stored_hash: str | None
    is_deleted: bool


def _that_join(pieces: list[Piece]) -> list[Piece]:
    """Return the evidence without the identifiers of a record that has many of a scheme: it is a list of texts."""
    counts = Counter(scheme for scheme, _, _ in pieces)
    return [piece for piece in pieces if piece[0] not in IDENTIFYING or counts[piece[0]] <= MOST_IDENTIFIERS]


class MergeTable:
    """Everything that a merge knows; one thread uses it."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(SCHEMA)
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Close the database; what it held is lost."""
        self._db.close()

    def add_records(self, rows: Iterable[RecordRow], first: int) -> int:
        """Add records, numbered from ``first`` on; return the next number."""
        n = first
        for row in rows:
            pieces = _that_join([each.partition(":") for each in row.evidence])
            title = next((value for scheme, _, value in pieces if scheme == NAME), "")
            self._db.execute(
                "INSERT INTO record VALUES (?, ?, ?, ?, ?, NULL)", (n, row.key, row.source, row.hash, title)
            )
            self._db.executemany(
                "INSERT INTO evidence VALUES (?, ?, ?)",
                [(scheme, value, n) for scheme, _, value in pieces if scheme != NAME],
            )
            n += 1
        return n

    def add_documents(self, rows: Iterable[DocumentRow]) -> None:
        """Add documents that exist."""
        for row in rows:
            self._db.execute("INSERT INTO document VALUES (?, ?, ?)", (row.key, row.hash, row.deleted))
            self._db.executemany(
                "INSERT OR IGNORE INTO made_of VALUES (?, ?)", [(record, row.key) for record in row.records]
            )

    def index(self) -> None:
        """Make searches fast once every record is there."""
        self._db.execute("CREATE INDEX by_value ON evidence (scheme, value, n)")
        self._db.execute("CREATE INDEX by_record ON evidence (n, scheme, value)")

    def shared(self, scheme: str) -> Iterator[Group]:
        """Yield the records of each value of a scheme that several have, sorted."""
        # CROSS JOIN keeps the order of the tables: without statistics the planner may begin with all records.
        rows = self._db.execute(
            "SELECT e.value, e.n, r.source, r.title FROM (SELECT value FROM evidence WHERE scheme = ?1 "
            "GROUP BY value HAVING count(*) > 1) s CROSS JOIN evidence e ON e.scheme = ?1 AND e.value = s.value "
            "CROSS JOIN record r ON r.n = e.n ORDER BY e.value, r.key",
            (scheme,),
        )
        value: str | None = None
        members: list[tuple[int, str, str]] = []
        for found, n, source, title in rows:
            if found != value and members:
                yield Group(members)
                members = []
            value = found
            members.append((n, source, title))
        if members:
            yield Group(members)

    def values(self, n: int, scheme: str) -> set[str]:
        """Return a record's values of a scheme."""
        rows = self._db.execute("SELECT value FROM evidence WHERE n = ? AND scheme = ?", (n, scheme))
        return {value for (value,) in rows}

    def told(self, n: int) -> tuple[str, str]:
        """Return source and hash of the title of a record."""
        source, title = self._db.execute("SELECT source, title FROM record WHERE n = ?", (n,)).fetchone()
        return source, title

    def set_roots(self, roots: Iterable[tuple[int, int]]) -> None:
        """Store which cluster each record belongs to: pairs of root and record."""
        self._db.executemany("UPDATE record SET root = ? WHERE n = ?", roots)
        self._db.execute("CREATE INDEX by_root ON record (root, key)")

    def assign_keys(self) -> None:
        """Give each cluster the document that shares most records with it, else the key of its first record.

        Where a document was split, that key may be taken: then a key is made of it.
        """
        self._db.execute(
            "INSERT OR IGNORE INTO assigned SELECT r.root, d.key FROM record r JOIN made_of m ON m.record = r.key "
            "JOIN document d ON d.key = m.document GROUP BY r.root, d.key "
            "ORDER BY count(*) DESC, d.deleted, max(r.key = d.key) DESC, d.key, min(r.key)"
        )
        self._db.execute(
            "INSERT OR IGNORE INTO assigned SELECT r.root, r.key FROM record r LEFT JOIN assigned a ON a.root = r.root "
            "WHERE a.root IS NULL ORDER BY r.root, r.key"
        )
        query = "SELECT root, min(key) FROM record WHERE root NOT IN (SELECT root FROM assigned) GROUP BY root"
        for root, key in self._db.execute(query).fetchall():
            attempt = 0
            while not self._assign(root, key_of(f"{key}\n{attempt}")):
                attempt += 1

    def _assign(self, root: int, key: str) -> bool:
        return self._db.execute("INSERT OR IGNORE INTO assigned VALUES (?, ?)", (root, key)).rowcount == 1

    def clusters(self) -> Iterator[Cluster]:
        """Yield every cluster with its key."""
        rows = self._db.execute(
            "SELECT r.root, a.key, r.key, r.hash, d.hash, d.deleted FROM record r JOIN assigned a ON a.root = r.root "
            "LEFT JOIN document d ON d.key = a.key ORDER BY r.root, r.key"
        )
        root, cluster = None, Cluster("", [], None, False)
        for found, key, record, record_hash, stored, deleted in rows:
            if found != root and cluster.records:
                yield cluster
            if found != root:
                root, cluster = found, Cluster(key, [], stored, bool(deleted))
            cluster.records.append((record, record_hash))
        if cluster.records:
            yield cluster

    def orphans(self) -> list[str]:
        """Return the keys of live documents that no record is of any more."""
        rows = self._db.execute(
            "SELECT key FROM document WHERE NOT deleted AND key NOT IN (SELECT key FROM assigned) ORDER BY key"
        )
        return [key for (key,) in rows]
