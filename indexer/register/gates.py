"""Gates before a census is written: half a list must not make half of the bodies disappear."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from indexer.gates import refuse_bad, refuse_loss

GateName = Literal["too-few", "too-many-fewer", "too-many-bad", "older-edition"]
GATE_NAMES: Final[tuple[GateName, ...]] = get_args(GateName)


@dataclass(frozen=True, slots=True)
class GateLimits:
    """Limits: least number of rows, greatest loss of rows, greatest share of bad rows."""

    min_rows: int = 1
    max_fewer: float = 0.3
    max_bad: float = 0.1


@dataclass(frozen=True, slots=True)
class GateCounts:
    """Rows read, rows taken, bad ones (rejected, or with a SIREN of a wrong check digit); rows and date before."""

    read: int
    rows: int
    bad: int
    edition: str
    rows_before: int
    edition_before: str | None


def check_gates(counts: GateCounts, limits: GateLimits) -> dict[GateName, str]:
    """Return the message of each gate that refuses, in a fixed order."""
    found: dict[GateName, str] = {}
    if counts.rows < limits.min_rows:
        found["too-few"] = f"{counts.rows} sound rows, at least {limits.min_rows} are demanded"
    rows = f"{counts.rows} rows instead of {counts.rows_before}"
    if loss := refuse_loss(counts.rows_before, counts.rows, limits.max_fewer, rows):
        found["too-many-fewer"] = loss
    if bad := refuse_bad(counts.bad, counts.read, limits.max_bad, f"{counts.bad} of {counts.read} rows are bad"):
        found["too-many-bad"] = bad
    if counts.edition_before and counts.edition < counts.edition_before:
        found["older-edition"] = f"edition {counts.edition} is older than {counts.edition_before}, which is loaded"
    return found
