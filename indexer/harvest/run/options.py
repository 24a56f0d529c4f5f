"""What a harvest is asked to do."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, get_args

from indexer.harvest.fetch.exchange import Bounds
from indexer.harvest.run.gates import GateLimits, GateName
from mappings.documents.document import DocumentKind

SourceKind = Literal["oai", "feed", "sitemap", "dila"]
SOURCE_KINDS: Final[tuple[SourceKind, ...]] = get_args(SourceKind)
# What a text is if its source does not say.
USUAL: Final[dict[SourceKind, DocumentKind]] = {"oai": "guide", "feed": "news", "sitemap": "sheet", "dila": "sheet"}
MINUTES: Final = 360.0  # after which a harvest makes no further request
OWN_SOURCE: Final = "boussole-financements"  # the funding sheets, which `python -m indexer funding` writes


@dataclass(frozen=True, slots=True)
class HarvestOptions:
    """One source; ``full`` reads everything though less would do, ``about`` keeps what has one of these subjects."""

    source: str
    kind: SourceKind
    url: str
    work_dir: Path
    results: Path
    set: str | None = None
    prefix: str = "oai_dc"
    full: bool = False
    about: tuple[str, ...] = ()
    document_kind: DocumentKind | None = None
    publisher: str | None = None
    licence: str | None = None
    regions: tuple[str, ...] = ()
    force: frozenset[GateName] = frozenset()
    limits: GateLimits = field(default_factory=GateLimits)
    bounds: Bounds = field(default_factory=Bounds)
    minutes: float = MINUTES
    quiet: bool = False

    @property
    def scope(self) -> str:
        """What is harvested apart from the rest of the source: prefix and set of OAI-PMH."""
        return f"{self.prefix} {self.set or ''}".strip() if self.kind == "oai" else ""
