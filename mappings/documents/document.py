"""Model of the stored documents; a test compares it with the mapping.

A record is what one source says under one identifier. A document is one text: all records that are known to mean it,
``_id`` = key. A document whose last record is gone stays as a tombstone with key, kind, region and stamp.
"""

import datetime as dt
from typing import Final, Literal, get_args

from pydantic import Field

from mappings.offer import Stored

DocumentKind = Literal["sheet", "text", "guide", "job_sheet", "news"]
DOCUMENT_KINDS: Final[tuple[DocumentKind, ...]] = get_args(DocumentKind)


class Provenance(Stored):
    """One record of a document: the source, its identifier there, the address told there, when it changed there."""

    source: str
    identifier: str
    url: str | None = None
    datestamp: str | None = Field(default=None, description="UTC; a day, or seconds with Z: as precise as the source")


class DocumentFacts(Stored):
    """What a record says of its text, and a document after merging."""

    title: str
    description: str | None = Field(default=None, description="abstract, plain text")
    text: str = Field(default="", description="plain text to search in, not shown whole")
    kind: DocumentKind
    publisher: str | None = None
    creators: list[str] = Field(default_factory=list)
    licence: str | None = Field(default=None, description="name or address of the licence, as told")
    language: str | None = Field(default=None, description="ISO 639-1")
    url: str | None = Field(default=None, description="canonical: http or https, or a path of this site")
    identifiers: list[str] = Field(default_factory=list, description="normalised: oai:…, eli:…, nor:…, isbn:…")
    formacode: list[str] = Field(default_factory=list)
    domain: list[str] = Field(default_factory=list, description="first three digits of each formacode")
    rome: list[str] = Field(default_factory=list)
    rncp: list[str] = Field(default_factory=list)
    funder: list[str] = Field(default_factory=list)
    region: list[str] = Field(default_factory=list)
    department: list[str] = Field(default_factory=list)
    published: dt.date | None = Field(default=None, description="None if no day is told")
    year: int | None = Field(default=None, description="of publication, also where no day is told")
    modified: dt.datetime | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = Field(default=None, description="last day; None if not told")


class Document(DocumentFacts):
    """One text, whatever the number of sources that have it."""

    key: str
    provenances: list[Provenance] = Field(default_factory=list)
    also_at: list[str] = Field(default_factory=list, description="its other addresses")
    stamp: dt.datetime = Field(description="UTC, whole seconds: when this document last changed here")
    deleted: bool = Field(default=False, description="a tombstone: no search finds it")
    records: list[str] = Field(default_factory=list, description="keys of the records that it is made of")
    hash: str = Field(default="", description="of its records: an equal one is not written again")
