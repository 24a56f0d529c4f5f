"""The report of a load: counts, reasons, seconds, bytes; as lines for people and as JSON for programs."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["done", "refused", "failed"]


@dataclass(slots=True)
class LoadReport:
    """Counts of one load; ``read`` = ``new`` + ``changed`` + ``same`` + ``rejected_offers``.

    ``rejected`` has both rejected offers and rejected sessions of accepted offers, by reason.
    """

    source: str
    started_at: str
    files: list[str]
    outcome: Outcome = "failed"
    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    known: int = 0  # of these, offers whose record is unchanged and was not parsed again
    removed: int = 0
    kept: int = 0
    live_before: int = 0
    live: int = 0
    sessions: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    rejected_offers: int = 0
    rejected_sessions: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    refused_by: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_incomplete: bool = False  # a file was damaged, truncated or unreadable
    removals_withheld: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    spool_bytes: int = 0
    peak_memory_bytes: int = 0
    rejects_file: str | None = None
    repairs_file: str | None = None

    def add_problem(self, problem: str) -> None:
        """Add a problem, each line once: the reason that ends a load may already have been reported for a file."""
        self.problems += [line for line in dict.fromkeys(problem.splitlines()) if line not in self.problems]

    def to_json(self) -> dict[str, Any]:
        """Return every count under its name; counters are sorted, the most frequent first."""
        row = {name: getattr(self, name) for name in self.__slots__}
        return row | {
            "rejected": dict(self.rejected.most_common()),
            "faults": dict(self.faults.most_common()),
            "seconds": {name: round(value, 2) for name, value in self.seconds.items()},
        }

    def to_lines(self) -> list[str]:
        """Return the report as lines for a terminal."""
        total = sum(self.seconds.values())
        lines = [
            f"{self.source}: {self.outcome} in {total:.1f} s"
            + (f" ({', '.join(f'{name} {value:.1f}' for name, value in self.seconds.items())})" if total else ""),
            f"  read {self.read}   new {self.new}   changed {self.changed}   same {self.same}"
            f"   removed {self.removed}   kept {self.kept}",
            f"  rejected offers {self.rejected_offers}, sessions {self.rejected_sessions}",
            f"  live {self.live} offers with {self.sessions} sessions (before: {self.live_before} offers)",
        ]
        lines += [f"  rejected {count}: {reason}" for reason, count in self.rejected.most_common()]
        lines += [f"  fault {count}: {kind}" for kind, count in self.faults.most_common()]
        lines += [f"  refused by gate {refusal}" for refusal in self.refused_by]
        if self.refused_by:
            lines.append("  nothing was changed: the counts are what the load would have done")
        lines += [f"  problem: {problem}" for problem in self.problems]
        if self.removals_withheld:
            lines.append(f"  removals withheld: {self.removals_withheld}")
        lines.append(f"  spool {self.spool_bytes / 1e6:.1f} MB, peak memory {self.peak_memory_bytes / 1e6:.0f} MB")
        files = [path for path in (self.rejects_file, self.repairs_file) if path]
        return lines + [f"  see {path}" for path in files]
