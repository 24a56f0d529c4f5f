"""Leases: locks in the engine for work that one process does at a time, on any machine.

A lease is a document with its owner and its end. The owner renews it during the work; a lease without renewal for a
term, or whose process is known to have ended, has expired, and another process may take it. Only the engine's clock
counts: the clocks of two machines may differ by minutes. The new owner inherits the checkpoint: the position in a log
from which the work of the former owner has to be repeated.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import randbelow
from typing import Any, Final

from engine.answers import found_documents
from engine.errors import EngineConflict, EngineNotFound
from engine.owner import Owner
from engine.requests import Request, Steps

TERM: Final = timedelta(seconds=60)  # after this without a heartbeat, by the engine's clock, the owner counts as gone
HEARTBEAT: Final = 10.0  # seconds between two renewals
MOST: Final = 1_000  # leases of one installation
# Part of the body of a search over leases: the answer contains the engine's time.
CLOCK: Final = {"clock": {"date_range": {"field": "until", "ranges": [{"from": "now"}]}}}
EVERY: Final[Mapping[str, Any]] = {"match_all": {}}


class LeaseHeld(Exception):
    """Another process holds the lease; the message names the work and the process."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The present or former holder of a lease."""

    name: str
    owner: Owner
    is_over: bool
    checkpoint: int | None = None

    @classmethod
    def of(cls, document: Mapping[str, Any], now: datetime) -> "Holder":
        """Parse the document of a lease; ``now`` is the engine's time, by which ``until`` was written, too."""
        owner = Owner.parse(document["owner"])
        over = owner.is_dead() or datetime.fromisoformat(document["until"]) < now
        return cls(document["name"], owner, over, document.get("checkpoint"))

    @property
    def shown(self) -> str:
        """Return the owner in readable form."""
        return f"process {self.owner.pid} on {self.owner.machine}"

    def to_error(self) -> LeaseHeld:
        """Return the error for a process that wants the same lease, or an excluded one."""
        return LeaseHeld(f"{self.name} is under way already ({self.shown})")


@dataclass(slots=True)
class Lease:
    """One lease of this process: taken, renewed during the work, released.

    ``checkpoint`` is stored with it, and survives an owner that dies.
    """

    index: str
    name: str
    checkpoint: int | None = None
    version: Mapping[str, str] = field(default_factory=dict)
    kept_at: float = field(default_factory=time.monotonic)
    attempted: set[str] = field(default_factory=set)  # ends that may have been written since the last answer

    def take(self, excludes: Callable[[str], bool] = lambda _: False) -> Steps[None]:
        """Take the lease, or that of a dead owner; raises LeaseHeld.

        ``excludes`` tells for the name of another lease whether both exclude each other. Both sides take their own
        first and then look for the other's, so that of two at once at least one gives way.
        """
        try:
            yield from self._write({"op_type": "create"}, TERM)
        except EngineConflict:
            yield from self._take_over()
        for other in (yield from find_holders(self.index)):
            if other.name != self.name and not other.is_over and excludes(other.name):
                yield from self.give_back()
                raise other.to_error()

    def _take_over(self) -> Steps[None]:
        answer = yield Request("POST", f"/{self.index}/_mget", {"ids": [self.name]})
        found = next(iter(found_documents(answer)), None)
        if found is None:
            raise LeaseHeld(f"{self.name} was just released: try again")
        holder = Holder.of(found["_source"], (yield from fetch_time(self.index)))
        if not holder.is_over:
            raise holder.to_error()
        self.checkpoint = holder.checkpoint
        try:
            yield from self._write(_version(found), TERM)
        except EngineConflict:
            raise LeaseHeld(f"{self.name} was taken by another process just now") from None

    def renew(self) -> Steps[None]:
        """Renew the lease; raises EngineConflict if another process has taken it over."""
        try:
            yield from self._write(self.version, TERM)
        except EngineConflict:
            if not (yield from self._finds_own_write()):
                raise
            yield from self._write(self.version, TERM)

    def keep(self) -> Steps[bool]:
        """Renew the lease if due; return False if another process has taken it over."""
        if time.monotonic() - self.kept_at < HEARTBEAT:
            return True
        try:
            yield from self.renew()
        except EngineConflict:
            return False
        return True

    def give_back(self) -> Steps[None]:
        """Release the lease, or let it expire if its checkpoint marks unfinished work; one that was taken over
        stays.
        """
        try:
            yield from self._give_back()
        except EngineConflict:
            if (yield from self._finds_own_write()):
                with suppress(EngineConflict, EngineNotFound):
                    yield from self._give_back()
        except EngineNotFound:
            return

    def _give_back(self) -> Steps[None]:
        if self.checkpoint is not None:
            yield from self._write(self.version, -TERM)
        else:
            yield Request("DELETE", f"/{self.index}/_doc/{self.name}", params={"refresh": "true", **self.version})

    def _finds_own_write(self) -> Steps[bool]:
        """Return whether the lease is as this wrote it last, and go on from there: the engine may write without
        being able to say so in time, and the same request again is a conflict then.
        """
        answer = yield Request("POST", f"/{self.index}/_mget", {"ids": [self.name]})
        found = next(iter(found_documents(answer)), None)
        if found is None or found["_source"]["until"] not in self.attempted:
            return False
        self.version = _version(found)
        return True

    def _write(self, condition: Mapping[str, str], term: timedelta) -> Steps[None]:
        until = _marked((yield from fetch_time(self.index)) + term)
        self.attempted.add(until)
        params = {"refresh": "true", **condition}
        answer = yield from _put(self.index, self.name, until, self.checkpoint, params)
        self.version, self.kept_at = _version(answer), time.monotonic()
        self.attempted.clear()


