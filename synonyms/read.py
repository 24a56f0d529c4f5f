"""Reads rules from a folder of CSV files and reports every fault with file and line."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from synonyms.rule import KINDS, Rule, to_wording

COLUMNS: Final = ("words", "kind", "means", "beside", "jobs", "example", "comment")
REQUIRED: Final = ("words", "kind", "example", "comment")
NO_JOBS: Final = "none"  # value of the column jobs
SEPARATOR: Final = ";"
BETWEEN: Final = "|"  # separator of two wordings in one cell


class RuleFileError(Exception):
    """Rules cannot be used; the message has a line for each fault, naming file and line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_rules(folder: Path) -> list[Rule]:
    """Return the rules of all CSV files of a folder, by theme and line; raises RuleFileError with every fault."""
    paths = sorted(folder.glob("*.csv"))
    if not paths:
        raise RuleFileError([f"{folder}: no rules (*.csv) are here"])
    rules: list[Rule] = []
    faults: list[str] = []
    for path in paths:
        try:
            rules += _read_file(path)
        except RuleFileError as error:
            faults += error.faults
    if faults:
        raise RuleFileError(faults)
    return rules


def _read_file(path: Path) -> list[Rule]:
    rows = csv.reader(io.StringIO(_text(path), newline=""), delimiter=SEPARATOR, strict=True)
    rules: list[Rule] = []
    faults: list[str] = []
    try:
        header = [name.strip() for name in next(rows, [])]
        if sorted(header) != sorted(COLUMNS):
            raise RuleFileError([f"{path}, line 1: {_wrong_columns(header)}"])
        for cells in rows:
            if len(cells) not in (0, len(header)):
                faults.append(f"{path}, line {rows.line_num}: {len(header)} cells are expected, not {len(cells)}")
            elif any(cell.strip() for cell in cells):
                row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
                wrong = list(_faults(row))
                faults += [f"{path}, line {rows.line_num}, {each}" for each in wrong]
                if not wrong:
                    rules.append(_to_rule(path.stem, rows.line_num, row))
    except csv.Error as error:
        faults.append(f"{path}, line {rows.line_num}: {error}")
    if faults:
        raise RuleFileError(faults)
    return rules


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise RuleFileError([f"{path}, line {line}: the file is not UTF-8"]) from error


def _wrong_columns(header: list[str]) -> str:
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        return f"column {', '.join(missing)} is missing"
    return f"the columns are {SEPARATOR.join(COLUMNS)}, each once"


def _faults(row: Mapping[str, str]) -> Iterator[str]:
    """Yield the faults of a single row, each as "column NAME: what is expected"."""
    for name in REQUIRED:
        if not row[name]:
            yield f"column {name}: a value is expected"
    if row["kind"] and row["kind"] not in KINDS:
        yield f"column kind: {', '.join(KINDS)} are expected, not {row['kind'][:40]!r}"
    if row["jobs"] not in ("", NO_JOBS):
        yield f"column jobs: {NO_JOBS} or nothing is expected, not {row['jobs'][:40]!r}"
    for name in ("words", "means", "beside"):
        for wording in row[name].split(BETWEEN) if row[name] else ():
            if not to_wording(wording).forms:
                yield f"column {name}: words are expected, not {wording.strip()[:40]!r}"
    if row["kind"] == "phrase":
        if row["means"] or row["beside"]:
            yield "column means: a phrase means itself, whatever stands beside it"
        if any(len(to_wording(wording).forms) == 1 for wording in row["words"].split(BETWEEN)):
            yield "column words: a phrase has several words"
    elif not row["means"]:
        yield "column means: a value is expected"


def _to_rule(theme: str, line: int, row: Mapping[str, str]) -> Rule:
    kind = next(kind for kind in KINDS if kind == row["kind"])
    cells = {name: tuple(each.strip() for each in row[name].split(BETWEEN) if each.strip())
             for name in ("words", "means", "beside")}  # fmt: skip
    return Rule(
        theme=theme,
        line=line,
        kind=kind,
        words=cells["words"],
        means=cells["means"],
        beside=cells["beside"],
        jobs=row["jobs"] != NO_JOBS,
        example=row["example"],
        comment=row["comment"],
    )
