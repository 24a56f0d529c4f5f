"""The area of a search: a circle, or a territory with an INSEE code."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within ``radius`` km of a point (WGS 84, degrees), and all of the commune whose centre it is."""

    lat: float
    lon: float
    radius: float
    commune: str | None = None


@dataclass(frozen=True, slots=True)
class Territory:
    """A département, a region or a commune, by its INSEE code; ``field`` is the document field with such codes."""

    field: str
    code: str
