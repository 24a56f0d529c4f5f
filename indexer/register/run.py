"""`python -m indexer providers`: one edition of the register, from files to the live census.

Nothing of the live census changes before all files are read and the gates passed; the same edition again writes
nothing. The census of offers is brought up to date in any case.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from engine.errors import EngineNotFound
from indexer.census.build import build_census, stored_facts
from indexer.census.refresh import PATIENCE, bodies_now, refresh_census
from indexer.census.state import LiveEdition, current_state, live_census, read_state
from indexer.census.summary import count_gaps
from indexer.gates import tell_refusals
from indexer.installation.indices import Indices
from indexer.installation.locks import CENSUS, REGISTER, hold_lock, hold_patiently
from indexer.progress import show_progress
from indexer.register.gates import GateCounts, GateLimits, GateName, check_gates
from indexer.register.history import Named, next_facts
from indexer.register.read import CHECK, read_list, read_sites, read_units
from indexer.register.report import RegisterReport
from indexer.register.spool import Spool
from indexer.stages import timed
from indexer.work_files.os_errors import naming
from indexer.work_files.workspace import Workspace, open_workspace

SOURCE: Final = "register"  # name of the command's folders of results
UNTOLD: Final = "the date of the list is not known, and pages say so: run the command again with --edition YYYY-MM-DD"


@dataclass(frozen=True, slots=True)
class RegisterOptions:
    """What the command is asked to do; ``edition`` is the day of the list, which has no date of its own."""

    list_file: Path
    edition: date
    is_told: bool  # whether ``edition`` was given; else it is the day of the command
    work_dir: Path
    results: Path
    units_file: Path | None = None
    sites_file: Path | None = None
    force: frozenset[GateName] = frozenset()
    limits: GateLimits = field(default_factory=GateLimits)
    quiet: bool = False


def load_register(options: RegisterOptions, indices: Indices, report: RegisterReport) -> None:
    """Load an edition, filling the report meanwhile; raises UnusableRegister, LockedError or EngineError."""
    indices.ensure("locks", "editions", "reference")
    with (
        hold_lock(indices, REGISTER),
        open_workspace(options.work_dir, SOURCE, SOURCE, options.results) as space,
        _open_spool(space.database) as spool,
    ):
        report.rejects_file = str(options.results / "rejects.ndjson")
        report.repairs_file = str(options.results / "repairs.ndjson")
        with timed(report, "read"):
            edition = _read_files(options, indices, spool, space, report)
        before = _edition_of(indices)
        is_same = before is not None and edition.after(before).hash == before.hash
        if not is_same and not _passes_gates(options, before, report):
            report.outcome = "refused"
            return
        with timed(report, "write"):
            _write(options, indices, spool, edition, report)
        report.gaps = count_gaps(indices)


def _edition_of(indices: Indices) -> LiveEdition | None:
    stored = read_state(indices, live_census(indices))
    return stored.edition if stored else None


@contextmanager
def _open_spool(path: Path) -> Iterator[Spool]:
    with naming(path), closing(Spool(path)) as spool:
        yield spool


def _read_files(
    options: RegisterOptions, indices: Indices, spool: Spool, space: Workspace, report: RegisterReport
) -> LiveEdition:
    """Read the files that are named; return the edition that they make."""
    with show_progress("Reading the list", unit="rows", quiet=options.quiet) as progress:
        listed, units, sites = read_list(options.list_file, spool, space, report, progress), "", ""
    report.bodies = spool.count()
    if options.units_file or options.sites_file:
        bodies = bodies_now(indices)
    if options.units_file:
        with show_progress("Reading legal units", unit="rows", quiet=options.quiet) as progress:
            sirens = spool.sirens() | bodies.by_siren.keys()
            units = read_units(options.units_file, spool, sirens, report, progress)
    if options.sites_file:
        with show_progress("Reading establishments", unit="rows", quiet=options.quiet) as progress:
            named = {siret for body in bodies.by_siren.values() for siret in (*body.sirets, *body.delivering)}
            sites = read_sites(options.sites_file, spool, spool.sirets() | named, report, progress)
    untold = () if options.is_told else (report.edition,)
    return LiveEdition(listed, units, sites, report.edition, report.rows, report.bodies, untold)


def _passes_gates(options: RegisterOptions, before: LiveEdition | None, report: RegisterReport) -> bool:
    if before is not None:
        report.rows_before, report.edition_before = before.rows, before.date
    bad = sum(report.rejected.values()) + report.faults[CHECK]
    earlier = before.date if before is not None and before.is_told else None
    counts = GateCounts(report.read, report.rows, bad, report.edition, report.rows_before, earlier)
    refusals = check_gates(counts, options.limits)
    return tell_refusals(report, refusals, options.force)


def _write(options: RegisterOptions, indices: Indices, spool: Spool, read: LiveEdition, report: RegisterReport) -> None:
    """Make the edition live, unless it is; then store what is remembered of it."""
    with hold_patiently(indices, CENSUS, PATIENCE) as lock:
        live = live_census(indices)
        stored = read_state(indices, live)
        before = stored.edition if stored else None
        edition = read.after(before)
        is_dated_again = before is not None and edition.dates_again(before)
        if before is None or before.hash != edition.hash or is_dated_again:
            bodies = bodies_now(indices)
            state = replace(current_state(indices, edition), bodies=bodies.fingerprint)
            named = Named(edition.date, bool(options.units_file), bool(options.sites_file))
            earlier = stored_facts(indices, live)
            if before is not None and is_dated_again:
                earlier = ((siren, facts.redated(before.date, edition.date)) for siren, facts in earlier)
            facts = next_facts(spool, earlier, named, report)
            report.written = build_census(indices, facts, bodies, state, lock, options.quiet)
            report.outcome = "done"
            report.problems += [] if edition.is_told else [UNTOLD]
            _remember(indices, edition, report)
            return
        report.edition, report.edition_from = before.date, "loaded before, unchanged"
        report.problems += [] if before.is_told else [UNTOLD]
        report.outcome = "same"
    report.written = refresh_census(indices, options.quiet).written
    if not _is_remembered(indices, before):  # the command that made it live was killed
        _remember(indices, before, report)


def _is_remembered(indices: Indices, edition: LiveEdition) -> bool:
    params = {"_source": "false"}
    path = f"/{indices.names.editions}/_doc/{_name(edition)}"
    try:
        indices.engine.call("GET", path, params=params)
    except EngineNotFound:
        return False
    return True


def _name(edition: LiveEdition) -> str:
    return f"{edition.date}-{edition.hash}"


def _remember(indices: Indices, edition: LiveEdition, report: RegisterReport) -> None:
    """Store the edition beside the others."""
    document: dict[str, Any] = {
        "hash": edition.hash,
        "edition": edition.date,
        "loaded_at": report.started_at,
        "files": report.files,
        "rows": report.rows,
        "bodies": report.bodies,
        "certified": report.certified,
        "left": report.left,
        "lost": report.lost,
        "report": report.to_json(),
    }
    indices.store_document(indices.names.editions, _name(edition), document)
