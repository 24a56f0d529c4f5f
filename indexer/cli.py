"""Commands of the indexer: arguments, output and exit status."""

import argparse
import logging
import os
import sqlite3
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from engine.blocking import Engine
from engine.errors import EngineError
from funding import FundingFileError
from indexer.alerts.commands import add_alerts_command
from indexer.arguments import add_load_arguments, add_reference_arguments, source_name
from indexer.elm.command import add_elm_command
from indexer.funding.commands import add_funding_command
from indexer.funding.store import checked_project_funding, keep_project_funding
from indexer.harvest.command import add_harvest_command
from indexer.harvest.faults import SourceFault
from indexer.harvest.run.report import HarvestReport
from indexer.installation.indices import Indices
from indexer.installation.locks import LockedError
from indexer.interruption import Interrupted
from indexer.lexicon import keep_lexicon
from indexer.lexicon.rules import find_strangers, keep_project_rules, read_checked_rules, store_rules
from indexer.lifecycle.forget import UnknownSource, forget
from indexer.lifecycle.metrics import to_metrics
from indexer.lifecycle.rebuild import NothingToDo, rebuild, rollback
from indexer.lifecycle.status import read_status, status_lines
from indexer.load.gates import GateLimits
from indexer.load.report import LoadReport
from indexer.load.run import run_load
from indexer.load.state import LoadOptions
from indexer.load.workers import WorkerDied
from indexer.records import UnusableFeed
from indexer.reference.files import READERS, read_tables
from indexer.reference.gaps import find_gaps
from indexer.reference.rows import ReferenceFileError
from indexer.register.command import add_register_command
from indexer.register.report import RegisterReport
from indexer.register.table import UnusableRegister
from indexer.seats.commands import add_seat_commands
from indexer.seats.copy import UnusableExport
from indexer.seats.snapshot import SnapshotError
from indexer.settings import IndexerSettings
from indexer.work_files.known import drop_memory, owner_of
from indexer.work_files.os_errors import WorkFileError, naming
from indexer.work_files.workspace import prune_results, results_folder
from mappings.reference import pack_table
from mappings.settings import SettingsError
from mappings.variables import unknown_variables
from seats.statements.forms import UnusableForm
from synonyms import OWN_RULES, PROJECT, RuleFileError

