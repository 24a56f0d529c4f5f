"""White areas: communes around which no matching on-site offer is held."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WhiteArea:
    """A commune without a matching offer within the radius; ``remote`` are the matching remote offers beside."""

    insee: str
    label: str
    population: int
    remote: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class WhiteAreas:
    """White communes, the most inhabitants first, and their number."""

    areas: Sequence[WhiteArea]
    total: int
    radius: float
    population: int  # inhabitants of all of them
