"""Reads and writes the indices of records, documents and harvest states."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from engine.answers import found_documents
from engine.blocking import LONG
from engine.errors import EngineError, EngineNotFound
from engine.paging import close_view, open_view, read_page
from indexer.harvest.merge.table import DocumentRow, RecordRow
from indexer.installation.indices import Indices
from indexer.offers.bulk import Operation, write_operations
from mappings.documents.document import Document
from mappings.documents.record import DocumentRecord, HarvestState
from mappings.keys import key_of

PAGE: Final = 5_000
KEPT: Final = "5m"
STATES: Final = 10_000


def ensure_indices(indices: Indices) -> None:
    """Create the indices of documents if they are missing."""
    indices.ensure("locks", "document_records", "documents", "harvests")


def stored_records(indices: Indices, source: str, scope: str) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Yield key, hash, datestamp and day of publication of the records of a source and scope."""
    query = {"bool": {"filter": [{"term": {"source": source}}, {"term": {"scope": scope}}]}}
    body = {"query": query, "_source": ["hash", "datestamp", "facts.published"]}
    for hit in _all(indices, indices.names.document_records, body):
        row = hit["_source"]
        yield hit["_id"], row["hash"], row.get("datestamp"), row.get("facts", {}).get("published")


def source_keys(indices: Indices, source: str) -> Iterator[list[str]]:
    """Yield the keys of all records of a source, page by page."""
    body = {"query": {"term": {"source": source}}, "_source": False}
    hits = _all(indices, indices.names.document_records, body)
    while page := [hit["_id"] for hit in islice(hits, PAGE)]:
        yield page


def all_records(indices: Indices) -> Iterator[RecordRow]:
    """Yield what a merge reads of every record."""
    body = {"query": {"match_all": {}}, "_source": ["source", "hash", "evidence"]}
    for hit in _all(indices, indices.names.document_records, body):
        row = hit["_source"]
        yield RecordRow(hit["_id"], row["source"], row["hash"], row.get("evidence", []))


def all_documents(indices: Indices) -> Iterator[DocumentRow]:
    """Yield what a merge reads of every document."""
    body = {"query": {"match_all": {}}, "_source": ["hash", "deleted", "records"]}
    for hit in _all(indices, indices.names.documents, body):
        row = hit["_source"]
        yield DocumentRow(hit["_id"], row.get("hash", ""), row.get("deleted", False), row.get("records", []))


def _all(indices: Indices, index: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every hit of a search, sorted by key."""
    view = indices.engine.run(open_view(index, {**body, "size": PAGE, "sort": [{"key": "asc"}]}, KEPT))
    try:
        while hits := indices.engine.run(read_page(view)):
            yield from hits
    finally:
        indices.engine.run(close_view(view))


def fetch_records(indices: Indices, keys: list[str]) -> dict[str, DocumentRecord]:
    """Return records by their keys; those that do not exist are missing."""
    answer = indices.engine.call_patiently("POST", f"/{indices.names.document_records}/_mget", {"ids": keys})
    return {row["_id"]: DocumentRecord.model_validate(row["_source"]) for row in found_documents(answer)}


def fetch_documents(indices: Indices, keys: list[str]) -> dict[str, Document]:
    """Return documents by their keys; those that do not exist are missing."""
    answer = indices.engine.call_patiently("POST", f"/{indices.names.documents}/_mget", {"ids": keys})
    return {row["_id"]: Document.model_validate(row["_source"]) for row in found_documents(answer)}


def document_operation(document: Document) -> Operation:
    """Return the operation that stores a document; what has no value is left out."""
    return Operation("index", document.key, document.model_dump_json(exclude_none=True).encode())


def write(indices: Indices, index: str, operations: Iterable[Operation]) -> None:
    """Send operations, each document at most once; raises EngineError if one cannot be stored."""
    for fault in write_operations(indices.engine, index, operations, lambda _: None, is_alias=False):
        raise EngineError(f"{index}: {fault.operation.key} could not be written: {fault.reason}")


def count_records(indices: Indices) -> dict[str, int]:
    """Return source -> number of its records, each identifier of each scope."""
    body = {"size": 0, "aggs": {"source": {"terms": {"field": "source", "size": STATES}}}}
    params = {"ignore_unavailable": "true"}
    answer = indices.engine.call("POST", f"/{indices.names.document_records}/_search", body, params, LONG)
    buckets = answer.get("aggregations", {}).get("source", {}).get("buckets", [])
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets}


def count_documents(indices: Indices) -> int:
    """Return how many documents are live."""
    body = {"query": {"bool": {"must_not": {"term": {"deleted": True}}}}}
    params = {"ignore_unavailable": "true"}
    answer = indices.engine.call("POST", f"/{indices.names.documents}/_count", body, params, LONG)
    return int(answer["count"])


def state_name(source: str, scope: str) -> str:
    """Return the id of the state of a source and scope."""
    return key_of(f"{source}\n{scope}")


def fetch_state(indices: Indices, source: str, scope: str) -> HarvestState | None:
    """Return the state of the last complete harvest, None if there was none."""
    try:
        found = indices.engine.call("GET", f"/{indices.names.harvests}/_doc/{state_name(source, scope)}")
    except EngineNotFound:
        return None
    return HarvestState.model_validate(found["_source"])


def fetch_states(indices: Indices, source: str | None = None) -> list[HarvestState]:
    """Return the states of one source or of all, sorted by source and scope."""
    query = {"term": {"source": source}} if source else {"match_all": {}}
    body = {"size": STATES, "query": query, "sort": [{"source": "asc"}, {"scope": "asc"}]}
    params = {"ignore_unavailable": "true"}
    answer = indices.engine.call("POST", f"/{indices.names.harvests}/_search", body, params, LONG)
    return [HarvestState.model_validate(hit["_source"]) for hit in answer["hits"]["hits"]]


def store_state(indices: Indices, state: HarvestState) -> None:
    """Store the state of a complete harvest, visible on return."""
    name = state_name(state.source, state.scope)
    indices.store_document(indices.names.harvests, name, state.model_dump(mode="json", exclude_none=True))
