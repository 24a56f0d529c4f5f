"""What the register and Sirene say of a body, as it is kept beside its document: plain values, dates in ISO form."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from mappings.census.provider import Certified, LegalState, NameKind

Named = tuple[NameKind, str]
DATES: Final = ("listed_at", "left_at", "lost_at", "unit_at", "sites_at")  # fields of Facts, each of an edition


class SiteFacts(Struct, omit_defaults=True):
    """One establishment of the list or of Sirene; texts as the file has them, None where it tells nothing."""

    siret: str
    name: str | None = None
    address: str | None = None
    postal_code: str | None = None
    town: str | None = None
    insee: str | None = None
    region: str | None = None
    lat: str | None = None
    lon: str | None = None
    closed: bool | None = None
    head: bool = False
    diffusible: bool | None = None


class ListFacts(Struct, omit_defaults=True):
    """One row of the list, or all rows of a body together."""

    legal_name: str | None = None
    names: list[Named] = field(default_factory=list)
    ndas: list[str] = field(default_factory=list)
    former_ndas: list[str] = field(default_factory=list)
    qualiopi: list[Certified] | None = None
    state: LegalState | None = None
    natural: bool | None = None
    trainees: int | None = None
    trainees_for_others: int | None = None
    trainers: int | None = None
    year_end: str | None = None
    declared_at: str | None = None
    specialities: list[str] = field(default_factory=list)
    sites: list[SiteFacts] = field(default_factory=list)


class UnitFacts(Struct, omit_defaults=True):
    """One legal unit of Sirene."""

    legal_name: str | None = None
    names: list[Named] = field(default_factory=list)
    state: LegalState | None = None
    natural: bool | None = None
    diffusible: bool | None = None


class Facts(Struct, omit_defaults=True):
    """All facts of a body; ``register`` are those of the last edition that listed it."""

    register: ListFacts | None = None
    listed: bool = False
    listed_at: str | None = None
    left_at: str | None = None
    lost_at: str | None = None
    unit: UnitFacts | None = None
    unit_at: str | None = None
    sites: list[SiteFacts] = field(default_factory=list)
    sites_at: str | None = None

    @property
    def dates(self) -> Iterator[str]:
        """The dates of editions that it tells."""
        return (day for name in DATES if (day := getattr(self, name)))

    def redated(self, was: str, day: str) -> "Facts":
        """Return the facts with another date for an edition."""
        told = {name: day for name in DATES if getattr(self, name) == was}
        return replace(self, **told)


NO_FACTS: Final = Facts()


def to_facts(stored: Any) -> Facts:
    """Return the facts in a stored document; what a later version added is left out."""
    return msgspec.convert(stored, Facts)
