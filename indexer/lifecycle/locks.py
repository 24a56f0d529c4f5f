"""Locks in the engine: one load of a source at a time, and no load beside a rebuild, from whatever machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from engine.owner import CLOCK, Owner, engine_time, is_over
from indexer.engine import EngineConflict, EngineError, EngineNotFound
from indexer.lifecycle.indices import Indices
from seats.projection.age import AGE, RELEASE
from seats.projection.frozen import REBUILD_LOCK, let_live_index_go
from seats.projection.markers import MARKERS

REBUILD: Final = REBUILD_LOCK
LOAD: Final = "load:"
TERM: Final = timedelta(seconds=60)  # after this without a heartbeat, by the engine's clock, the owner counts as gone
HEARTBEAT: Final = 10.0  # seconds


class LockedError(Exception):
    """Someone else is at work; the message says who, and since when nothing was heard of them."""


class Lock:
    """A lock that is held; ``check`` raises LockedError if another process took it over after a long silence."""

    # From where in the ledger's log statements must be projected again once the work is done; survives its owner.
    checkpoint: int | None = None

    def __init__(self, indices: Indices, name: str) -> None:
        self._indices, self._name = indices, name
        self._path = f"/{indices.names.locks}/_doc/{name}"
        self._search = f"/{indices.names.locks}/_search"
        self._owner = Owner.of_this_process()
        self._version: dict[str, str] = {}
        self._lost = threading.Event()
        self._writing = threading.Lock()
        self._stop = threading.Event()
        self._heart = threading.Thread(target=self._beat, daemon=True)

    def acquire(self) -> None:
        """Take the lock, or that of an owner who is gone; raises LockedError if someone holds it."""
        try:
            self._write({"op_type": "create"})
        except EngineConflict:
            self._take_over()
        self._heart.start()

    def _take_over(self) -> None:
        try:
            found = self._indices.engine.call("GET", self._path)
        except EngineNotFound:
            raise LockedError(f"{self._name} was just released: try again") from None
        if not is_over(found["_source"], self._time()):
            raise LockedError(describe(found["_source"]))
        self.checkpoint = found["_source"].get("checkpoint")
        try:
            self._write({"if_seq_no": str(found["_seq_no"]), "if_primary_term": str(found["_primary_term"])})
        except EngineConflict:
            raise LockedError(f"{self._name} was taken by another process just now") from None

    def _write(self, condition: dict[str, str]) -> None:
        until = self._time() + (-TERM if self._stop.is_set() else TERM)
        document: dict[str, Any] = {"name": self._name, "owner": str(self._owner), "until": until.isoformat()}
        if self.checkpoint is not None:
            document["checkpoint"] = self.checkpoint
        answer = self._indices.engine.call("PUT", self._path, document, {"refresh": "true", **condition})
        self._version = {"if_seq_no": str(answer["_seq_no"]), "if_primary_term": str(answer["_primary_term"])}

    def _time(self) -> datetime:
        return engine_time(self._indices.engine.call("POST", self._search, {"size": 0, "aggs": CLOCK}))

    def _beat(self) -> None:
        while not self._stop.wait(HEARTBEAT):
            try:
                with self._writing:
                    self._write(self._version)
            except EngineConflict:
                self._lost.set()
                return
            except EngineError:
                continue  # the work itself will meet the same trouble and tell of it

    def remember(self, checkpoint: int) -> None:
        """Store the ledger's checkpoint before the first write; that of an owner who died in the middle stands."""
        self.checkpoint = checkpoint if self.checkpoint is None else min(checkpoint, self.checkpoint)
        with self._writing:
            self._write(self._version)

    def finish(self) -> None:
        """Say that all statements since the checkpoint were projected."""
        self.checkpoint = None

    def check(self) -> None:
        """Raise LockedError if the lock was lost."""
        if self._lost.is_set():
            raise LockedError(f"{self._name} was taken over by another process: this one stops")

    def confirm(self) -> None:
        """Make sure of the lock for the length of a term; raises LockedError if it was lost."""
        try:
            with self._writing:
                self._write(self._version)
        except EngineConflict:
            self._lost.set()
        self.check()

    def wait_until_lost(self, seconds: float) -> bool:
        """Wait until another process has taken the lock over; returns whether it did."""
        return self._lost.wait(seconds)

    def release(self) -> None:
        """Give the lock back, or end it if work was left undone; never raises, for a lock ends by itself anyway."""
        self._stop.set()
        if self._heart.ident is not None:
            self._heart.join()
        try:
            if self.checkpoint is not None:
                self._write(self._version)
            else:
                self._indices.engine.call("DELETE", self._path, params={"refresh": "true", **self._version})
        except EngineError:
            return


def describe(document: dict[str, Any]) -> str:
    """Return who holds a lock, as a line."""
    return f"{document['name']} is under way already ({who_holds(document)})"


def who_holds(document: dict[str, Any]) -> str:
    """Return the owner of a lock as people know it."""
    owner = Owner.parse(document["owner"])
    return f"process {owner.pid} on {owner.machine}"


def held_locks(indices: Indices) -> list[dict[str, Any]]:
    """Return the locks whose owners are alive; writers of seats exclude nobody."""
    params = {"ignore_unavailable": "true"}
    body = {"size": 1_000, "query": {"bool": {"must_not": {"prefix": {"name": MARKERS}}}}, "aggs": CLOCK}
    answer = indices.engine.call("POST", f"/{indices.names.locks}/_search", body, params)
    now = engine_time(answer)
    return [hit["_source"] for hit in answer["hits"]["hits"] if not is_over(hit["_source"], now)]


def let_go(indices: Indices) -> None:
    """Let the live offers index refresh again if a rebuild that was killed had frozen it."""
    indices.engine.run(let_live_index_go(indices.names, is_over))


def excludes(one: str, other: str) -> bool:
    """Tell whether two locks of different names cannot be held at once.

    Nobody may write old figures while some are released; a rebuild repeats what the ageing of figures did meanwhile.

    >>> excludes("load:one", "rebuild"), excludes("load:one", "load:two"), excludes("rebuild", "seats-age")
    (True, False, False)
    """
    pair = (one, other)
    return RELEASE in pair or (REBUILD in pair and AGE not in pair)


@contextmanager
def hold_lock(indices: Indices, name: str) -> Iterator[Lock]:
    """Hold a lock, such as ``load:SOURCE``, for the block; raises LockedError if it or one that excludes it is held."""
    indices.ensure("locks")
    lock = Lock(indices, name)
    lock.acquire()
    try:
        # Both sides first take their own and then look for the other's, so that of two at once at least one is refused.
        for other in held_locks(indices):
            if other["name"] != name and excludes(name, other["name"]):
                raise LockedError(describe(other))
        yield lock
    finally:
        lock.release()
