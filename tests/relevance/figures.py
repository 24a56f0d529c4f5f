"""Figures of many marks, by kind and by part, and what of them got worse."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from tests.relevance.mark import ROUNDED, Mark

LAST: Final = Path(__file__).parents[2] / "docs" / "relevance.csv"
COLUMNS: Final = ("kind", "query", "part", "must", "must_not", "none_found", "rank", "precision")
WRITE: Final = "python -m tests.relevance --write"


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of queries, except ``mrr`` (mean of 1/rank) and ``precision`` (mean share among the first ten)."""

    must: float
    must_not: float
    mrr: float
    precision: float
    found: float  # the others found nothing although there is something


TITLES: Final = {
    "must": "what must comes", "must_not": "nothing else", "mrr": "MRR", "precision": "P@10", "found": "found",
}  # fmt: skip


def figures_of(marks: Sequence[Mark]) -> Figures:
    """Return the figures of some marks; MRR and P@10 are of those that have a good answer."""
    judged = [each for each in marks if each.precision is not None]
    return Figures(
        must=_mean(marks, lambda each: each.must),
        must_not=_mean(marks, lambda each: each.must_not),
        mrr=_mean(judged, lambda each: 1 / each.rank if each.rank else 0),
        precision=_mean(judged, lambda each: each.precision or 0),
        found=_mean(judged, lambda each: not each.none_found),
    )


def _mean(marks: Sequence[Mark], value: Callable[[Mark], float]) -> float:
    return round(sum(map(value, marks)) / len(marks), ROUNDED) if marks else 1.0


def by_group(marks: Iterable[Mark]) -> dict[str, list[Mark]]:
    """Return the marks of each kind, of each part and of all."""
    marks = list(marks)
    groups: dict[str, list[Mark]] = {}
    for each in marks:
        groups.setdefault(each.kind, []).append(each)
    for part in ("tuning", "checking"):
        groups[f"({part})"] = [each for each in marks if each.part == part]
    return groups | {"(all)": marks}


def table(now: Sequence[Mark], last: Sequence[Mark]) -> str:
    """Return the figures by kind as lines of text, those of the last release in brackets beside them."""
    then = by_group(last)
    names = [each.name for each in fields(Figures)]
    lines = [f"{'kind':<12}{'queries':>8}" + "".join(f"{TITLES[name]:>17}" for name in names)]
    for group, marks in by_group(now).items():
        new, old = figures_of(marks), figures_of(then[group]) if then.get(group) else None
        cells = (_cell(getattr(new, name), getattr(old, name) if old else None) for name in names)
        lines.append(f"{group:<12}{len(marks):>8}" + "".join(f"{cell:>17}" for cell in cells))
    return "\n".join(lines)


def _cell(new: float, old: float | None) -> str:
    return f"{new:.3f} (-)" if old is None else f"{new:.3f} ({old:.3f})"


def worse(now: Sequence[Mark], last: Sequence[Mark]) -> list[str]:
    """Return what is worse than it was, or not to be compared: queries that passed, and figures of kinds."""
    known = {each.q: each for each in last}
    if {each.q for each in now} != set(known):
        return [f"the list is not the one that the figures are of: {WRITE}"]
    said = [
        f"« {each.q} » ({each.kind}) passed: {each.why}" for each in now if known[each.q].passed and not each.passed
    ]
    then = by_group(last)
    for group, marks in by_group(now).items():
        new, old = figures_of(marks), figures_of(then.get(group, []))
        for each in fields(Figures):
            before, after = getattr(old, each.name), getattr(new, each.name)
            if after < before:
                said.append(f"{group}: {TITLES[each.name]} fell from {before:.3f} to {after:.3f}")
    return said


def write_marks(marks: Iterable[Mark], path: Path = LAST) -> None:
    """Write the marks, one line for each query, so that a change of one is seen as such."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for each in marks:
            precision = "" if each.precision is None else f"{each.precision:.{ROUNDED}f}"
            flags = [int(flag) for flag in (each.must, each.must_not, each.none_found)]
            writer.writerow([each.kind, each.q, each.part, *flags, each.rank, precision])


def read_marks(path: Path = LAST) -> list[Mark]:
    """Read what ``write_marks`` wrote; none if there is no such file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [_read(row) for row in csv.DictReader(file)]


def _read(row: Mapping[str, str]) -> Mark:
    return Mark(
        q=row["query"],
        kind=row["kind"],
        part=row["part"],
        must=row["must"] == "1",
        must_not=row["must_not"] == "1",
        none_found=row["none_found"] == "1",
        rank=int(row["rank"]),
        precision=float(row["precision"]) if row["precision"] else None,
    )
