"""One harvest: read → settle → gates → write → merge → state.

Nothing changes before the gates; the state is stored last, and only if the source came whole, so that a harvest that
was killed or cut is repeated. Records of other sources are never touched.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime

from indexer.gates import tell_refusals
from indexer.harvest.faults import SourceFault, one_line
from indexer.harvest.fetch.fetcher import Fetcher
from indexer.harvest.merge.run import make_documents
from indexer.harvest.record.codes import CodeTables
from indexer.harvest.record.make import RULES_VERSION, Setting
from indexer.harvest.run.gates import GateCounts, check_gates
from indexer.harvest.run.intake import Harvest, read_live, read_source
from indexer.harvest.run.options import USUAL, HarvestOptions
from indexer.harvest.run.report import HarvestReport
from indexer.harvest.run.spool import HarvestSpool
from indexer.harvest.store import ensure_indices, fetch_state, fetch_states, store_state, write
from indexer.installation.indices import Indices
from indexer.installation.locks import HARVEST, Lock, hold_lock
from indexer.offers.bulk import Operation
from indexer.stages import timed
from indexer.work_files.os_errors import naming
from indexer.work_files.workspace import Workspace, open_workspace
from mappings.documents.record import HarvestState


def run_harvest(options: HarvestOptions, indices: Indices, report: HarvestReport) -> None:
    """Harvest one source, filling the report meanwhile; raises SourceFault, LockedError or EngineError."""
    ensure_indices(indices)
    indices.ensure("reference")
    with (
        hold_lock(indices, f"{HARVEST}{options.source}") as lock,
        open_workspace(options.work_dir, f"harvest-{options.source}", options.source, options.results) as space,
        naming(space.database),
        closing(HarvestSpool(space.database)) as spool,
    ):
        report.rejects_file = str(options.results / "rejects.ndjson")
        harvest = _begin(options, indices, report, lock, space, spool)
        with timed(report, "read"):
            read_live(harvest)
            read_source(harvest)
        if not _passes_gates(harvest):
            report.outcome = "refused"
            return
        with timed(report, "write"):
            _write(harvest)
        with timed(report, "merge"):
            _merge(harvest)
        report.outcome = "done"
        if not report.is_incomplete:
            _remember(harvest)


def _begin(
    options: HarvestOptions,
    indices: Indices,
    report: HarvestReport,
    lock: Lock,
    space: Workspace,
    spool: HarvestSpool,
) -> Harvest:
    others = [state for state in fetch_states(indices, options.source) if state.kind != options.kind]
    if others:
        was = f"{options.source} was harvested as {others[0].kind} from {one_line(others[0].url)}"
        raise SourceFault(f"{was}: choose another name, or forget it")
    state = fetch_state(indices, options.source, options.scope)
    reference = indices.fetch_reference()
    setting = Setting(
        source=options.source,
        scope=options.scope,
        kind=options.document_kind or USUAL[options.kind],
        publisher=options.publisher,
        licence=options.licence,
        regions=options.regions,
        tables=CodeTables.of(reference.formacode, reference.rome),
        harvested_at=report.started_at,
    )
    if indices.engine.exists(indices.names.offers) and indices.count(indices.names.offers, options.source):
        report.notes.append(f"a catalogue is called {options.source}, too: forget removes its offers as well")
    fetcher = Fetcher(options.url, replace(options.bounds, run=60 * options.minutes))
    if state and not options.full and state.rules == RULES_VERSION and state.url == options.url:
        report.since = state.next_from
    return Harvest(options, indices, report, lock, space, spool, setting, fetcher, state)


def _passes_gates(harvest: Harvest) -> bool:
    """Settle what is to be done, and tell whether it may be."""
    report, options, reading = harvest.report, harvest.options, harvest.reading
    is_full = reading.is_full and not report.is_incomplete
    since: date | None = reading.window_from if reading.has_window else None
    absent = is_full and not report.removals_withheld and not (reading.has_window and since is None)
    # Removals that the source reports are applied even if other records cannot be read: it reports them only once.
    harvest.spool.find_gone(absent=absent, since=since, told=not report.is_incomplete)
    counts = harvest.spool.count()
    report.new, report.changed, report.same, report.removed, report.kept, report.live_before = (
        counts.new, counts.changed, counts.same, counts.gone, counts.kept, counts.before,
    )  # fmt: skip
    report.live = counts.before + counts.new - counts.gone
    sound = counts.new + counts.changed + counts.same + report.unchanged if is_full else None
    bad = sum(report.rejected.values())
    refusals = check_gates(GateCounts(report.read, bad, sound, counts.before, report.live), options.limits)
    return tell_refusals(report, refusals, options.force)


def _write(harvest: Harvest) -> None:
    """Write the records that differ, then remove those that went."""
    index = harvest.indices.names.document_records

    def operations() -> Iterator[Operation]:
        for key, body in harvest.spool.to_write():
            harvest.lock.check()
            yield Operation("index", key, body)
        for key in harvest.spool.to_remove():
            harvest.lock.check()
            yield Operation("delete", key)

    write(harvest.indices, index, operations())
    harvest.indices.refresh(index)


def _merge(harvest: Harvest) -> None:
    merged = make_documents(harvest.indices, harvest.space.database.with_name("merge.sqlite"))
    report = harvest.report
    report.documents_written, report.documents_removed = merged.written, merged.buried
    report.documents, report.documents_joined = merged.live, merged.joined


def _remember(harvest: Harvest) -> None:
    """Store where the next harvest begins."""
    options, report, state = harvest.options, harvest.report, harvest.state
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    full_at = now if harvest.reading.is_full else (state.full_at if state else None)
    stored = HarvestState(
        source=options.source,
        scope=options.scope,
        kind=options.kind,
        url=options.url,
        set=options.set,
        prefix=options.prefix if options.kind == "oai" else None,
        next_from=harvest.reading.next_from,
        complete_at=now,
        full_at=full_at,
        records=report.live,
        rules=RULES_VERSION,
        report=report.to_json(),
    )
    store_state(harvest.indices, stored)
