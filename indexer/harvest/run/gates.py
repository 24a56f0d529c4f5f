"""Gates before a harvest is written: a source that has lost its content must not empty the documents."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from indexer.gates import refuse_bad, refuse_loss

GateName = Literal["too-few", "too-many-fewer", "too-many-bad"]
GATE_NAMES: Final[tuple[GateName, ...]] = get_args(GateName)


@dataclass(frozen=True, slots=True)
class GateLimits:
    """Limits: least number of sound records of a full harvest, greatest loss, greatest share of rejects."""

    min_records: int = 1
    max_fewer: float = 0.3
    max_bad: float = 0.1


@dataclass(frozen=True, slots=True)
class GateCounts:
    """The effect of a harvest; ``sound`` is None if the source named only what changed."""

    read: int
    rejected: int
    sound: int | None
    before: int
    after: int


def check_gates(counts: GateCounts, limits: GateLimits) -> dict[GateName, str]:
    """Return the message of each gate that refuses, in a fixed order.

    >>> list(check_gates(GateCounts(100, 11, 89, 200, 100), GateLimits()))
    ['too-many-fewer', 'too-many-bad']
    >>> check_gates(GateCounts(100, 10, 90, 100, 70), GateLimits())
    {}
    """
    found: dict[GateName, str] = {}
    if counts.sound is not None and counts.sound < limits.min_records:
        found["too-few"] = f"{counts.sound} sound records, at least {limits.min_records} are demanded"
    live = f"{counts.after} records would be live instead of {counts.before}"
    if loss := refuse_loss(counts.before, counts.after, limits.max_fewer, live):
        found["too-many-fewer"] = loss
    rejects = f"{counts.rejected} of {counts.read} records are rejects"
    if bad := refuse_bad(counts.rejected, counts.read, limits.max_bad, rejects):
        found["too-many-bad"] = bad
    return found
