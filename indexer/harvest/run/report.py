"""The report of a harvest: counts, reasons, seconds; as lines for people and as JSON for programs."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from indexer.harvest.faults import without_secrets

Outcome = Literal["done", "refused", "failed"]


@dataclass(slots=True)
class HarvestReport:
    """Counts of one harvest; ``read`` = ``new`` + ``changed`` + ``same`` + repeated + told removals + rejects."""

    source: str
    started_at: str
    url: str
    kind: str
    outcome: Outcome = "failed"
    since: str | None = None  # where the harvest began; None: everything was read
    requests: int = 0
    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    unchanged: int = 0  # named by the source as not changed, and not asked for
    repeated: int = 0
    passed_over: int = 0  # not about what --about asks for
    removed: int = 0
    kept: int = 0
    live_before: int = 0
    live: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    documents_written: int = 0
    documents_removed: int = 0
    documents: int = 0
    documents_joined: int = 0  # of several records
    refused_by: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what the operator may want to know, and need not mend
    is_incomplete: bool = False  # the source did not come whole: nothing was removed, the next harvest repeats this one
    removals_withheld: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    peak_memory_bytes: int = 0
    rejects_file: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return every count under its name; rejects are sorted, the most frequent first."""
        row = {name: getattr(self, name) for name in self.__slots__}
        seconds = {name: round(value, 2) for name, value in self.seconds.items()}
        return row | {
            "url": without_secrets(self.url),
            "rejected": dict(self.rejected.most_common()),
            "seconds": seconds,
        }

    def to_lines(self) -> list[str]:
        """Return the report as lines for a terminal."""
        parts = ", ".join(f"{name} {value:.1f}" for name, value in self.seconds.items())
        since = f", since {self.since}" if self.since else ""
        lines = [
            f"{self.source}: {self.outcome} in {sum(self.seconds.values()):.1f} s ({parts}){since}",
            f"  read {self.read} in {self.requests} requests   new {self.new}   changed {self.changed}"
            f"   same {self.same + self.unchanged}   removed {self.removed}   kept {self.kept}",
            f"  rejected {sum(self.rejected.values())}, repeated {self.repeated}, passed over {self.passed_over}",
            f"  live {self.live} records (before: {self.live_before})",
            f"  documents: {self.documents_written} written, {self.documents_removed} removed, {self.documents} live,"
            f" {self.documents_joined} of several records",
        ]
        lines += [f"  rejected {count}: {reason}" for reason, count in self.rejected.most_common()]
        lines += [f"  refused by gate {refusal}" for refusal in self.refused_by]
        if self.refused_by:
            lines.append("  nothing was changed: the counts are what the harvest would have done")
        lines += [f"  problem: {problem}" for problem in self.problems]
        lines += [f"  note: {note}" for note in self.notes]
        if self.removals_withheld:
            lines.append(f"  removals withheld: {self.removals_withheld}")
        lines.append(f"  peak memory {self.peak_memory_bytes / 1e6:.0f} MB")
        return lines + ([f"  see {self.rejects_file}"] if self.rejects_file else [])
