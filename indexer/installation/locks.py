"""Locks in the engine: one load per source at a time, and no load during a rebuild, on any machine."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from engine.errors import EngineConflict, EngineError
from engine.lease import HEARTBEAT, Holder, Lease, LeaseHeld, find_holders
from indexer.installation.indices import Indices
from seats.projection.age import AGE, RELEASE
from seats.projection.frozen import REBUILD_LOCK, let_live_index_go
from seats.projection.markers import MARKERS

REBUILD: Final = REBUILD_LOCK
LOAD: Final = "load:"
CENSUS: Final = "census"  # whoever writes the census of providers; it excludes nothing else
HARVEST: Final = "harvest:"  # a harvest of one source
DOCUMENTS: Final = "documents"  # whoever makes documents of records; like harvests it excludes nothing else
REGISTER: Final = "register"  # whoever reads an edition of the register
ALERTS: Final = "alerts"  # whoever sends mails; it excludes nothing else


POLL: Final = 0.2  # seconds between two attempts at a lock that is waited for


class LockedError(Exception):
    """Another process holds the lock; the message names it and its last heartbeat."""


class Lock:
    """A lease renewed by a thread; ``check`` raises LockedError if another process took it over after a long silence.

    Its checkpoint is the position in the ledger's log from which statements must be projected again after the work.
    """

    def __init__(self, indices: Indices, name: str) -> None:
        self._lease = Lease(indices.names.locks, name)
        self._run = partial(indices.engine.run, patiently=False)  # a heartbeat must not wait
        self._lost = threading.Event()
        self._writing = threading.Lock()
        self._stop = threading.Event()
        self._heart = threading.Thread(target=self._beat, daemon=True)

    @property
    def checkpoint(self) -> int | None:
        """The checkpoint, also that of an owner that died."""
        return self._lease.checkpoint

    def acquire(self) -> None:
        """Take the lock, or that of a dead owner; raises LockedError if it or an excluding one is held."""
        try:
            self._run(self._lease.take(partial(excludes, self._lease.name)))
        except LeaseHeld as held:
            raise LockedError(str(held)) from None
        self._heart.start()

    def _beat(self) -> None:
        while not self._stop.wait(HEARTBEAT):
            try:
                self._renew()
            except EngineConflict:
                self._lost.set()
                return
            except EngineError:
                continue  # the work itself will meet the same error and report it

    def _renew(self) -> None:
        with self._writing:
            self._run(self._lease.renew())

    def remember(self, checkpoint: int) -> None:
        """Store the ledger's checkpoint before the first write; the checkpoint of an owner that died is kept."""
        earlier = self._lease.checkpoint
        self._lease.checkpoint = checkpoint if earlier is None else min(checkpoint, earlier)
        self._renew()

    def finish(self) -> None:
        """Record that all statements since the checkpoint were projected."""
        self._lease.checkpoint = None

    def check(self) -> None:
        """Raise LockedError if the lock was lost."""
        if self._lost.is_set():
            raise LockedError(f"{self._lease.name} was taken over by another process: this one stops")

    def confirm(self) -> None:
        """Renew the lock for a term; raises LockedError if it was lost."""
        try:
            self._renew()
        except EngineConflict:
            self._lost.set()
        self.check()

    def wait_until_lost(self, seconds: float) -> bool:
        """Wait until another process has taken the lock over; return whether it did."""
        return self._lost.wait(seconds)

    def release(self) -> None:
        """Release the lock, or let it expire if work is unfinished; never raises, because a lock expires anyway."""
        self._stop.set()
        if self._heart.ident is not None:
            self._heart.join()
        try:
            self._run(self._lease.give_back())
        except EngineError:
            return


def held_locks(indices: Indices) -> list[Holder]:
    """Return the locks with live owners; writers of seats exclude no one."""
    query = {"bool": {"must_not": {"prefix": {"name": MARKERS}}}}
    holders = indices.engine.run(find_holders(indices.names.locks, query), patiently=False)
    return [holder for holder in holders if not holder.is_over]


def let_go(indices: Indices) -> None:
    """Let the live offers index refresh again if a killed rebuild had frozen it."""
    indices.engine.run(let_live_index_go(indices.names))


def excludes(one: str, other: str) -> bool:
    """Tell whether two locks of different names exclude each other; markers of seats, census, register and documents
    exclude nothing.

    No old figures may be written while some are released; a rebuild repeats what the ageing of figures did meanwhile.

    >>> excludes("load:one", "rebuild"), excludes("load:one", "load:two"), excludes("rebuild", "seats-age")
    (True, False, False)
    """
    pair = (one, other)
    alone = {CENSUS, REGISTER, ALERTS, DOCUMENTS}
    if any(name.startswith((MARKERS, HARVEST)) for name in pair) or not alone.isdisjoint(pair):
        return False
    return RELEASE in pair or (REBUILD in pair and AGE not in pair)


@contextmanager
def hold_lock(indices: Indices, name: str) -> Iterator[Lock]:
    """Hold a lock, such as ``load:SOURCE``, for the block; raises LockedError if it or an excluding one is held."""
    indices.ensure("locks")
    lock = Lock(indices, name)
    lock.acquire()
    try:
        yield lock
    finally:
        lock.release()


@contextmanager
def hold_patiently(indices: Indices, name: str, patience: float) -> Iterator[Lock]:
    """Hold a lock, waiting so many seconds for another process that has it; then raises LockedError."""
    until = time.monotonic() + patience
    while True:
        holding = hold_lock(indices, name)
        try:
            lock = holding.__enter__()
            break
        except LockedError:
            if time.monotonic() > until:
                raise
            time.sleep(POLL)
    try:
        yield lock
    finally:
        holding.__exit__(None, None, None)
