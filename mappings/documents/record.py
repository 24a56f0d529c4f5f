"""Model of a stored record: what one source says under one identifier; a test compares it with the mapping."""

from pydantic import Field

from mappings.documents.document import DocumentFacts
from mappings.offer import Stored


class DocumentRecord(Stored):
    """One record of a source; ``_id`` = key. Records are the truth, documents are made of them.

    ``scope`` separates what is harvested apart: set and prefix of OAI-PMH. ``evidence`` is what records of the same
    text have in common, each with its scheme (indexer.harvest.record.evidence).
    """

    key: str
    source: str
    scope: str = ""
    identifier: str
    datestamp: str | None = Field(default=None, description="when it changed there, as told")
    evidence: list[str] = Field(default_factory=list)
    hash: str = Field(description="of what it says, without its datestamp")
    facts: DocumentFacts
    harvested_at: str


class HarvestState(Stored):
    """The state of a source, or of one set and prefix of it; ``_id`` is made of source and scope.

    Every time is one of a complete harvest; ``next_from`` is where the next one begins, None if it reads everything.
    """

    source: str
    scope: str = ""
    kind: str
    url: str
    set: str | None = None
    prefix: str | None = None
    next_from: str | None = None
    complete_at: str
    full_at: str | None = None
    records: int = 0
    rules: str = Field(default="", description="version of the rules; another one reads everything again")
    report: dict[str, object] = Field(default_factory=dict)
