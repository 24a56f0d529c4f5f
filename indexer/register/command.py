"""The command `providers`: arguments, output and exit status."""

import argparse
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from indexer.gates import gates_of
from indexer.installation.indices import Indices
from indexer.interruption import Interrupted
from indexer.register.gates import GATE_NAMES, GateLimits
from indexer.register.report import RegisterReport
from indexer.register.run import SOURCE, RegisterOptions, load_register
from indexer.settings import IndexerSettings
from indexer.work_files.workspace import prune_results, results_folder

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

DONE, REFUSED = 0, 1
FRANCE: Final = ZoneInfo("Europe/Paris")
Show = Callable[[RegisterReport, bool], None]


def add_register_command(commands: "Commands", show: Show) -> None:
    """Add `providers`; ``show`` prints a report, as JSON or not."""
    limits = GateLimits()
    command = commands.add_parser("providers", help="an edition of the public register of training providers")
    listed = "the public list, its API twin, or the list of 2022: CSV (;) or JSON, plain, .gz or .zip"
    command.add_argument("--list", required=True, type=Path, metavar="FILE", dest="list_file", help=listed)
    units = "Sirene's legal units (StockUniteLegale): legal state, other names, natural persons, partial diffusion"
    command.add_argument("--sirene-units", type=Path, metavar="FILE", help=units)
    sites = "Sirene's establishments (StockEtablissement): which are closed, their signs"
    command.add_argument("--sirene-sites", type=Path, metavar="FILE", help=sites)
    edition = (
        "day of the list, which has no date of its own: YYYY-MM-DD (default: the day of loading, as « not known »)"
    )
    command.add_argument("--edition", type=_day, metavar="DATE", help=edition)
    gates = f"gates to let through, comma-separated: {', '.join(GATE_NAMES)}"
    command.add_argument("--force", type=gates_of(GATE_NAMES), default=frozenset(), metavar="GATES", help=gates)
    command.add_argument("--min-rows", type=int, default=limits.min_rows, help="gate too-few")
    command.add_argument("--max-fewer", type=float, default=limits.max_fewer, help="gate too-many-fewer, a share")
    command.add_argument("--max-bad", type=float, default=limits.max_bad, help="gate too-many-bad, a share")
    command.add_argument("--rejects-dir", type=Path, metavar="DIR", help="for rejects.ndjson and repairs.ndjson")
    command.add_argument("--json", action="store_true", help="print the report as JSON")

    def run(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
        return _run(options, settings, indices, show)

    command.set_defaults(command=run)


def _run(options: argparse.Namespace, settings: IndexerSettings, indices: Indices, show: Show) -> int:
    started_at = datetime.now(UTC)
    files = [path for path in (options.list_file, options.sirene_units, options.sirene_sites) if path is not None]
    for path in files:
        path.open("rb").close()  # a missing file is reported before anything else is done
    asked = RegisterOptions(
        list_file=options.list_file,
        edition=options.edition or datetime.now(FRANCE).date(),
        is_told=options.edition is not None,
        work_dir=settings.work_dir,
        results=options.rejects_dir or results_folder(settings.work_dir, SOURCE, started_at),
        units_file=options.sirene_units,
        sites_file=options.sirene_sites,
        force=options.force,
        limits=GateLimits(options.min_rows, options.max_fewer, options.max_bad),
    )
    origin = "--edition" if options.edition else "today, none was given"
    started = started_at.isoformat(timespec="milliseconds")
    report = RegisterReport(asked.edition.isoformat(), origin, started, [str(path) for path in files])
    try:
        load_register(asked, indices, report)
    except (Exception, Interrupted) as error:
        report.problems.append(str(error))
        raise
    finally:
        prune_results(settings.work_dir, SOURCE)
        if options.json or report.outcome != "failed":
            show(report, options.json)
    return REFUSED if report.outcome == "refused" else DONE


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: a day as 2026-12-31") from None
