"""Commands of the indexer: what they take, what they print, and their exit status."""

import argparse
import logging
import re
import sqlite3
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from indexer.engine import Engine, EngineError
from indexer.gates import GATE_NAMES, GateLimits, GateName
from indexer.lifecycle import Indices
from indexer.lifecycle_rebuild import NothingToDo, rebuild, rollback
from indexer.lifecycle_status import read_status, status_lines
from indexer.locks import LockedError
from indexer.pipeline import LoadOptions, run_load
from indexer.records import UnusableFeed
from indexer.reference_files import READERS, ReferenceFileError, read_tables
from indexer.report import LoadReport
from indexer.seats_commands import add_seat_commands
from indexer.seats_copy import UnusableExport
from indexer.settings import IndexerSettings
from indexer.workers import WorkerDied
from mappings.reference import pack_table
from mappings.settings import SettingsError
from seats.record import record_lines

DONE, REFUSED, UNUSABLE = 0, 1, 2
SOURCE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
TROUBLES: Final = (
    *(EngineError, LockedError, NothingToDo, UnusableFeed),
    *(ReferenceFileError, SettingsError, UnusableExport, WorkerDied, OSError, sqlite3.Error),
)


def run(arguments: Sequence[str]) -> int:
    """Run a command; returns 0 done, 1 refused by a gate, 2 unusable input or no engine; trouble is one line."""
    logging.getLogger("opensearch").setLevel(logging.CRITICAL)  # what it would warn of is told by our own errors
    options = _parser().parse_args(arguments)
    try:
        settings = IndexerSettings.from_environment()
        engine = Engine(settings)
        try:
            command: Callable[[argparse.Namespace, IndexerSettings, Indices], int] = options.command
            return command(options, settings, Indices(engine, settings))
        finally:
            engine.close()
    except TROUBLES as error:
        print(f"indexer: {error}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("indexer: interrupted; run the same command again", file=sys.stderr)
        return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m indexer", description="Catalogue feeds into the searchable index.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_load(commands.add_parser("load", help="one source's catalogue into the index"))
    seats = commands.add_parser("seats", help="seat statements, one JSON object a line")
    seats.add_argument("file", type=Path)
    seats.set_defaults(command=_seats)
    add_seat_commands(commands, _source_name)
    reference = commands.add_parser("reference", help="code tables and places from their official files")
    for kind in READERS:
        flag = "--" + kind.replace("_", "-")
        reference.add_argument(flag, type=Path, nargs="+", action="extend", metavar="FILE", default=[])
    reference.set_defaults(command=_reference)
    status = commands.add_parser("status", help="what is live")
    status.add_argument("--json", action="store_true", help="print it as JSON")
    status.set_defaults(command=_status)
    rebuilding = commands.add_parser("rebuild", help="a new index of the present mapping behind the alias")
    rebuilding.set_defaults(command=_rebuild)
    going_back = commands.add_parser("rollback", help="back to the index that was live before")
    going_back.set_defaults(command=_rollback)
    return parser


def _add_load(load: argparse.ArgumentParser) -> None:
    limits = GateLimits()
    load.add_argument("--source", required=True, type=_source_name, metavar="NAME")
    load.add_argument("files", nargs="+", type=Path, metavar="FILE")
    load.add_argument("--force", type=_gates, default=frozenset(), metavar="GATES", help=", ".join(GATE_NAMES))
    load.add_argument("--min-offers", type=int, default=limits.min_offers, help="gate too-few")
    load.add_argument("--max-fewer", type=float, default=limits.max_fewer, help="gate too-many-fewer, a share")
    load.add_argument("--max-bad", type=float, default=limits.max_bad, help="gate too-many-bad, a share")
    load.add_argument("--rejects-dir", type=Path, metavar="DIR", help="for rejects.ndjson and repairs.ndjson")
    load.add_argument("--workers", type=int, metavar="N", help="processes that convert (default: one for each core)")
    load.add_argument("--json", action="store_true", help="print the report as JSON")
    load.set_defaults(command=_load)


def _source_name(text: str) -> str:
    if not SOURCE_NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r}: letters, digits, dots, dashes and underscores, at most 64")
    return text


def _gates(text: str) -> frozenset[GateName]:
    names = [name for name in text.split(",") if name]
    unknown = [name for name in names if name not in GATE_NAMES]
    if unknown or not names:
        raise argparse.ArgumentTypeError(f"{text!r}: any of {', '.join(GATE_NAMES)}, comma-separated")
    return frozenset(gate for gate in GATE_NAMES if gate in names)


def _load(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    started_at = datetime.now(UTC)
    for path in options.files:
        path.open("rb").close()  # a file that is not there is told before anything else is done
    folder = settings.work_dir / "loads" / f"{options.source}-{started_at:%Y%m%dT%H%M%S%f}"
    load = LoadOptions(
        source=options.source,
        files=tuple(options.files),
        work_dir=settings.work_dir,
        results=options.rejects_dir or folder,
        force=options.force,
        limits=GateLimits(options.min_offers, options.max_fewer, options.max_bad),
        workers=options.workers,
    )
    started = started_at.isoformat(timespec="milliseconds")
    report = LoadReport(options.source, started, [str(path) for path in options.files])
    try:
        run_load(load, indices, report)
    except TROUBLES as error:
        report.problems.append(str(error))
        raise
    finally:
        _print_report(report, options.json)
    return REFUSED if report.outcome == "refused" else DONE


def _print_report(report: LoadReport, as_json: bool) -> None:
    if as_json:
        _print_json(report.to_json())
    elif report.outcome != "failed":
        print("\n".join(report.to_lines()))


def _print_json(data: Any) -> None:
    print(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())


def _seats(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    with options.file.open("rb") as lines:
        indices.ensure("ledger")
        steps = record_lines(indices.names, lines, datetime.now(UTC), "command", settings.seats_cutoff)
        _print_json(indices.engine.run(steps).to_json())
    return DONE


def _status(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    status = read_status(indices)
    if options.json:
        _print_json(status)
    else:
        print("\n".join(status_lines(status)))
    return DONE


def _rebuild(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    _print_json(rebuild(indices))
    return DONE


def _rollback(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    _print_json(rollback(indices))
    return DONE


def _reference(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    loaded_at = datetime.now(UTC).isoformat(timespec="milliseconds")
    tables: dict[str, Any] = {}
    for kind in READERS:
        tables |= read_tables(kind, getattr(options, kind))
    if not tables:
        print("indexer: no file was named: see python -m indexer reference --help", file=sys.stderr)
        return UNUSABLE
    indices.ensure("reference")
    for name, data in tables.items():
        indices.store_document(indices.names.reference, name, pack_table(name, data, loaded_at))
        print(f"{name}: {len(data)}")
    return DONE
