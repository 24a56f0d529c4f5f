"""The command that harvests a source of documents."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from indexer.gates import gates_of
from indexer.harvest.faults import SourceFault
from indexer.harvest.run.gates import GATE_NAMES, GateLimits
from indexer.harvest.run.harvest import run_harvest
from indexer.harvest.run.options import MINUTES, OWN_SOURCE, SOURCE_KINDS, HarvestOptions
from indexer.harvest.run.report import HarvestReport
from indexer.installation.indices import Indices
from indexer.interruption import Interrupted
from indexer.settings import IndexerSettings
from indexer.work_files.workspace import prune_results, results_folder
from mappings.codes import region_labels
from mappings.documents.document import DOCUMENT_KINDS

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

DONE, REFUSED, INCOMPLETE = 0, 1, 3

Show = Callable[[HarvestReport, bool], None]


def add_harvest_command(commands: "Commands", source_name: Callable[[str], str], show: Show) -> None:
    """Add ``harvest``; ``show`` prints a report, as JSON or not."""
    limits = GateLimits()
    command = commands.add_parser("harvest", help="documents of one source: OAI-PMH, feed, sitemap, sheets of DILA")
    named = "whose documents these are, always the same name: letters, digits, dots, dashes, underscores"
    command.add_argument("--source", required=True, type=source_name, metavar="NAME", help=named)
    command.add_argument("--kind", required=True, choices=SOURCE_KINDS, help="how the source tells its documents")
    command.add_argument("--url", required=True, metavar="URL", help="its address, http or https")
    command.add_argument("--set", metavar="SPEC", help="oai: only this set (PMB shows nothing without one)")
    command.add_argument("--prefix", default="oai_dc", metavar="PREFIX", help="oai: metadataPrefix (default: oai_dc)")
    command.add_argument("--full", action="store_true", help="read everything, also what has not changed")
    about = "only what has one of these words among its subjects or in its title; may be repeated"
    command.add_argument("--about", action="append", default=[], metavar="WORDS", help=about)
    kinds = "what a text is if its source does not say"
    command.add_argument("--document-kind", choices=DOCUMENT_KINDS, help=kinds)
    command.add_argument("--publisher", metavar="NAME", help="publisher of what tells none")
    command.add_argument("--licence", metavar="NAME", help="licence of what tells none")
    region = "INSEE code of the région of what tells no territory; may be repeated"
    command.add_argument("--region", action="append", default=[], choices=sorted(region_labels()), help=region)
    gates = f"gates to let through, comma-separated: {', '.join(GATE_NAMES)}"
    command.add_argument("--force", type=gates_of(GATE_NAMES), default=frozenset(), metavar="GATES", help=gates)
    command.add_argument("--min-records", type=int, default=limits.min_records, help="gate too-few, of full harvests")
    command.add_argument("--max-fewer", type=float, default=limits.max_fewer, help="gate too-many-fewer, a share")
    command.add_argument("--max-bad", type=float, default=limits.max_bad, help="gate too-many-bad, a share")
    command.add_argument("--max-minutes", type=float, default=MINUTES, help="then no further request is made")
    command.add_argument("--json", action="store_true", help="print the report as JSON")

    def run(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
        return _run(options, settings, indices, show)

    command.set_defaults(command=run)


def _run(options: argparse.Namespace, settings: IndexerSettings, indices: Indices, show: Show) -> int:
    if options.source == OWN_SOURCE:
        raise SourceFault(f"{OWN_SOURCE} is the name of the funding sheets: choose another one")
    started_at = datetime.now(UTC)
    asked = HarvestOptions(
        source=options.source,
        kind=options.kind,
        url=options.url,
        work_dir=settings.work_dir,
        results=results_folder(settings.work_dir, f"harvest-{options.source}", started_at),
        set=options.set or None,
        prefix=options.prefix,
        full=options.full,
        about=tuple(options.about),
        document_kind=options.document_kind,
        publisher=options.publisher,
        licence=options.licence,
        regions=tuple(options.region),
        force=options.force,
        limits=GateLimits(options.min_records, options.max_fewer, options.max_bad),
        minutes=options.max_minutes,
    )
    started = started_at.isoformat(timespec="milliseconds")
    report = HarvestReport(options.source, started, options.url, options.kind)
    try:
        run_harvest(asked, indices, report)
    except (Exception, Interrupted) as error:
        report.problems.append(str(error))
        raise
    finally:
        prune_results(settings.work_dir, f"harvest-{options.source}")
        if options.json or report.outcome != "failed":
            show(report, options.json)
    if report.outcome == "refused":
        return REFUSED
    return INCOMPLETE if report.is_incomplete else DONE
