"""Stage 4, write: writes new and changed offers with their seat figures, then removes those that are gone."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import orjson

from engine.errors import EngineError
from indexer.load.foreign import set_aside_offer
from indexer.load.settle import count_plan
from indexer.load.state import Load
from indexer.offers.bulk import CONFLICT, ItemFault, Operation, write_operations
from indexer.offers.document import Head, Seats, to_document
from indexer.offers.gone import remember
from indexer.offers.live import (
    ATTEMPTS,
    LiveOffer,
    chunks,
    fetch_live,
    overtaken_always,
    size_of_retry,
    take_out_sessions,
)
from indexer.progress import Progress, show_progress
from indexer.records import REJECT_TEXT, Planned, Reject
from indexer.work_files.spool import SpoolReader
from seats.ledger.settling import fetch_settled_figures
from seats.ledger.store import Figure, fetch_checkpoint

OFFERS_AT_ONCE: Final = 500  # offers whose seat figures are read together


def write(load: Load) -> None:
    """Write new and changed offers, remove those that are gone, and make both visible to searches.

    Before the first write the lock stores the position in the ledger from which statements must be projected.
    """
    indices, report = load.indices, load.report
    load.lock.remember(indices.engine.run(fetch_checkpoint(indices.names.ledger)))
    indices.refresh(indices.names.ledger)
    has_figures = indices.count(indices.names.ledger) > 0
    indices.ensure_offers()
    writer = PlanWriter(load, has_figures)
    total = report.new + report.changed + report.removed
    with show_progress("Writing", total, quiet=load.options.quiet) as progress:
        writer.write(progress)
        count_plan(load)
        if report.removals_withheld is None:
            writer.remove(progress)
    indices.refresh(indices.names.offers)
    indices.let_refresh(indices.names.offers)


class PlanWriter:
    """Writes the plan of a load through the offers alias; no figure of a live offer gets older."""

    def __init__(self, load: Load, has_figures: bool) -> None:
        self._load, self._indices, self._settlement = load, load.indices, load.settlement
        self._alias = load.indices.names.offers
        self._dropped = load.settlement.dropped_positions()
        self._had_offers = load.settlement.live_count() > 0
        self._has_figures = has_figures

    def write(self, progress: Progress) -> None:
        """Write all new and changed offers; those that the engine refuses are rejected."""
        settlement = self._settlement
        with SpoolReader(self._load.space.spool) as spool:
            overtaken = self._write(settlement.planned(), spool, progress.advance)
            for _ in range(ATTEMPTS):
                waiting, overtaken = overtaken, []
                for few in chunks(waiting, size_of_retry(len(waiting))):
                    overtaken += self._write((settlement.find(key) for key in few), spool, lambda _: None)
                if not overtaken:
                    return
            raise overtaken_always(len(overtaken))

    def _write(self, planned: Iterable[Planned], spool: SpoolReader, advance: Callable[[int], None]) -> list[str]:
        """Write some offers; return the keys of those that a statement changed meanwhile."""
        overtaken: list[str] = []
        faults: list[ItemFault] = []
        for fault in write_operations(self._indices.engine, self._alias, self._operations(planned, spool), advance):
            if fault.is_overtaken:
                overtaken.append(fault.operation.key)
            else:
                faults.append(fault)
        for fault in faults:
            self._settle(fault, spool)
        return overtaken

    def remove(self, progress: Progress) -> int:
        """Remove the offers that are gone; return their number."""
        keys = list(self._settlement.gone())
        remember(self._indices, keys)
        operations = (Operation("delete", key) for key in keys)
        for fault in write_operations(self._indices.engine, self._alias, operations, progress.advance):
            raise EngineError(f"offer {fault.operation.key} could not be removed: {fault.reason}")
        return len(keys)

    def _operations(self, planned: Iterable[Planned], spool: SpoolReader) -> Iterator[Operation]:
        for chunk in chunks(planned, OFFERS_AT_ONCE):
            self._load.lock.check()
            sessions = self._settlement.session_keys([offer.number for offer in chunk])
            live = self._fetch_live(chunk, sessions)
            cutoff = self._indices.settings.seats_cutoff()
            figures = self._fetch_figures([key for keys in sessions.values() for key in keys])
            for offer in chunk:
                stored = live.get(offer.key)
                seats = Seats((stored.figures, figures) if stored else (figures,), cutoff)
                document = self._to_document(offer, stored, seats, spool)
                if stored:
                    yield Operation("index", offer.key, document, stored.version)
                else:
                    yield Operation("create", offer.key, document)

    def _to_document(self, offer: Planned, stored: LiveOffer | None, seats: Seats, spool: SpoolReader) -> bytes:
        body = orjson.loads(spool.read(offer.block, offer.start, offer.length))
        head = Head(offer.hash, offer.copy_number, self._load.report.started_at)
        without = self._dropped.get(offer.number, frozenset[int]())
        return to_document(body, head, stored.seen if stored else None, seats, without)

    def _fetch_live(self, chunk: list[Planned], sessions: Mapping[int, list[str]]) -> dict[str, LiveOffer]:
        """Return the live state of the offers of a chunk, after removing their sessions from other offers."""
        changed = [offer.key for offer in chunk if not offer.is_new]
        live = fetch_live(self._indices, changed)
        if not self._had_offers:
            return live
        added = {
            key: offer.key
            for offer in chunk
            for key in sessions.get(offer.number, ())
            if offer.key not in live or key not in live[offer.key].figures
        }
        if added and take_out_sessions(self._indices, self._load.source, added):
            self._has_figures = True  # the former offers may have had figures for these sessions
            return fetch_live(self._indices, changed)
        return live

    def _fetch_figures(self, session_keys: list[str]) -> dict[str, list[Figure]]:
        if not self._has_figures:
            return {}
        ledger = self._indices.names.ledger
        return self._indices.engine.run(fetch_settled_figures(ledger, session_keys, self._load.source))

    def _settle(self, fault: ItemFault, spool: SpoolReader) -> None:
        """Reject an offer that was not written; one that a repeated request finds written is accepted."""
        planned = self._settlement.find(fault.operation.key)
        if fault.status == CONFLICT:
            live = self._fetch(planned.key)
            if live["source"] != self._load.source:
                set_aside_offer(self._load, planned, live, spool)
            return
        self._settlement.drop_offer(planned.number)
        self._load.set_aside(_refused(planned, fault))

    def _fetch(self, key: str) -> dict[str, Any]:
        params = {"_source_includes": "source,id"}
        found: dict[str, Any] = self._indices.engine.call("GET", f"/{self._alias}/_doc/{key}", params=params)["_source"]
        return found


def _refused(planned: Planned, fault: ItemFault) -> Reject:
    body = fault.operation.body
    identifier: str = orjson.loads(body)["id"]
    return Reject(
        file=planned.file,
        line=planned.line,
        identifier=identifier,
        identifiers=(identifier,),
        reason="refused-by-engine",
        message=f"{identifier}: {fault.reason}",
        record=body.decode()[:REJECT_TEXT],
    )