DONE, REFUSED, UNUSABLE, INCOMPLETE = 0, 1, 2, 3
TROUBLES: Final = (
    *(EngineError, LockedError, NothingToDo, UnusableFeed, UnusableRegister),
    *(FundingFileError, ReferenceFileError, RuleFileError, SettingsError, SourceFault, UnusableExport, UnusableForm),
    *(SnapshotError, WorkerDied, WorkFileError, OSError, sqlite3.Error),
)


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit status (table in docs/loading.md); an error is reported in one line."""
    logging.getLogger("opensearch").setLevel(logging.CRITICAL)  # our own exceptions report what it would warn about
    options = _parser().parse_args(arguments)
    unknown = unknown_variables(os.environ)
    if unknown:
        print(f"indexer: {unknown}", file=sys.stderr)
    try:
        settings = IndexerSettings.from_environment()
        engine = Engine.connect(settings.connection)
        try:
            command: Callable[[argparse.Namespace, IndexerSettings, Indices], int] = options.command
            return command(options, settings, Indices(engine, settings))
        finally:
            engine.close()
    except UnknownSource as error:
        print(f"indexer: {error}", file=sys.stderr)
        return REFUSED
    except TROUBLES as error:
        print(f"indexer: {error}", file=sys.stderr)
        return UNUSABLE
    except Exception as error:  # Python's own status for an exception, 1, would mean that a command did its work
        traceback.print_exc()
        print(f"indexer: a fault of the program itself ({type(error).__name__}): please report it", file=sys.stderr)
        return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m indexer", description="Catalogue feeds into the searchable index.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_load_arguments(commands.add_parser("load", help="one source's catalogue into the index"), _load)
    add_seat_commands(commands, source_name)
    tables = commands.add_parser("reference", help="code tables and places from their official files")
    add_reference_arguments(tables, _reference)
    vocabulary = commands.add_parser("synonyms", help="rules of the vocabulary: checked, then live without a break")
    folder = "folder of rules, one CSV file a theme (docs/vocabulary.md); the project's own if none is named"
    vocabulary.add_argument("folder", type=Path, nargs="?", default=OWN_RULES, metavar="DIR", help=folder)
    vocabulary.set_defaults(command=_synonyms)
    add_elm_command(commands)
    add_funding_command(commands)
    add_register_command(commands, _print_report)
    add_alerts_command(commands)
    add_harvest_command(commands, source_name, _print_report)
    forgetting = commands.add_parser("forget", help="remove a source: offers and documents, not its seat statements")
    forgetting.add_argument("source", type=source_name, metavar="NAME", help="the source, as status lists it")
    forgetting.set_defaults(command=_forget)
    status = commands.add_parser("status", help="what is live")
    form = status.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print it as JSON")
    form.add_argument("--metrics", action="store_true", help="print it in the Prometheus format (docs/operations.md)")
    status.set_defaults(command=_status)
    rebuilding = commands.add_parser("rebuild", help="a new index of the present mapping behind the alias")
    rebuilding.set_defaults(command=_rebuild)
    going_back = commands.add_parser("rollback", help="back to the index that was live before")
    going_back.set_defaults(command=_rollback)
    return parser


def _load(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    started_at = datetime.now(UTC)
    for path in options.files:
        path.open("rb").close()  # a missing file is reported before anything else is done
    rules, funding = read_checked_rules(OWN_RULES), checked_project_funding(indices)  # and so is an invalid rule
    load = LoadOptions(
        source=options.source,
        files=tuple(options.files),
        work_dir=settings.work_dir,
        results=options.rejects_dir or results_folder(settings.work_dir, options.source, started_at),
        force=options.force,
        limits=GateLimits(options.min_offers, options.max_fewer, options.max_bad),
        workers=options.workers,
        today=settings.today,
    )
    started = started_at.isoformat(timespec="milliseconds")
    report = LoadReport(options.source, started, [str(path) for path in options.files])
    try:
        run_load(load, indices, report)
    except (*TROUBLES, Interrupted) as error:
        report.add_problem(str(error))
        raise
    finally:
        prune_results(settings.work_dir, options.source)
        _print_report(report, options.json)
    if report.outcome == "refused":
        return REFUSED
    keep_project_rules(indices, rules)
    keep_project_funding(indices, funding)
    return INCOMPLETE if report.is_incomplete else DONE


def _print_report(report: LoadReport | RegisterReport | HarvestReport, as_json: bool) -> None:
    if as_json:
        _print_json(report.to_json())
    elif report.outcome != "failed":
        _print("\n".join(report.to_lines()))


def _print_json(data: Any) -> None:
    _print(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())


def _print(text: str) -> None:
    """Print a text; a closed pipe, as with ``| head``, is not an error."""
    try:
        with naming(Path("standard output")):
            print(text, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the rest is not flushed again at exit
        if not isinstance(error, BrokenPipeError):
            raise


def _forget(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    try:
        removed = forget(indices, options.source)
    finally:  # also if the source does not exist any more: the run that forgot it may have been killed before this
        drop_memory(settings.work_dir, owner_of(settings, options.source))
    if removed.records and not removed.offers:
        _print(f"{options.source}: {removed.records} records of documents removed")
        return DONE
    documents = f", {removed.records} records of documents" if removed.records else ""
    _print(f"{options.source}: {removed.offers} offers removed{documents}; its seat statements are kept")
    return DONE


def _status(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    status = read_status(indices)
    if options.json:
        _print_json(status)
    elif options.metrics:
        _print(to_metrics(status, datetime.now(UTC)).rstrip())
    else:
        _print("\n".join(status_lines(status)))
    return DONE


def _synonyms(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    rules = read_checked_rules(options.folder)
    is_own = options.folder.resolve() == OWN_RULES.resolve()
    store_rules(indices, rules, PROJECT if is_own else str(options.folder))
    unknown = find_strangers(indices, rules)
    lines = [f"  {rule.name}: no title and no label has {' | '.join(rule.means or rule.words)}" for rule in unknown]
    _print("\n".join([f"rules: {len(rules)}; without effect in this catalogue: {len(unknown)}", *lines]))
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
        tables |= read_tables(kind, getattr(options, kind), settings.reference_max_mb * 1_000_000)
    if not tables:
        print("indexer: no file was named: see python -m indexer reference --help", file=sys.stderr)
        return UNUSABLE
    indices.ensure("reference")
    for name, data in tables.items():
        indices.store_document(indices.names.reference, name, pack_table(name, data, loaded_at))
        gaps = ", ".join(find_gaps(data)) if name == "communes" else ""
        _print(f"{name}: {len(data)} ({gaps})" if gaps else f"{name}: {len(data)}")
    index = indices.live_index()
    if index is not None:
        keep_lexicon(indices, index)
    return DONE
