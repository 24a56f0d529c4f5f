"""A map of points over the outlines of France: communes far from any offer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from search_app.pages.analytics.maps.ground import HEIGHT, OVERSEAS, WIDTH, Part, part_of
from search_app.pages.analytics.maps.outlines import borders

GRID: Final = 4  # units: communes closer to each other are one dot, or the page would weigh a megabyte
LARGE: Final = 10_000  # inhabitants: towns whose dots are larger


@dataclass(frozen=True, slots=True)
class Place:
    """One place: its coordinates and its inhabitants."""

    lat: float
    lon: float
    population: int


@dataclass(frozen=True, slots=True)
class PointMap:
    """The map; dots are the data of two paths, small places and large ones."""

    title: str
    ground: str
    small: str
    large: str
    boxes: tuple[Part, ...] = OVERSEAS
    width: int = WIDTH
    height: int = HEIGHT


def build_point_map(title: str, places: Iterable[Place]) -> PointMap:
    """Return the map of these places; those that it has no room for are left out."""
    small: set[tuple[int, int]] = set()
    large: set[tuple[int, int]] = set()
    for place in places:
        part = part_of(place.lon, place.lat)
        if part is not None:
            x, y = part.place(place.lon, place.lat)
            dots = large if place.population >= LARGE else small
            dots.add((round(x / GRID) * GRID, round(y / GRID) * GRID))
    return PointMap(title, borders(), _dots(small - large), _dots(large))


def _dots(points: Iterable[tuple[int, int]]) -> str:
    """Return points as lines without length, which round ends make dots."""
    return "".join(f"M{x} {y}h0" for x, y in sorted(points))
