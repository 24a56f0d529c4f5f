"""The report of an edition: counts, reasons, seconds; as lines for people and as JSON for programs."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Outcome = Literal["done", "same", "refused", "failed"]
FIRST_FAULTS: Final = 5  # told with their place in the text; all of them are in the file


@dataclass(slots=True)
class RegisterReport:
    """Counts of one command; ``read`` = ``rows`` + rejected rows."""

    edition: str
    edition_from: str  # where the date comes from: the option, or the day of the command
    started_at: str
    files: list[str]
    outcome: Outcome = "failed"
    shape: str | None = None
    read: int = 0
    rows: int = 0
    bodies: int = 0
    certified: int = 0
    units: int = 0  # legal units of Sirene that were taken
    sites: int = 0  # establishments of Sirene
    new: int = 0  # bodies that the edition before did not list
    left: int = 0
    lost: int = 0  # certifications
    rows_before: int = 0
    edition_before: str | None = None
    written: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    first_faults: list[str] = field(default_factory=list)
    gaps: dict[str, int] = field(default_factory=dict)
    refused_by: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    peak_memory_bytes: int = 0
    rejects_file: str | None = None
    repairs_file: str | None = None

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
        times = ", ".join(f"{name} {value:.1f}" for name, value in self.seconds.items())
        lines = [
            f"register of {self.edition} ({self.edition_from}): {self.outcome}"
            f" in {sum(self.seconds.values()):.1f} s ({times})",
            f"  read {self.read} rows   rejected {sum(self.rejected.values())}   taken {self.rows}"
            f" (before: {self.rows_before}{f', edition {self.edition_before}' if self.edition_before else ''})",
        ]
        if self.outcome == "done":
            lines.append(
                f"  {self.bodies} bodies, {self.certified} of them certified;"
                f" new {self.new}   left the list {self.left}   certification lost {self.lost}"
            )
        if self.units or self.sites:
            lines.append(f"  Sirene: {self.units} legal units, {self.sites} establishments")
        lines += [f"  rejected {count}: {reason}" for reason, count in self.rejected.most_common()]
        lines += [f"  fault {count}: {kind}" for kind, count in self.faults.most_common()]
        lines += [f"  fault: {line}" for line in self.first_faults]
        lines += [f"  gap {count}: {code}" for code, count in self.gaps.items() if count]
        lines += [f"  refused by gate {refusal}" for refusal in self.refused_by]
        if self.refused_by:
            lines.append("  nothing was changed: the edition before stays")
        lines += [f"  problem: {problem}" for problem in self.problems]
        lines.append(f"  {self.written} bodies written, peak memory {self.peak_memory_bytes / 1e6:.0f} MB")
        return lines + [f"  see {path}" for path in (self.rejects_file, self.repairs_file) if path]
