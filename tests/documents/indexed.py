"""Documents in an engine without a harvest: the mapping of the product, and bulk requests."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from mappings.documents.document import DOCUMENT_KINDS, Document, Provenance
from mappings.keys import key_of
from mappings.loader import load_index_body
from mappings.names import IndexNames

FIRST_STAMP = datetime(2026, 11, 1, 0, 0, tzinfo=UTC)
LINES = 1_000  # of one bulk request


def create_documents(engine_url: str, prefix: str) -> None:
    """Create the index of the documents, anew if a command has made it."""
    address = f"{engine_url}/{IndexNames(prefix).documents}"
    httpx.delete(address, timeout=60)
    httpx.put(address, json=load_index_body("documents"), timeout=60).raise_for_status()


def write_documents(engine_url: str, prefix: str, documents: Iterable[Document]) -> None:
    """Write documents, and make them visible; raises AssertionError for one that the mapping refuses."""
    lines: list[str] = []
    for each in documents:
        lines += [f'{{"index":{{"_id":"{each.key}"}}}}', each.model_dump_json(exclude_none=True)]
        if len(lines) >= 2 * LINES:
            _send(engine_url, prefix, lines)
            lines = []
    if lines:
        _send(engine_url, prefix, lines)
    httpx.post(f"{engine_url}/{IndexNames(prefix).documents}/_refresh", timeout=60).raise_for_status()


def _send(engine_url: str, prefix: str, lines: list[str]) -> None:
    body = "\n".join((*lines, ""))
    answer = httpx.post(
        f"{engine_url}/{IndexNames(prefix).documents}/_bulk",
        content=body.encode(),
        headers={"Content-Type": "application/x-ndjson"},
        timeout=120,
    )
    answer.raise_for_status()
    wrong = [item for item in answer.json()["items"] if item["index"]["status"] >= 300]
    assert not wrong, wrong[:3]


def numbered_document(number: int, **changes: Any) -> Document:
    """Return an invented document; kinds take turns, every third is one of Occitanie, every tenth a tombstone."""
    identifier = f"oai:numbered.example:{number}"
    is_deleted = number % 10 == 9
    told: dict[str, Any] = {
        "key": key_of(identifier),
        "title": "" if is_deleted else f"Fiche numéro {number} sur la formation des adultes",
        "description": None if is_deleted else f"Ce que dit la fiche {number}.",
        "kind": DOCUMENT_KINDS[number % len(DOCUMENT_KINDS)],
        "region": ["76"] if number % 3 == 0 else [],
        "stamp": FIRST_STAMP + timedelta(minutes=number),
        "deleted": is_deleted,
        "provenances": [] if is_deleted else [Provenance(source="numbered", identifier=identifier)],
    }
    return Document(**(told | changes))


def numbered_documents(count: int) -> Iterator[Document]:
    """Yield so many invented documents."""
    return map(numbered_document, range(count))


@contextmanager
def documents_beside(engine_url: str, prefix: str, own: str, documents: Iterable[Document]) -> Iterator[None]:
    """Write documents under a prefix of their own, which has aliases of the other indices of a loaded prefix."""
    with httpx.Client(base_url=engine_url, timeout=60) as client:
        added = [
            {"add": {"index": index, "alias": own + name}}
            for name in ("offers", "sources", "reference", "lexicon", "seats", "locks", "providers")
            for index in client.get(f"/{prefix}{name}/_alias").raise_for_status().json()
        ]
        client.post("/_aliases", json={"actions": added}).raise_for_status()
        create_documents(engine_url, own)
        write_documents(engine_url, own, documents)
        try:
            yield
        finally:
            removed = [{"remove": each["add"]} for each in added]
            client.post("/_aliases", json={"actions": removed}).raise_for_status()
            client.delete(f"/{own}documents").raise_for_status()
