"""Records in batches, each with the offers that it is known to become: only the others are converted."""

from dataclasses import dataclass, field
from typing import Final

from indexer.load.settle import OfferRow
from indexer.records import RawRecord

CHARACTERS: Final = 1_000_000  # of records that one worker is given at a time
RECORDS: Final = 500


@dataclass(slots=True)
class Batch:
    """Some records in feed order; ``known`` are the offers of each, none if it has to be read."""

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
        """The records that have to be read."""
        return [record for record, known in zip(self.records, self.known, strict=True) if not known]
