"""Documents of this site itself: written as the records of a source, without a harvest."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from indexer.harvest.merge.run import PATIENCE, make_documents
from indexer.harvest.record.make import make_record, record_key
from indexer.harvest.store import ensure_indices, source_keys, store_state, stored_records, write
from indexer.installation.indices import Indices
from indexer.installation.locks import HARVEST, hold_patiently
from indexer.offers.bulk import Operation
from mappings.documents.document import DocumentFacts
from mappings.documents.record import HarvestState

KIND: Final = "own"


def store_own_documents(indices: Indices, source: str, texts: Sequence[tuple[str, DocumentFacts]]) -> None:
    """Replace the documents of a source of this site: identifiers and facts; raises LockedError or EngineError."""
    ensure_indices(indices)
    index, now = indices.names.document_records, datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    with hold_patiently(indices, f"{HARVEST}{source}", PATIENCE), TemporaryDirectory() as folder:
        indices.refresh(index)
        stored = {key: digest for key, digest, _, _ in stored_records(indices, source, "")}
        wanted = {record_key(source, "", identifier) for identifier, _ in texts}

        def operations() -> Iterator[Operation]:
            for identifier, facts in texts:
                record = make_record(source, "", identifier, None, facts, facts.region, now)
                if stored.get(record.key) != record.hash:
                    yield Operation("index", record.key, record.model_dump_json(exclude_none=True).encode())
            for keys in source_keys(indices, source):
                yield from (Operation("delete", key) for key in keys if key not in wanted)

        write(indices, index, operations())
        make_documents(indices, Path(folder) / "merge.sqlite")
        state = HarvestState(source=source, kind=KIND, url="", complete_at=now, full_at=now, records=len(texts))
        store_state(indices, state)
