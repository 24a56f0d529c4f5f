"""Snapshots of the ledger by the engine itself, in a folder that all its nodes share, and back.

A snapshot is restored into an index beside the ledger, and from there as an export is: a higher sequence in the ledger
stays, so that no figure goes back.
"""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson

from engine.blocking import LONG
from engine.errors import EngineError, EngineNotFound
from indexer.installation.indices import Indices
from indexer.seats.copy import ledger_pages, restore_lines
from seats.ledger.restore import Restored

POLL: Final = 0.5  # seconds between looks at a snapshot that is being made
DONE, UNDER_WAY = "SUCCESS", "IN_PROGRESS"
TAKEN: Final = "already exists"  # in the engine's reason
NO_PATH: Final = "path.repo"
EVERY_NAME: Final = "(.+)"
RESTORED: Final = "restored-"  # in the name of a copy that is read back, before the moment when it was made
MOMENT: Final = "%Y%m%dt%H%M%S%f"
FORGOTTEN: Final = timedelta(days=1)  # no restore takes so long
NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
ALLOWED: Final = "lowercase letters, digits, . _ and -, at most 100, and first a letter or a digit"


class SnapshotError(Exception):
    """A snapshot cannot be made or read; the message says why, and what can be done."""


class LedgerInUse(Exception):
    """The ledger has statements, and a restore into it was not forced."""


@dataclass(frozen=True, slots=True)
class Repository:
    """Where the snapshots of an installation are: below a folder that ``path.repo`` of every node names."""

    indices: Indices
    folder: str = ""

    @property
    def name(self) -> str:
        """Its name in the engine."""
        return f"{self.indices.settings.index_prefix}snapshots"

    @property
    def location(self) -> str:
        """The folder; without one, that of the name below the first of ``path.repo``."""
        return self.folder or self.name

    def register(self) -> None:
        """Make it known to the engine, which tries it on every node; raises SnapshotError."""
        body = {"type": "fs", "settings": {"location": self.location, "compress": True}}
        try:
            self.indices.engine.call("PUT", f"/_snapshot/{self.name}", body, timeout=LONG)
        except EngineError as error:
            if NO_PATH in error.reason:
                hint = f"name it, or a folder above it, in the setting {NO_PATH} of every node, and restart them"
                raise SnapshotError(f"the engine may not write snapshots into {self.location}: {hint}") from error
            if error.kind.startswith("repository"):
                hint = "every node must reach the same folder, and may write there"
                raise SnapshotError(f"{self.location} cannot hold snapshots: {hint} ({error.told})") from error
            raise

    def snapshots(self) -> list[dict[str, Any]]:
        """Return all snapshots, the oldest first, as the engine describes them."""
        answer = self.indices.engine.call("GET", f"/_snapshot/{self.name}/_all", timeout=LONG)
        found: list[dict[str, Any]] = sorted(answer["snapshots"], key=lambda each: each["start_time_in_millis"])
        return found

    def describe(self, snapshot: str) -> dict[str, Any]:
        """Return one snapshot; raises SnapshotError if there is none of this name."""
        try:
            answer = self.indices.engine.call("GET", f"/_snapshot/{self.name}/{snapshot}", timeout=LONG)
        except EngineNotFound as error:
            names = ", ".join(each["snapshot"] for each in self.snapshots()) or "none"
            raise SnapshotError(
                f"there is no snapshot {snapshot} in {self.location}; those there are: {names}"
            ) from error
        described: dict[str, Any] = answer["snapshots"][0]
        return described


