"""Last part of a load: what is new or changed is written with its seat figures, then what is gone is removed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import orjson

from engine.errors import EngineError
from indexer.lifecycle.gone import remember
from indexer.lifecycle.indices import Indices
from indexer.lifecycle.locks import Lock
from indexer.load.bulk import (
    CONFLICT,
    ItemFault,
    Operation,
    with_figures,
    with_first_seen,
    with_head,
    without_sessions,
    write_operations,
)
from indexer.load.foreign import set_aside_offer
from indexer.load.intake import Intake
from indexer.load.live import (
    ATTEMPTS,
    LiveOffer,
    chunks,
    fetch_live,
    overtaken_always,
    size_of_retry,
    take_out_sessions,
)
from indexer.load.settle import Planned
from indexer.progress import Progress
from indexer.records import REJECT_TEXT, Reject
from indexer.work_files.spool import SpoolReader
from seats.ledger.settling import fetch_settled_figures
from seats.ledger.store import Figure

OFFERS_AT_ONCE: Final = 500  # whose seat figures are asked for together


class PlanWriter:
    """Writes the plan of a load through the offers alias; no figure of an offer that is live gets older by it."""

    def __init__(self, indices: Indices, intake: Intake, lock: Lock, source: str, has_figures: bool) -> None:
        self._indices, self._intake, self._lock, self._source = indices, intake, lock, source
        self._alias = indices.names.offers
        self._dropped = intake.settlement.dropped_positions()
        self._had_offers = intake.settlement.live_count() > 0
        self._has_figures = has_figures

    def write(self, progress: Progress) -> None:
        """Write all that is new or changed; what the engine refuses is set aside."""
        settlement = self._intake.settlement
        with SpoolReader(self._intake.space.spool) as spool:
            overtaken = self._write(settlement.planned(), spool, progress.advance)
            for _ in range(ATTEMPTS):
                waiting, overtaken = overtaken, []
                for few in chunks(waiting, size_of_retry(len(waiting))):
                    overtaken += self._write((settlement.find(key) for key in few), spool, lambda _: None)
                if not overtaken:
                    return
            raise overtaken_always(len(overtaken))

    def _write(self, planned: Iterable[Planned], spool: SpoolReader, advance: Callable[[int], None]) -> list[str]:
        """Write some offers; returns the keys of those that a statement came to while they were under way."""
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
        """Remove the offers that are gone; returns how many."""
        keys = list(self._intake.settlement.gone())
        remember(self._indices, keys)
        operations = (Operation("delete", key) for key in keys)
        for fault in write_operations(self._indices.engine, self._alias, operations, progress.advance):
            raise EngineError(f"offer {fault.operation.key} could not be removed: {fault.reason}")
        return len(keys)

    def _operations(self, planned: Iterable[Planned], spool: SpoolReader) -> Iterator[Operation]:
        for chunk in chunks(planned, OFFERS_AT_ONCE):
            self._lock.check()
            sessions = self._intake.settlement.session_keys([offer.number for offer in chunk])
            live = self._fetch_live(chunk, sessions)
            cutoff = self._indices.settings.seats_cutoff()
            figures = self._fetch_figures([key for keys in sessions.values() for key in keys])
            for offer in chunk:
                body = with_head(spool.read(offer.block, offer.start, offer.length), offer.hash, offer.copy_number)
                if offer.number in self._dropped:
                    body = without_sessions(body, self._dropped[offer.number], offer.hash)
                stored = live.get(offer.key)
                if stored:
                    body = with_first_seen(body, stored.first_seen, stored.sessions_seen)
                told = (stored.figures if stored else {}, figures)
                if any(each.get(key) for key in sessions.get(offer.number, ()) for each in told):
                    body = with_figures(body, cutoff, *told)
                if stored:
                    yield Operation("index", offer.key, body, stored.version)
                else:
                    yield Operation("create", offer.key, body)

    def _fetch_live(self, chunk: list[Planned], sessions: Mapping[int, list[str]]) -> dict[str, LiveOffer]:
        """Return what is live of the offers of a chunk, once no other offer has their sessions any more."""
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
        if added and take_out_sessions(self._indices, self._source, added):
            self._has_figures = True  # whoever had the sessions may have had figures of them
            return fetch_live(self._indices, changed)
        return live

    def _fetch_figures(self, session_keys: list[str]) -> dict[str, list[Figure]]:
        if not self._has_figures:
            return {}
        ledger = self._indices.names.ledger
        return self._indices.engine.run(fetch_settled_figures(ledger, session_keys, self._source))

    def _settle(self, fault: ItemFault, spool: SpoolReader) -> None:
        """Set aside an offer that was not written; one that a repeated request found written already is in order."""
        planned = self._intake.settlement.find(fault.operation.key)
        if fault.status == CONFLICT:
            live = self._fetch(planned.key)
            if live["source"] != self._source:
                set_aside_offer(planned, live, self._intake, spool)
            return
        self._intake.settlement.drop_offer(planned.number)
        self._intake.set_aside(_refused(planned, fault))

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
