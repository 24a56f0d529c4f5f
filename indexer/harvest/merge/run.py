"""Makes the documents be what the records say: compared by hash, so that a killed merge is finished by the next one."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from indexer.harvest.merge.clusters import Clusters
from indexer.harvest.merge.document import bury, hash_of, merge
from indexer.harvest.merge.table import Cluster, MergeTable
from indexer.harvest.store import (
    all_documents,
    all_records,
    document_operation,
    ensure_indices,
    fetch_documents,
    fetch_records,
    write,
)
from indexer.installation.indices import Indices
from indexer.installation.locks import DOCUMENTS, Lock, hold_patiently
from indexer.offers.bulk import Operation
from indexer.work_files.os_errors import naming

BATCH: Final = 400  # documents whose records are fetched at once
PATIENCE: Final = 600.0  # seconds that a command waits for another one that makes documents


@dataclass(slots=True)
class Merged:
    """What a merge did; ``live`` counts documents, ``joined`` those of several records."""

    written: int = 0
    buried: int = 0
    live: int = 0
    joined: int = 0


def make_documents(indices: Indices, database: Path) -> Merged:
    """Write the documents that differ from what the records say; raises LockedError or EngineError."""
    ensure_indices(indices)
    with hold_patiently(indices, DOCUMENTS, PATIENCE) as lock, naming(database), closing(MergeTable(database)) as table:
        indices.refresh(indices.names.document_records)
        size = table.add_records(all_records(indices), 0)
        table.add_documents(all_documents(indices))
        table.index()
        clusters = Clusters(table, size)
        clusters.join_all()
        table.set_roots(clusters.roots())
        table.assign_keys()
        merged = Merged()
        write(indices, indices.names.documents, _operations(indices, table, lock, merged))
        indices.refresh(indices.names.documents)
        return merged


def _operations(indices: Indices, table: MergeTable, lock: Lock, merged: Merged) -> Iterator[Operation]:
    changed = _changed(table, merged)
    while batch := list(islice(changed, BATCH)):
        lock.check()
        stamp = _now()
        keys = [key for cluster in batch for key, _ in cluster.records]
        records = fetch_records(indices, keys)
        for cluster in batch:
            found = [records[key] for key, _ in cluster.records if key in records]
            if len(found) == len(cluster.records):  # else a record went meanwhile: its harvest merges again
                merged.written += 1
                yield document_operation(merge(cluster.key, found, stamp))
    orphans = iter(table.orphans())
    while keys := list(islice(orphans, BATCH)):
        lock.check()
        for document in fetch_documents(indices, keys).values():
            merged.buried += 1
            yield document_operation(bury(document, _now()))


def _now() -> datetime:
    """Return the stamp of what is written next: a harvester that asks meanwhile must find it by its next question."""
    return datetime.now(UTC).replace(microsecond=0)


def _changed(table: MergeTable, merged: Merged) -> Iterator[Cluster]:
    for cluster in table.clusters():
        merged.live += 1
        merged.joined += len(cluster.records) > 1
        if cluster.is_deleted or cluster.stored_hash != hash_of(cluster.records):
            yield cluster
