"""Gates before a harvest is written: a source that has lost its content must not empty the documents."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

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
    fewer = counts.before - counts.after
    if counts.before and fewer / counts.before > limits.max_fewer:
        found["too-many-fewer"] = (
            f"{counts.after} records would be live instead of {counts.before}: {fewer / counts.before:.0%} fewer,"
            f" at most {limits.max_fewer:.0%} is allowed"
        )
    if counts.read and counts.rejected / counts.read > limits.max_bad:
        found["too-many-bad"] = (
            f"{counts.rejected} of {counts.read} records are rejects: {counts.rejected / counts.read:.1%},"
            f" at most {limits.max_bad:.0%} is allowed"
        )
    return found
