"""Restores exported documents into the ledger, where a higher sequence stays, and from there into the offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson

from engine.bulk import Outcome, write_groups
from engine.requests import Steps
from mappings.loader import load_index_body
from mappings.names import IndexNames
from seats.ledger.compare import fetch_held
from seats.ledger.settling import fetch_kept, settle
from seats.ledger.store import id_of, ledger_id, to_document, write_lines
from seats.projection.write import Cutoff, project_documents
from seats.statements.parse import SEQUENCE_LIMIT, Rejection, parse_statement, shown

LEDGER_FIELDS: Final = frozenset(load_index_body("ledger")["mappings"]["properties"])
REJECTIONS_TOLD: Final = 1_000


@dataclass(slots=True)
class Restored:
    """Results of the lines; of the rejected ones only the first are listed."""

    restored: int = 0
    stale: int = 0
    unknown: int = 0
    rejected: int = 0
    rejections: list[Rejection] = field(default_factory=list)

    def reject(self, rejection: Rejection) -> None:
        """Count a rejected line."""
        self.rejected += 1
        if len(self.rejections) < REJECTIONS_TOLD:
            self.rejections.append(rejection)


def parse_document(line: bytes, number: int, now: datetime) -> dict[str, Any] | Rejection:
    """Return the ledger document in a line of an export, or its fault.

    Fields that the ledger's mapping does not know are dropped. Sequences accepted by earlier versions are accepted.
    """
    statement = parse_statement(line, number, now, SEQUENCE_LIMIT)
    if isinstance(statement, Rejection):
        return statement
    row = orjson.loads(line)
    fault = _fault(row)
    if fault is not None:
        return Rejection(number, fault, shown(row.get(fault)), _REASONS[fault])
    known = {name: value for name, value in row.items() if name in LEDGER_FIELDS}
    return known | to_document(statement)


_REASONS: Final = {
    "received_at": "une date et une heure ISO 8601 avec fuseau horaire sont attendues",
    "producer": "un nom de producteur est attendu (texte)",
    "sources": "une liste de noms de sources est attendue",
    "settled": "un nom de source est attendu (texte)",
}


def _fault(row: Mapping[str, Any]) -> str | None:
    """Return the first invalid field beside those of the statement."""
    if not _is_moment(row.get("received_at")):
        return "received_at"
    if not isinstance(row.get("producer"), str):
        return "producer"
    sources = row.get("sources", ["any"])
    if not isinstance(sources, list) or not sources or not all(isinstance(each, str) for each in sources):
        return "sources"
    return None if isinstance(row.get("settled", ""), str) else "settled"


def _is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def restore(
    names: IndexNames, rows: Sequence[tuple[int, dict[str, Any]]], cutoff: Cutoff, told: Restored
) -> Steps[None]:
    """Store documents with their line numbers, then project the ledger's current figures of their sessions and funders.

    Waiting documents of the file, or of a version without that distinction, wait here, unless their session is known.
    """
    yield from _store(names.ledger, rows, told)
    documents = [document for _, document in rows]
    places = {ledger_id(each["session"], each["funder"]) for each in documents}
    kept = yield from fetch_kept(names.ledger, places | {id_of(each) for each in documents})
    current = [each.document for each in kept.values()]
    source_of = yield from project_documents(names.offers, current, cutoff())
    yield from settle(names.ledger, current, source_of)
    held = yield from fetch_held(names.offers, {each["session_key"] for each in documents})
    told.unknown += sum(each["session_key"] not in held for each in documents)


def _store(index: str, rows: Sequence[tuple[int, dict[str, Any]]], told: Restored) -> Steps[None]:
    groups = [write_lines(document) for _, document in rows]
    items = yield from write_groups(f"/{index}/_bulk", groups, keep_refused=True)
    for (number, _), (item,) in zip(rows, items, strict=True):
        if item.outcome is Outcome.DONE:
            told.restored += 1
        elif item.outcome is Outcome.CONFLICT:
            told.stale += 1
        else:
            told.reject(Rejection(number, "", None, item.reason))
