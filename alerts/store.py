"""Reads and writes records of alerts as steps, each write under the version that was read."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from alerts.model import Record
from engine.answers import found_documents
from engine.errors import EngineConflict
from engine.requests import Request, Steps
from mappings.loader import load_index_body
from mappings.names import IndexNames

ID_BYTES: Final = 16
PAGE: Final = 500
VISIBLE: Final = {"refresh": "true"}
LATEST: Final = [{"created_at": "desc"}]


@dataclass(frozen=True, slots=True)
class Found:
    """A record with its id and the version under which it may be replaced."""

    id: str
    record: Record
    version: Mapping[str, str]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Found":
        """Parse a hit or a document of an ``_mget``."""
        version = {"if_seq_no": str(document["_seq_no"]), "if_primary_term": str(document["_primary_term"])}
        return cls(document["_id"], Record.model_validate(document["_source"]), version)


def new_id() -> str:
    """Return a random id that cannot be guessed."""
    return secrets.token_urlsafe(ID_BYTES)


def ensure_index(names: IndexNames, replicas: int) -> Steps[None]:
    """Create the index if it is missing: the engine would otherwise make one up with the first record."""
    answer = yield Request("GET", f"/{names.alerts}/_settings", ignore=(404,))
    if "error" in answer:
        body = load_index_body("alerts", replicas=replicas)
        yield Request("PUT", f"/{names.alerts}", body, ignore=(400,))  # 400: another process was faster


def create(names: IndexNames, record_id: str, record: Record) -> Steps[None]:
    """Store a new record; raises EngineConflict if there is one with this id."""
    yield Request("PUT", f"/{names.alerts}/_doc/{record_id}", record.to_document(), {"op_type": "create"})


def try_create(names: IndexNames, record_id: str, record: Record) -> Steps[bool]:
    """Store a new record, and tell whether there was none with this id."""
    try:
        yield from create(names, record_id, record)
    except EngineConflict:
        return False
    return True


def replace(names: IndexNames, found: Found, record: Record) -> Steps[Found]:
    """Store a record in the place of the one that was found; raises EngineConflict if that was changed meanwhile."""
    path = f"/{names.alerts}/_doc/{found.id}"
    answer = yield Request("PUT", path, record.to_document(), dict(found.version))
    return Found.of({**answer, "_source": record.to_document()})


def try_replace(names: IndexNames, found: Found, record: Record) -> Steps[bool]:
    """Replace a record, and tell whether it was still as it had been found."""
    try:
        yield from replace(names, found, record)
    except EngineConflict:
        return False
    return True


def fetch(names: IndexNames, ids: Sequence[str]) -> Steps[list[Found]]:
    """Return the records with these ids, as they are at this moment."""
    answer = yield Request("POST", f"/{names.alerts}/_mget", {"ids": list(ids)})
    return [Found.of(document) for document in found_documents(answer)]


def fetch_one(names: IndexNames, record_id: str) -> Steps[Found | None]:
    """Return the record with an id, None if there is none."""
    found = yield from fetch(names, [record_id])
    return found[0] if found else None


def remove(names: IndexNames, record_id: str) -> Steps[None]:
    """Remove a record, if it is there."""
    yield Request("DELETE", f"/{names.alerts}/_doc/{record_id}", params=VISIBLE, ignore=(404,))


def make_visible(names: IndexNames) -> Steps[None]:
    """Let searches find what was written up to now."""
    yield Request("POST", f"/{names.alerts}/_refresh")


def remove_where(names: IndexNames, query: Mapping[str, Any]) -> Steps[int]:
    """Remove all records that a query finds; return their number."""
    yield from make_visible(names)
    params = {"refresh": "true", "conflicts": "proceed"}
    answer = yield Request("POST", f"/{names.alerts}/_delete_by_query", {"query": query}, params)
    return int(answer["deleted"])


def search(
    names: IndexNames, query: Mapping[str, Any], size: int, sort: Sequence[Mapping[str, str]] = LATEST
) -> Steps[list[Found]]:
    """Return the records that a query finds, as of the last refresh, the newest first."""
    body = {"size": size, "query": query, "sort": list(sort), "seq_no_primary_term": True}
    answer = yield Request("POST", f"/{names.alerts}/_search", body, {"ignore_unavailable": "true"})
    return [Found.of(hit) for hit in answer["hits"]["hits"]]


def of_kind(*kinds: str, **terms: str) -> dict[str, Any]:
    """Return the query for records of some kinds, with exact values of other fields."""
    exact = [{"term": {name: value}} for name, value in terms.items()]
    return {"bool": {"filter": [{"terms": {"kind": list(kinds)}}, *exact]}}


def before(query: Mapping[str, Any], name: str, moment: str) -> dict[str, Any]:
    """Return a query narrowed to records whose date in a field is this moment or earlier."""
    return {"bool": {"filter": [query, {"range": {name: {"lte": moment}}}]}}