def take_snapshot(indices: Indices, folder: str, name: str | None) -> dict[str, Any]:
    """Make a snapshot of the ledger and return its description; statements go on meanwhile."""
    if name is not None:
        _check_name(name)
    indices.ensure("ledger")
    repository = Repository(indices, folder)
    repository.register()
    name = name or datetime.now(UTC).strftime("seats-%Y%m%dt%H%M%S")
    body = {"indices": indices.names.ledger, "include_global_state": False, "partial": False}
    try:
        indices.engine.call("PUT", f"/_snapshot/{repository.name}/{name}", body, timeout=LONG)
    except EngineError as error:
        if TAKEN in error.reason:
            raise SnapshotError(f"there is a snapshot {name} already: choose another name") from error
        raise
    while (made := repository.describe(name))["state"] == UNDER_WAY:
        time.sleep(POLL)
    if made["state"] != DONE:
        raise SnapshotError(f"snapshot {name} is not whole ({made['state']}): {made.get('failures') or 'no reason'}")
    return shown(made) | {"folder": repository.location}


def list_snapshots(indices: Indices, folder: str) -> list[dict[str, Any]]:
    """Return the snapshots of a folder, the oldest first."""
    repository = Repository(indices, folder)
    repository.register()
    return [shown(each) for each in repository.snapshots()]


def shown(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the commands print of a snapshot."""
    return {
        "snapshot": snapshot["snapshot"],
        "state": snapshot["state"],
        "begun_at": snapshot["start_time"],
        "engine": snapshot["version"],
    }


def restore_snapshot(indices: Indices, folder: str, name: str, *, force: bool) -> Restored:
    """Restore a snapshot as an export is restored; raises LedgerInUse if the ledger has statements, unless forced."""
    _check_name(name)
    repository = Repository(indices, folder)
    repository.register()
    described = repository.describe(name)
    if described["state"] != DONE or len(described["indices"]) != 1:
        raise SnapshotError(f"snapshot {name} is no whole ledger: {described['state']}, {described['indices']}")
    if not force:
        _check_unused(indices)
    told = Restored()
    with _beside(indices, repository, name) as copy:
        hits = (hit for page in ledger_pages(indices, index=copy) for hit in page)
        restore_lines(indices, (orjson.dumps(hit["_source"]) for hit in hits), told)
    return told


def _check_name(name: str) -> None:
    """Raise SnapshotError for a name that could be a part of an address, a pattern or a list of names."""
    if not NAME.fullmatch(name):
        raise SnapshotError(f"{name} cannot be the name of a snapshot: {ALLOWED}")


def _check_unused(indices: Indices) -> None:
    ledger = indices.names.ledger
    if not indices.engine.exists(ledger):
        return
    indices.refresh(ledger)
    if count := indices.count(ledger):
        raise LedgerInUse(f"{ledger} has {count} statements: --force restores beside them, and keeps the newer ones")


@contextmanager
def _beside(indices: Indices, repository: Repository, name: str) -> Iterator[str]:
    """Restore a snapshot into an index of its own, deleted with the block, as are those that a killed restore left."""
    prefix, now = f"{indices.settings.index_prefix}{RESTORED}", datetime.now(UTC)
    copy = f"{prefix}{now.strftime(MOMENT)}"
    forgotten = f"{prefix}{(now - FORGOTTEN).strftime(MOMENT)}"
    rows = indices.engine.call("GET", f"/_cat/indices/{prefix}*", params={"h": "index", "format": "json"})
    for left in (row["index"] for row in rows):
        if left < forgotten:
            indices.engine.call("DELETE", f"/{left}", timeout=LONG)
    body = {
        "rename_pattern": EVERY_NAME,
        "rename_replacement": copy,
        "include_global_state": False,
        "include_aliases": False,
        "index_settings": {"index.number_of_replicas": 0},
    }
    try:
        indices.engine.call("POST", f"/_snapshot/{repository.name}/{name}/_restore", body, timeout=LONG)
        params = {"wait_for_status": "yellow", "timeout": f"{LONG:.0f}s"}
        health = indices.engine.call("GET", f"/_cluster/health/{copy}", params=params, timeout=LONG)
        if health["timed_out"]:
            raise SnapshotError(f"snapshot {name} was not read after {LONG:.0f} s")
        yield copy
    finally:
        if indices.engine.exists(copy):
            indices.engine.call("DELETE", f"/{copy}", timeout=LONG)
