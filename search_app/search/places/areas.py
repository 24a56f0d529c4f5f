"""Where a search looks: a circle, or a territory of the INSEE."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within ``radius`` km of a point (WGS 84, degrees)."""

    lat: float
    lon: float
    radius: float


@dataclass(frozen=True, slots=True)
class Territory:
    """A département or a region, by its INSEE code; ``field`` is the property that holds such codes."""

    field: str
    code: str
