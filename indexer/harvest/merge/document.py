"""The records of one text → the document that is stored."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from indexer.harvest.record.addresses import compared_address
from mappings.documents.document import Document, DocumentFacts, Provenance
from mappings.documents.record import DocumentRecord

RULES_VERSION: Final = "1"  # incremented with every change of what documents become: all are then written again, once
UNITED: Final = ("creators", "identifiers", "formacode", "domain", "rome", "rncp", "funder", "region", "department")
SINGLE: Final = ("description", "publisher", "licence", "language")
LONGEST_TEXT: Final = 20_000


def hash_of(records: Sequence[tuple[str, str]]) -> str:
    """Return the hash of a document: of the keys and hashes of its records."""
    rows = "\n".join(f"{key} {digest}" for key, digest in sorted(records))
    return hashlib.blake2b(f"{RULES_VERSION}\n{rows}".encode(), digest_size=12).hexdigest()


def merge(key: str, records: Sequence[DocumentRecord], stamp: datetime) -> Document:
    """Return the document of some records: the fullest of them speaks first, the others add what it does not say."""
    ordered = sorted(records, key=_fullness) if len(records) > 1 else records
    facts = [record.facts for record in ordered]
    urls = _addresses(facts)
    others: dict[str, Any] = {name: _first(facts, name) for name in SINGLE}
    others |= {name: _united(facts, name) for name in UNITED}
    return Document(
        key=key,
        title=facts[0].title,
        kind=facts[0].kind,
        text=max((each.text for each in facts), key=len)[:LONGEST_TEXT],
        url=urls[0] if urls else None,
        also_at=urls[1:],
        published=_first(facts, "published"),
        year=_first(facts, "year"),
        modified=max((each.modified for each in facts if each.modified), default=None),
        valid_from=_first(facts, "valid_from"),
        valid_until=_latest(facts),
        provenances=_provenances(ordered),
        stamp=stamp,
        records=sorted(record.key for record in records),
        hash=hash_of([(record.key, record.hash) for record in records]),
        **others,
    )


def bury(document: Document, stamp: datetime) -> Document:
    """Return the tombstone of a document: what a harvester must know of it, and nothing else."""
    return Document(
        key=document.key,
        title="",
        kind=document.kind,
        region=document.region,
        stamp=stamp,
        deleted=True,
        records=document.records,
    )


def _fullness(record: DocumentRecord) -> tuple[int, str, str]:
    """Order records: the one that says most first, then by source."""
    facts = record.facts.model_dump(exclude_defaults=True)
    return -len(facts), record.source, record.key


def _first(facts: Sequence[DocumentFacts], name: str) -> Any:
    return next((value for each in facts if (value := getattr(each, name)) is not None), None)


def _latest(facts: Sequence[DocumentFacts]) -> date | None:
    """Return the last day that any record tells: the one that says longer was told later."""
    return max((each.valid_until for each in facts if each.valid_until), default=None)


def _united(facts: Sequence[DocumentFacts], name: str) -> list[str]:
    return list(dict.fromkeys(value for each in facts for value in getattr(each, name)))


def _addresses(facts: Sequence[DocumentFacts]) -> list[str]:
    """Return the addresses, each once: of those that differ only by scheme and the like, a secure one."""
    found: dict[str, str] = {}
    for url in (each.url for each in facts if each.url):
        known = compared_address(url) or url
        if known not in found or (url.startswith("https:") and not found[known].startswith("https:")):
            found[known] = url
    return list(found.values())


def _provenances(records: Sequence[DocumentRecord]) -> list[Provenance]:
    """Return where the text comes from, each identifier of a source once: it may be in several sets."""
    found: dict[tuple[str, str], Provenance] = {}
    for record in records:
        place = (record.source, record.identifier)
        found[place] = found.get(place) or Provenance(
            source=record.source, identifier=record.identifier, url=record.facts.url, datestamp=record.datestamp
        )
    return [found[place] for place in sorted(found)]