def write_lease(
    index: str, name: str, term: timedelta, checkpoint: int | None, params: Mapping[str, str]
) -> Steps[dict[str, Any]]:
    """Write the document of a lease held for a term from now; return the engine's answer."""
    until = (yield from fetch_time(index)) + term
    return (yield from _put(index, name, _marked(until), checkpoint, params))


def _marked(until: datetime) -> str:
    """Return a moment to the millisecond, followed by six random digits, so that each write is recognisable."""
    return f"{until:%Y-%m-%dT%H:%M:%S}.{until.microsecond // 1_000:03}{randbelow(10**6):06}+00:00"


def _put(index: str, name: str, until: str, checkpoint: int | None, params: Mapping[str, str]) -> Steps[dict[str, Any]]:
    document: dict[str, Any] = {"name": name, "owner": str(Owner.of_this_process()), "until": until}
    if checkpoint is not None:
        document["checkpoint"] = checkpoint
    answer: dict[str, Any] = yield Request("PUT", f"/{index}/_doc/{name}", document, params)
    return answer


def find_holders(index: str, query: Mapping[str, Any] = EVERY) -> Steps[list[Holder]]:
    """Return the holders of leases, expired ones included, as of the last refresh; none without an index."""
    body = {"size": MOST, "query": query, "aggs": CLOCK}
    answer = yield Request("POST", f"/{index}/_search", body, {"ignore_unavailable": "true"})
    now = engine_time(answer)
    return [Holder.of(hit["_source"], now) for hit in answer["hits"]["hits"]]


def fetch_time(index: str) -> Steps[datetime]:
    """Return the engine's time; ``index`` is that of the leases."""
    body = {"size": 0, "track_total_hits": False, "aggs": CLOCK}
    return engine_time((yield Request("POST", f"/{index}/_search", body, {"ignore_unavailable": "true"})))


def engine_time(answer: Mapping[str, Any]) -> datetime:
    """Return the engine's time out of its answer to a search with CLOCK; ours if there is no index to be searched."""
    buckets = answer.get("aggregations", {}).get("clock", {}).get("buckets")
    return datetime.fromtimestamp(buckets[0]["from"] / 1_000, UTC) if buckets else datetime.now(UTC)


def _version(document: Mapping[str, Any]) -> dict[str, str]:
    return {"if_seq_no": str(document["_seq_no"]), "if_primary_term": str(document["_primary_term"])}
