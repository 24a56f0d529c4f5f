"""Gates before anything is written: an empty, truncated or damaged feed must not empty the index."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from indexer.gates import refuse_bad, refuse_loss

GateName = Literal["too-few", "too-many-fewer", "too-many-bad"]
GATE_NAMES: Final[tuple[GateName, ...]] = get_args(GateName)


@dataclass(frozen=True, slots=True)
class GateLimits:
    """Limits: minimum number of offers, maximum loss of live offers, maximum share of rejects."""

    min_offers: int = 1
    max_fewer: float = 0.3
    max_bad: float = 0.1


@dataclass(frozen=True, slots=True)
class GateCounts:
    """The effect of a load: ``after`` and ``before`` are the numbers of live offers of the source."""

    read: int
    rejected: int
    offers: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A gate that refuses the load."""

    gate: GateName
    message: str


def check_gates(counts: GateCounts, limits: GateLimits) -> list[Refusal]:
    """Return every refusal for the counts, in a fixed order."""
    refusals: list[Refusal] = []
    if counts.offers < limits.min_offers:
        refusals.append(Refusal("too-few", f"{counts.offers} sound offers, at least {limits.min_offers} are demanded"))
    live = f"{counts.after} offers would be live instead of {counts.before}"
    if loss := refuse_loss(counts.before, counts.after, limits.max_fewer, live):
        refusals.append(Refusal("too-many-fewer", loss))
    rejects = f"{counts.rejected} of {counts.read} records are rejects"
    if bad := refuse_bad(counts.rejected, counts.read, limits.max_bad, rejects):
        refusals.append(Refusal("too-many-bad", bad))
    return refusals
