"""A lock in the engine for work done in steps: the one that ``indexer.lifecycle.locks`` holds too, without a thread."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import orjson

from engine.answers import found_documents
from engine.owner import Owner, fetch_time, is_over
from engine.requests import Request, Steps
from seats.ledger.store import refused

TERM: Final = timedelta(seconds=60)  # after this without a word the owner counts as gone
WORD_EVERY: Final = 10.0  # seconds
CONFLICT: Final = 409


@dataclass(slots=True)
class Lease:
    """A lock that is held; to be kept while the work goes on, and given back."""

    index: str
    name: str
    version: Mapping[str, int]
    kept_at: float = field(default_factory=time.monotonic)

    def keep(self) -> Steps[bool]:
        """Say that the work goes on, if it is time to; False if another process has taken the lock over."""
        if time.monotonic() - self.kept_at < WORD_EVERY:
            return True
        result = yield from _write(self.index, self.name, "index", self.version)
        if result["status"] == CONFLICT:
            return False
        self.version, self.kept_at = _version(result), time.monotonic()
        return True

    def give_back(self) -> Steps[None]:
        """Release the lock; one that was taken over stays with its new owner."""
        yield from _write(self.index, self.name, "delete", self.version)


def take(index: str, name: str, excluded_by: str) -> Steps[Lease | None]:
    """Take a lock, or that of an owner who is gone; None if someone holds it, or the one that excludes it."""
    result = yield from _write(index, name, "create", {})
    if result["status"] == CONFLICT:
        found = yield from _fetch(index, name)
        if found is None or not is_over(found["_source"], (yield from fetch_time(index))):
            return None
        result = yield from _write(index, name, "index", _version(found))
        if result["status"] == CONFLICT:
            return None
    lease = Lease(index, name, _version(result))
    # Both sides first take their own and then look for the other's, so that of two at once at least one gives way.
    other = yield from _fetch(index, excluded_by)
    if other is not None and not is_over(other["_source"], (yield from fetch_time(index))):
        yield from lease.give_back()
        return None
    return lease


def _fetch(index: str, name: str) -> Steps[dict[str, Any] | None]:
    answer = yield Request("POST", f"/{index}/_mget", {"ids": [name]})
    return next(iter(found_documents(answer)), None)


def _version(document: Mapping[str, Any]) -> dict[str, int]:
    return {"if_seq_no": document["_seq_no"], "if_primary_term": document["_primary_term"]}


def _write(index: str, name: str, operation: str, condition: Mapping[str, int]) -> Steps[dict[str, Any]]:
    """Write by a bulk request: its answer tells of a conflict, where a plain one is an error of whoever drives."""
    lines = [orjson.dumps({operation: {"_id": name, **condition}})]
    if operation != "delete":
        until = (yield from fetch_time(index)) + TERM
        owner = str(Owner.of_this_process())
        lines.append(orjson.dumps({"name": name, "owner": owner, "until": until.isoformat()}))
    answer = yield Request("POST", f"/{index}/_bulk", b"\n".join((*lines, b"")), {"refresh": "true"})
    result: dict[str, Any] = answer["items"][0][operation]
    if result["status"] not in (200, 201, 404, CONFLICT):
        raise refused(result)
    return result
