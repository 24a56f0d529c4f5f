"""What the live census was made from, recorded in the metadata of its index: it is stale if this differs from now.

No command has to record that it changed something: after a kill, the next one finds the difference.
"""

import hashlib
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from engine.blocking import LONG
from engine.errors import EngineError
from indexer.installation.indices import Indices
from indexer.installation.written import fetch_written
from mappings.census.provider import META, SHAPE
from mappings.index_fields import SHAPE as OFFERS_SHAPE
from mappings.reference import tables_version

ROOT: Final = Path(__file__).parents[2]
CODE: Final = (Path("indexer/census"), Path("mappings/census"), Path("language/names.py"))
TABLES: Final = ("communes", "former_communes", "cedex")  # which locate sites
DIGEST: Final = 16  # bytes of a hash
RECORDED: Final = frozenset(("edition", "code", "tables", "offers", "bodies"))


@dataclass(frozen=True, slots=True)
class LiveEdition:
    """The edition of the register that the census has; ``date`` in ISO form, hashes of its files' content.

    ``untold`` are the dates, of this and of earlier editions, that are days of loading: the list's was not given.
    A file of Sirene that was never named has no hash; one that a later command does not name counts as the same.
    """

    list_hash: str
    units_hash: str
    sites_hash: str
    date: str
    rows: int
    bodies: int
    untold: tuple[str, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether the date is that of the list."""
        return self.date not in self.untold

    @property
    def hash(self) -> str:
        """One hash of all files."""
        return hashlib.blake2b(
            f"{self.list_hash} {self.units_hash} {self.sites_hash}".encode(), digest_size=DIGEST
        ).hexdigest()

    def after(self, before: "LiveEdition | None") -> "LiveEdition":
        """Return this edition with what stays of the one before: files of Sirene not named again, untold dates."""
        if before is None:
            return self
        units, sites = self.units_hash or before.units_hash, self.sites_hash or before.sites_hash
        untold = {*before.untold, *self.untold} - ({self.date} if self.is_told else set())
        return replace(self, units_hash=units, sites_hash=sites, untold=tuple(sorted(untold)))

    def dates_again(self, before: "LiveEdition") -> bool:
        """Tell whether it gives the date of the same files, which nobody had given before."""
        return self.hash == before.hash and self.is_told and not before.is_told


@dataclass(frozen=True, slots=True)
class State:
    """What a census was made from: register, code, tables, and the offers with the bodies that they name."""

    edition: LiveEdition | None
    code: str
    tables: str
    offers: str
    bodies: str = ""

    def differs_in_basis(self, other: "State") -> bool:
        """Tell whether all documents may differ, not only those of bodies that offers name."""
        return (self.edition, self.code, self.tables) != (other.edition, other.code, other.tables)


def live_census(indices: Indices) -> str | None:
    """Return the concrete index behind the alias of the census, None if there is none."""
    return indices.behind(indices.names.providers)


def read_state(indices: Indices, index: str | None) -> State | None:
    """Return what a census was made from; None if there is none, or another version made it."""
    if index is None:
        return None
    mapping = indices.engine.call("GET", f"/{index}/_mapping")[index]["mappings"]
    made = mapping.get("_meta", {}).get(META, {})
    if made.get("shape") != SHAPE or not made.keys() >= RECORDED:
        return None
    told = made["edition"]
    edition = LiveEdition(**(told | {"untold": tuple(told.get("untold", ()))})) if told else None
    return State(edition, made["code"], made["tables"], made["offers"], made["bodies"])


def store_state(indices: Indices, index: str, state: State) -> None:
    """Record what a census was made from."""
    body = {"_meta": {META: {"shape": SHAPE, **asdict(state)}}}
    indices.engine.call("PUT", f"/{index}/_mapping", body, timeout=LONG)


def current_state(indices: Indices, edition: LiveEdition | None) -> State:
    """Return what a census would be made from now, without the bodies.

    Raises EngineError for offers of another shape, whose bodies cannot be read.
    """
    tables = [row for row in indices.reference_documents("name", "version") if row["name"] in TABLES]
    live = indices.live_index()
    return State(edition, code_version(), tables_version(tables), _offers_state(indices, live) if live else "")


def _offers_state(indices: Indices, live: str) -> str:
    if indices.shape_of(live) != OFFERS_SHAPE:
        raise EngineError(f"{live} was made by another version: run python -m indexer rebuild")
    digest = hashlib.blake2b(digest_size=DIGEST)
    for row in fetch_written(indices, live):
        digest.update(row.encode())
    return digest.hexdigest()


def is_current(indices: Indices) -> bool:
    """Tell whether the census was made from the present offers, tables and code; there may be no offers."""
    stored = read_state(indices, live_census(indices))
    try:
        now = current_state(indices, stored.edition if stored else None)
    except EngineError:
        return False
    if stored is None:
        return not now.offers
    return replace(stored, bodies="") == now


@cache
def code_version() -> str:
    """Return a hash of the code that makes documents: a release that changes it makes each census once more."""
    digest = hashlib.blake2b(digest_size=DIGEST)
    for path in sorted(path for part in CODE for path in _modules(ROOT / part)):
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _modules(part: Path) -> list[Path]:
    return [part] if part.is_file() else [*part.rglob("*.py")]


def to_json(state: State | None) -> dict[str, Any] | None:
    """Return the edition of a census as status shows it."""
    if state is None or state.edition is None:
        return None
    edition = state.edition
    return {
        "date": edition.date,
        "is_told": edition.is_told,
        "rows": edition.rows,
        "bodies": edition.bodies,
        "hash": edition.hash,
    }
