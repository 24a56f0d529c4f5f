"""Last part of a load: what is new or changed is written with its seat figures, then what is gone is removed."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import orjson

from indexer.engine import EngineError
from indexer.lifecycle import Indices
from indexer.locks import Lock
from indexer.pipeline_foreign import set_aside_offer
from indexer.pipeline_read import Intake
from indexer.progress import Progress
from indexer.records import REJECT_TEXT, Reject
from indexer.settle import Planned
from indexer.spool import SpoolReader
from indexer.write import ItemFault, Operation, with_figures, without_sessions, write_operations
from seats.ledger import Figure, fetch_figures

OFFERS_AT_ONCE: Final = 500  # whose seat figures are asked for together
CONFLICT: Final = 409


class PlanWriter:
    """Writes the plan of a load through the offers alias."""

    def __init__(self, indices: Indices, intake: Intake, lock: Lock, has_figures: bool) -> None:
        self._indices, self._intake, self._lock = indices, intake, lock
        self._alias = indices.names.offers
        self._dropped = intake.settlement.dropped_positions()
        self._has_figures = has_figures

    def write(self, source: str, progress: Progress) -> None:
        """Write all that is new or changed; what the engine refuses is set aside."""
        with SpoolReader(self._intake.space.spool) as spool:
            operations = self._operations(spool)
            faults = list(write_operations(self._indices.engine, self._alias, operations, progress.advance))
            for fault in faults:
                self._settle(fault, source, spool)

    def remove(self, progress: Progress) -> int:
        """Remove the offers that are gone; returns how many."""
        keys = list(self._intake.settlement.gone())
        operations = (Operation("delete", key) for key in keys)
        for fault in write_operations(self._indices.engine, self._alias, operations, progress.advance):
            raise EngineError(f"offer {fault.operation.key} could not be removed: {fault.reason}")
        return len(keys)

    def _operations(self, spool: SpoolReader) -> Iterator[Operation]:
        planned = self._intake.settlement.planned()
        while chunk := list(islice(planned, OFFERS_AT_ONCE)):
            self._lock.check()
            sessions = self._intake.settlement.session_keys([offer.number for offer in chunk])
            cutoff = self._indices.settings.seats_cutoff()
            figures = self._fetch_figures([key for keys in sessions.values() for key in keys])
            for offer in chunk:
                body = spool.read(offer.block, offer.start, offer.length)
                if offer.number in self._dropped:
                    body = without_sessions(body, self._dropped[offer.number], offer.hash)
                if any(key in figures for key in sessions.get(offer.number, ())):
                    body = with_figures(body, figures, cutoff)
                yield Operation("create" if offer.is_new else "index", offer.key, body)

    def _fetch_figures(self, session_keys: list[str]) -> dict[str, list[Figure]]:
        if not self._has_figures:
            return {}
        return self._indices.engine.run(fetch_figures(self._indices.names.ledger, session_keys))

    def _settle(self, fault: ItemFault, source: str, spool: SpoolReader) -> None:
        """Set aside an offer that was not written; one that a repeated request found written already is in order."""
        planned = self._intake.settlement.find(fault.operation.key)
        if fault.status == CONFLICT:
            live = self._fetch(planned.key)
            if live["source"] != source:
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
