"""Reads the files of an edition into the spool; counts, rejects and faults go into the report."""

import csv
import hashlib
import io
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import orjson

from indexer.progress import Progress
from indexer.records import REJECT_TEXT, Reject
from indexer.register.report import FIRST_FAULTS, RegisterReport
from indexer.register.row import Fault, Rejection
from indexer.register.shapes import read_row, shape_of
from indexer.register.sirene import SEPARATORS, SITE_COLUMNS, UNIT_COLUMNS, read_site, read_unit
from indexer.register.spool import Spool
from indexer.register.table import Row, UnusableRegister, open_table
from indexer.work_files.workspace import Workspace

LIST_SEPARATORS: Final = ";"
CHECK: Final = "siren-check"
AT_ONCE: Final = 1_000  # rows between reports of progress
DIGEST: Final = 16  # bytes


def read_list(path: Path, spool: Spool, space: Workspace, report: RegisterReport, progress: Progress) -> str:
    """Read the list; return a hash of its content. Raises UnusableRegister for what concerns the whole file."""
    digest = hashlib.blake2b(digest_size=DIGEST)
    with open_table(path, digest, LIST_SEPARATORS) as table:
        shape = shape_of(table, LIST_SEPARATORS)
        report.shape = shape.name
        for row in table.rows:
            report.read += 1
            if report.read % AT_ONCE == 0:
                progress.advance(AT_ONCE)
            try:
                told = read_row(row, table, shape)
            except Rejection as rejection:
                _set_aside(row, rejection, space, report)
                continue
            other = spool.add_row(told, row.line)
            if other is not None:
                raise UnusableRegister(
                    f"{row.file}, line {row.line}, field {table.columns[shape.nda]}: {told.nda} is the number of"
                    f" SIREN {told.siren}, and in line {other.line} of SIREN {other.siren}"
                )
            report.rows += 1
            for fault in told.faults:
                _tell(row, told.siren, fault, space, report)
    progress.advance(report.read % AT_ONCE)
    return digest.hexdigest()


def _set_aside(row: Row, rejection: Rejection, space: Workspace, report: RegisterReport) -> None:
    """Write a rejected row down."""
    report.rejected[rejection.reason] += 1
    identifier = row.text("siren") or None
    record = _record(row)[:REJECT_TEXT]
    reject = Reject(row.file, row.line, identifier, (), rejection.reason, str(rejection), record)
    space.write_reject(reject)


def _record(row: Row) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=LIST_SEPARATORS, lineterminator="").writerow(row.values.values())
    return text.getvalue()


def _tell(row: Row, siren: str, fault: Fault, space: Workspace, report: RegisterReport) -> None:
    """Write a fault down; the first ones are in the report, with their place."""
    report.faults[fault.kind] += 1
    where = f"{row.file}, line {row.line}, field {fault.field}"
    if len(report.first_faults) < FIRST_FAULTS:
        report.first_faults.append(f"{where}: {fault.value!r}: {fault.message}")
    line: dict[str, Any] = {"file": row.file, "line": row.line, "id": siren, **fault._asdict()}
    space.repairs.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def read_units(path: Path, spool: Spool, wanted: Collection[str], report: RegisterReport, progress: Progress) -> str:
    """Read the legal units of Sirene with these SIRENs; return a hash of the file's content."""
    digest, count = hashlib.blake2b(digest_size=DIGEST), 0
    with open_table(path, digest, SEPARATORS) as table:
        table.demand(UNIT_COLUMNS, SEPARATORS)
        for row in table.rows:
            count += 1
            if count % AT_ONCE == 0:
                progress.advance(AT_ONCE)
            siren = row.text("siren").zfill(9)
            if siren in wanted:
                spool.add_unit(siren, read_unit(row, table))
                report.units += 1
    return digest.hexdigest()


def read_sites(path: Path, spool: Spool, wanted: Collection[str], report: RegisterReport, progress: Progress) -> str:
    """Read the establishments of Sirene with these SIRETs; return a hash of the file's content."""
    digest, count = hashlib.blake2b(digest_size=DIGEST), 0
    with open_table(path, digest, SEPARATORS) as table:
        table.demand(SITE_COLUMNS, SEPARATORS)
        for row in table.rows:
            count += 1
            if count % AT_ONCE == 0:
                progress.advance(AT_ONCE)
            site = read_site(row)
            if site.siret in wanted:
                spool.add_site(site)
                report.sites += 1
    return digest.hexdigest()
