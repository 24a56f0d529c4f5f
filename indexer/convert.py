"""Turns one raw record into the offers that are stored; pure, runs in worker processes."""

from dataclasses import dataclass

from indexer.records import FaultRow, Prepared, RawRecord, Reject
from mappings.reference import Reference


@dataclass(frozen=True, slots=True)
class ConvertContext:
    """What conversion depends on beside the record: source name, tables and the time stamped on every offer."""

    source: str
    reference: Reference
    written_at: str  # ISO 8601, never part of the hash


def convert_record(raw: RawRecord, context: ConvertContext) -> tuple[list[Prepared], list[Reject], list[FaultRow]]:
    """Return the offers, the parts set aside and the faults told of one record; never raises for what a feed holds."""
    raise NotImplementedError
