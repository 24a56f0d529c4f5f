"""Batches of records and their results: offers in the spool, with rows that describe them."""

import os
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from indexer.load.convert import ConvertContext, convert_record
from indexer.records import BlockRef, OfferRow, Prepared, RawRecord, Reject
from indexer.stages import peak_memory
from indexer.work_files.spool import SpoolWriter
from mappings.keys import key_of

CHARACTERS: Final = 1_000_000  # characters of records that one worker gets at a time
RECORDS: Final = 500


@dataclass(slots=True)
class Batch:
    """Records in feed order; ``known`` are the offers of each, None if it has to be converted."""

    records: list[RawRecord] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    known: list[list[OfferRow]] = field(default_factory=list)
    characters: int = 0

    def add(self, record: RawRecord, digest: bytes, known: list[OfferRow]) -> None:
        """Append a record."""
        self.records.append(record)
        self.digests.append(digest)
        self.known.append(known)
        self.characters += sum(map(len, record.texts))

    @property
    def unread(self) -> list[RawRecord]:
        """The records that have to be converted."""
        return [record for record, known in zip(self.records, self.known, strict=True) if not known]


class RecordRows(NamedTuple):
    """The offers of one record, and whether there is nothing else to be told of it: no reject, no repair."""

    rows: list[OfferRow]
    is_sound: bool


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a worker tells of a batch; ``records`` has an entry for each record, in order."""

    block: BlockRef
    records: list[RecordRows]
    rejects: list[Reject]
    repairs: bytes  # NDJSON of the faults
    faults: Counter[str]
    worker: int
    peak_memory: int

    @property
    def rows(self) -> list[OfferRow]:
        """All offers of the batch, in order."""
        return [row for record in self.records for row in record.rows]


NOTHING: Final = BatchResult(BlockRef("", 0, 0), [], [], b"", Counter(), 0, 0)  # of a batch without records


class Converter:
    """Converts batches and spools the offers; lives in a worker, or in the main process for small feeds."""

    def __init__(self, spool: Path, context: ConvertContext, name: str | None = None) -> None:
        self._context = context
        self._writer = SpoolWriter(spool, f"{name or os.getpid()}.spool")

    def close(self) -> None:
        """Close the spool file."""
        self._writer.close()

    def convert(self, records: list[RawRecord]) -> BatchResult:
        """Convert records in order."""
        converted: list[RecordRows] = []
        bodies: list[bytes] = []
        rejects: list[Reject] = []
        repairs: list[bytes] = []
        faults: Counter[str] = Counter()
        start = 0
        for record in records:
            offers, set_aside, found = convert_record(record, self._context)
            rejects += set_aside
            for fault in found:
                faults[fault.kind] += 1
                repairs.append(orjson.dumps(asdict(fault), option=orjson.OPT_APPEND_NEWLINE))
            rows: list[OfferRow] = []
            for offer in offers:
                rows.append(_row(offer, start))
                bodies.append(offer.body)
                start += len(offer.body)
            converted.append(RecordRows(rows, not set_aside and not found))
        block = self._writer.append(bodies)
        return BatchResult(block, converted, rejects, b"".join(repairs), faults, os.getpid(), peak_memory())


def _row(offer: Prepared, start: int) -> OfferRow:
    keys = tuple(map(key_of, offer.session_ids))
    return OfferRow(
        *(offer.id, offer.key, offer.hash, start, len(offer.body), offer.session_ids, keys),
        *(offer.siren, offer.provider_name, offer.file, offer.line, offer.title_key),
    )
