"""Overlaps: the same certification in the same zone d'emploi and quarter, at two providers or more."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Overlap:
    """One certification, zone and quarter; ``providers`` are (SIREN, name), ``search`` finds its offers."""

    rncp: str
    rncp_label: str
    employment_zone: str
    zone_label: str
    quarter: str
    quarter_label: str
    providers: Sequence[tuple[str, str]]
    offers: int
    search: str


@dataclass(frozen=True, slots=True)
class Overlaps:
    """A page of overlaps, the most providers first, and their number."""

    overlaps: Sequence[Overlap]
    total: int
    page: int
    size: int
