"""Bulk requests: the outcome of each operation, and the one loop that retries operations for which there was no room.

No other module reads the items of an answer; a test enforces it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from engine.answers import MISSING_INDEX, NO_PARAMS, is_no_room
from engine.errors import EngineError, EngineFull, NotStored
from engine.failures import full_message
from engine.requests import Request, Steps, ask_together

BACK_OFF: Final = (0.1, 0.3, 1.0, 3.0, 10.0)  # seconds between attempts at what the engine had no room for (429)
# Errors of an index, not of a document: all other operations would fail too.
OF_INDEX: Final = (MISSING_INDEX, "index_closed_exception", "unavailable_shards_exception")
NOT_ALLOWED: Final = (401, 403)


class Outcome(Enum):
    """The outcome of one operation."""

    DONE = "done"
    CONFLICT = "conflict"  # the document is as new, exists already, or has another version than the one named
    MISSING = "missing"  # nothing to delete or to update
    BUSY = "busy"  # no room in the engine's queues: worth a retry
    FULL = "full"  # the disk is full, or the index read-only
    REFUSED = "refused"  # this document cannot be stored
    FAILED = "failed"  # nothing can be written: no index, no shard, no right


FATAL: Final = (Outcome.FULL, Outcome.FAILED)
AGAIN: Final = (Outcome.BUSY,)


@dataclass(frozen=True, slots=True)
class Item:
    """One operation's outcome; ``kind`` and ``reason`` are the engine's own words, empty on success."""

    outcome: Outcome
    status: int
    kind: str = ""
    reason: str = ""

    @property
    def is_new(self) -> bool:
        """Whether a document was created."""
        return self.status == 201

    def to_error(self) -> EngineError:
        """Return the error for an operation that was not done."""
        if self.outcome is Outcome.FULL:
            return EngineFull(full_message(self.reason), kind=self.kind, reason=self.reason)
        return NotStored(f"the engine could not write: {self.kind}: {self.reason}", kind=self.kind, reason=self.reason)


def read_items(answer: Mapping[str, Any]) -> Iterator[Item]:
    """Yield the outcomes of the operations of a checked bulk request, in order."""
    for item in answer["items"]:
        (result,) = item.values()
        error = result.get("error", {})
        kind, reason = error.get("type", ""), error.get("reason", "")
        yield Item(_outcome_of(result["status"], kind), result["status"], kind, reason)


def _outcome_of(status: int, kind: str) -> Outcome:
    if status < 300:
        return Outcome.DONE
    if is_no_room(status, kind):
        return Outcome.FULL
    if kind in OF_INDEX or status >= 500 or status in NOT_ALLOWED:
        return Outcome.FAILED
    return {404: Outcome.MISSING, 409: Outcome.CONFLICT, 429: Outcome.BUSY}.get(status, Outcome.REFUSED)


def write_groups(
    path: str,
    groups: Sequence[bytes],
    params: Mapping[str, str] = NO_PARAMS,
    *,
    again: Collection[Outcome] = AGAIN,
    keep_refused: bool = False,
    at_once: int | None = None,
) -> Steps[list[tuple[Item, ...]]]:
    """Send groups of bulk lines, all with the same number of operations; return the outcomes of each group.

    A group with an operation that was BUSY (or has another outcome in ``again``) is sent again as a whole, with growing
    pauses. ``at_once`` is the number of groups per request; two requests are sent at the same time, for a shard works
    on each with one thread. Raises EngineFull; raises NotStored if an operation FAILED or was REFUSED (unless
    ``keep_refused``), or if the engine stayed busy. Other operations may have been done by then.
    """
    if not groups:
        return []
    outcomes: dict[int, tuple[Item, ...]] = {}
    waiting = list(range(len(groups)))
    for pause in (0.0, *BACK_OFF):
        size = at_once or len(waiting)
        parts = [waiting[start : start + size] for start in range(0, len(waiting), size)]
        requests = [Request("POST", path, b"".join(groups[n] for n in sent), params) for sent in parts]
        answers = yield from ask_together(requests, pause)
        for sent, told in zip(parts, answers, strict=True):
            items = _checked(read_items(told), keep_refused=keep_refused)
            each = len(items) // len(sent)
            outcomes |= {n: items[place * each : (place + 1) * each] for place, n in enumerate(sent)}
        waiting = [n for n in waiting if any(item.outcome in again for item in outcomes[n])]
        if not waiting:
            return [outcomes[n] for n in range(len(groups))]
    raise NotStored("the engine had no room for bulk requests (429), and stayed so: try again later")


def _checked(items: Iterator[Item], *, keep_refused: bool) -> tuple[Item, ...]:
    """Return the items; raises the error of the first one that makes the others useless."""
    found = tuple(items)
    for item in found:
        if item.outcome in FATAL or (item.outcome is Outcome.REFUSED and not keep_refused):
            raise item.to_error()
    return found
