"""Operator's commands for seat figures: arguments, output and exit status."""

import argparse
import codecs
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import orjson

from indexer.installation.indices import Indices
from indexer.seats.copy import export_ledger, restore_ledger
from indexer.seats.release import Wanted, release
from indexer.seats.snapshot import LedgerInUse, list_snapshots, restore_snapshot, take_snapshot
from indexer.settings import IndexerSettings
from seats.projection.age import age_figures
from seats.statements.forms import CsvForm, read_ndjson
from seats.statements.lines import LineSplitter
from seats.statements.producers import COMMAND
from seats.statements.record import record_lines
from seats.statements.tally import SeatsAnswer

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

DONE, PARTLY, UNUSABLE = 0, 1, 2
REFUSED: Final = 1
EVERY_SEQUENCE: Final = -1
READ_AT_ONCE: Final = 1 << 18  # bytes of a statements file that are read at once


def add_seat_commands(commands: "Commands", source_name: Callable[[str], str]) -> None:
    """Add the commands about seat statements: seats, seats-…, snapshot, snapshots and restore."""
    recording = commands.add_parser("seats", help="seat statements: one JSON object a line, or a table (.csv)")
    recording.add_argument("file", type=Path, metavar="FILE", help="newline-delimited JSON, or CSV: see docs/seats.md")
    recording.set_defaults(command=_record)
    exporting = commands.add_parser("seats-export", help="the ledger of seat statements as a file")
    exporting.add_argument("file", type=Path, metavar="FILE", help="NDJSON, packed if it ends in .gz; - is the output")
    exporting.set_defaults(command=_export)
    restoring = commands.add_parser("seats-restore", help="an exported ledger back into the engine")
    restoring.add_argument("file", type=Path, metavar="FILE", help="what seats-export wrote")
    restoring.set_defaults(command=_restore)
    _add_snapshot_commands(commands)
    releasing = commands.add_parser("seats-release", help="free a source that stated absurd sequences")
    releasing.add_argument("--source", required=True, type=source_name, metavar="NAME")
    releasing.add_argument("--session", metavar="ID", help="only this session")
    releasing.add_argument("--above", type=int, metavar="N", help="only sequences above N; needed without --session")
    releasing.add_argument("--dry-run", action="store_true", help="only show what would go")
    releasing.set_defaults(command=_release)
    ageing = commands.add_parser("seats-age", help="reckon anew what grew too old to count, or counts again")
    ageing.add_argument("--all", action="store_true", dest="every", help="every figure, not only what changed since")
    ageing.set_defaults(command=_age)


def _add_snapshot_commands(commands: "Commands") -> None:
    place = "folder of all engine nodes, within their path.repo; by default one below it, of the index prefix"
    snapshot = commands.add_parser("snapshot", help="a snapshot of the ledger, made by the engine (docs/cluster.md)")
    snapshot.add_argument("name", nargs="?", metavar="NAME", help="lowercase; by default seats- and the time")
    snapshot.set_defaults(command=_snapshot)
    listing = commands.add_parser("snapshots", help="the snapshots of the ledger, the oldest first")
    listing.set_defaults(command=_snapshots)
    restoring = commands.add_parser("restore", help="a snapshot of the ledger back; newer statements stay")
    restoring.add_argument("name", metavar="NAME", help="as snapshots lists it")
    restoring.add_argument("--force", action="store_true", help="even though the ledger has statements")
    restoring.set_defaults(command=_restore_snapshot)
    for each in (snapshot, listing, restoring):
        each.add_argument("--folder", default="", metavar="DIR", help=place)


def _snapshot(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    _print_json(take_snapshot(indices, options.folder, options.name))
    return DONE


def _snapshots(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    _print_json(list_snapshots(indices, options.folder))
    return DONE


def _restore_snapshot(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    try:
        told = restore_snapshot(indices, options.folder, options.name, force=options.force)
    except LedgerInUse as error:
        print(f"indexer: {error}", file=sys.stderr)
        return REFUSED
    _print_json(asdict(told))
    return PARTLY if told.rejected else DONE


def _record(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    read = CsvForm() if options.file.suffix.lower() == ".csv" else read_ndjson
    with options.file.open("rb") as file, closing(SeatsAnswer()) as answer:
        lines, cutoff, replicas = _lines(file), settings.seats_cutoff, settings.replicas
        indices.engine.run(record_lines(indices.names, lines, read, COMMAND, answer, cutoff, replicas))
        for part in codecs.iterdecode(answer.parts(), "utf-8"):
            sys.stdout.write(part)
        print()
    return PARTLY if answer.rejections else DONE


def _lines(file: BinaryIO) -> Iterator[bytes]:
    splitter = LineSplitter()
    while part := file.read(READ_AT_ONCE):
        yield from splitter.feed(part)
    yield from splitter.end()


def _export(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    count = export_ledger(indices, options.file)
    print(f"{count} statements exported", file=sys.stderr)
    return DONE


def _restore(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    told = restore_ledger(indices, options.file)
    _print_json(asdict(told))
    return PARTLY if told.rejected else DONE


def _release(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    if options.above is None and options.session is None:
        print("indexer: seats-release needs --above, or --session, or both", file=sys.stderr)
        return UNUSABLE
    above = EVERY_SEQUENCE if options.above is None else options.above
    wanted = Wanted(options.source, options.session, above)
    _print_json(release(indices, wanted, options.dry_run).to_json())
    return DONE


def _age(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    indices.ensure("ledger", "locks")
    aged = indices.engine.run(age_figures(indices.names, settings.seats_cutoff, every=options.every))
    _print_json(asdict(aged))
    return PARTLY if aged.outcome == "busy" else DONE


def _print_json(data: Any) -> None:
    print(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())
