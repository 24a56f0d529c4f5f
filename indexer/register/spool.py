"""The temporary database of a command: what the files say by SIREN, so that memory does not grow with them."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from indexer.census.facts import ListFacts, SiteFacts, UnitFacts
from indexer.register.merge import merge_rows
from indexer.register.shapes import ListRow

SCHEMA: Final = """
PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -16000;
PRAGMA temp_store = FILE;
CREATE TABLE listed (siren TEXT, line INTEGER, data BLOB, PRIMARY KEY (siren, line)) WITHOUT ROWID;
CREATE TABLE nda (nda TEXT PRIMARY KEY, siren TEXT, line INTEGER) WITHOUT ROWID;
CREATE TABLE unit (siren TEXT PRIMARY KEY, data BLOB) WITHOUT ROWID;
CREATE TABLE site (siret TEXT PRIMARY KEY, data BLOB) WITHOUT ROWID;
"""


class Owner(NamedTuple):
    """The body that a declaration number was first seen under."""

    siren: str
    line: int


class Spool:
    """Everything that the files of an edition say; one thread uses it."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(SCHEMA)
        self._db.execute("BEGIN")
        self._encode = msgspec.msgpack.Encoder().encode

    def close(self) -> None:
        """Close the database; what it held is lost."""
        self._db.close()

    def add_row(self, row: ListRow, line: int) -> Owner | None:
        """Add a row of the list; return the other body that has its declaration number, if there is one."""
        self._db.execute("INSERT INTO listed VALUES (?, ?, ?)", (row.siren, line, self._encode(row.facts)))
        if row.nda is None:
            return None
        self._db.execute("INSERT OR IGNORE INTO nda VALUES (?, ?, ?)", (row.nda, row.siren, line))
        siren, first = self._db.execute("SELECT siren, line FROM nda WHERE nda = ?", (row.nda,)).fetchone()
        return None if siren == row.siren else Owner(siren, first)

    def add_unit(self, siren: str, unit: UnitFacts) -> None:
        """Add a legal unit; a later row of the same one takes its place."""
        self._db.execute("INSERT OR REPLACE INTO unit VALUES (?, ?)", (siren, self._encode(unit)))

    def add_site(self, site: SiteFacts) -> None:
        """Add an establishment; a later row of the same one takes its place."""
        self._db.execute("INSERT OR REPLACE INTO site VALUES (?, ?)", (site.siret, self._encode(site)))

    def count(self) -> int:
        """Return the number of listed bodies."""
        return int(self._db.execute("SELECT count(DISTINCT siren) FROM listed").fetchone()[0])

    def sirens(self) -> set[str]:
        """Return the SIRENs of the list."""
        return {siren for (siren,) in self._db.execute("SELECT DISTINCT siren FROM listed")}

    def sirets(self) -> set[str]:
        """Return the SIRETs of the list."""
        decode = msgspec.msgpack.Decoder(ListFacts).decode
        rows = self._db.execute("SELECT data FROM listed")
        return {site.siret for (data,) in rows for site in decode(data).sites}

    def listed(self, siren: str) -> ListFacts | None:
        """Return what the list says of a body, None if it does not have it."""
        decode = msgspec.msgpack.Decoder(ListFacts).decode
        rows = self._db.execute("SELECT data FROM listed WHERE siren = ? ORDER BY line", (siren,)).fetchall()
        return merge_rows([decode(data) for (data,) in rows]) if rows else None

    def every_siren(self) -> Iterator[str]:
        """Yield every SIREN of list and Sirene, sorted, each once."""
        query = "SELECT siren FROM listed UNION SELECT siren FROM unit UNION SELECT substr(siret, 1, 9) FROM site"
        yield from (siren for (siren,) in self._db.execute(f"{query} ORDER BY 1"))

    def unit(self, siren: str) -> UnitFacts | None:
        """Return a legal unit, None if Sirene's file has none."""
        found = self._db.execute("SELECT data FROM unit WHERE siren = ?", (siren,)).fetchone()
        return None if found is None else msgspec.msgpack.decode(found[0], type=UnitFacts)

    def sites(self, siren: str) -> list[SiteFacts]:
        """Return the establishments of a body."""
        decode = msgspec.msgpack.Decoder(SiteFacts).decode
        within = (f"{siren}00000", f"{siren}99999")
        rows = self._db.execute("SELECT data FROM site WHERE siret BETWEEN ? AND ? ORDER BY siret", within)
        return [decode(data) for (data,) in rows]
