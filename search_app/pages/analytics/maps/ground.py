"""The ground of a map of France: metropolitan France, and boxes for what is far away or too small to be seen."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from search_app.pages.analytics.maps.topology import Point, Ring
from search_app.search.places.atlas import Box

WIDTH: Final = 800  # units of the drawing
HEIGHT: Final = 930
STEP: Final = 2  # units: points are rounded to it, 1.5 px where the drawing is largest; halves its bytes
SMALLEST: Final = 6  # square units: islands and lakes below are not drawn


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the ground: the degrees that it shows, and its place in the drawing; ``label`` is under a box."""

    label: str
    area: Box
    x: int
    y: int
    width: int
    height: int

    @property
    def scale(self) -> float:
        """Return the units of a degree of latitude, so that the whole area is inside."""
        return min(self.height / (self.area.north - self.area.south), self.width / self._across)

    @property
    def _across(self) -> float:
        """Return the width of the area in degrees of latitude."""
        return (self.area.east - self.area.west) * math.cos(math.radians(self._middle))

    @property
    def _middle(self) -> float:
        return (self.area.north + self.area.south) / 2

    def place(self, lon: float, lat: float) -> Point:
        """Return where a point stands in the drawing; the area is centred in its place."""
        narrow = math.cos(math.radians(self._middle))
        left = self.x + (self.width - self._across * self.scale) / 2
        top = self.y + (self.height - (self.area.north - self.area.south) * self.scale) / 2
        return left + (lon - self.area.west) * narrow * self.scale, top + (self.area.north - lat) * self.scale


METROPOLE: Final = Part("", Box(-5.2, 41.3, 9.65, 51.15), 0, 0, WIDTH, 780)
PARIS: Final = Part("Paris", Box(2.13, 48.68, 2.62, 49.02), 12, 800, 118, 96)
OVERSEAS: Final = (
    Part("Guadeloupe", Box(-61.85, 15.8, -61.0, 16.55), 144, 800, 118, 96),
    Part("Martinique", Box(-61.25, 14.35, -60.8, 14.9), 276, 800, 118, 96),
    Part("Guyane", Box(-54.65, 2.1, -51.6, 5.8), 408, 800, 118, 96),
    Part("La Réunion", Box(55.2, -21.42, 55.85, -20.85), 540, 800, 118, 96),
    Part("Mayotte", Box(45.0, -13.03, 45.32, -12.62), 672, 800, 118, 96),
)
PARTS: Final = (METROPOLE, *OVERSEAS)


def part_of(lon: float, lat: float) -> Part | None:
    """Return the part of the ground that shows a point, None for a place that the map has no room for."""
    return next((part for part in PARTS if part.area.holds(lat, lon)), None)


def draw(rings: Iterable[Ring], part: Part | None = None) -> str:
    """Return rings as the data of an SVG path, in steps; empty if nothing of them is on the ground."""
    return "".join(filter(None, (_draw_ring(ring, part) for ring in rings)))


def _draw_ring(ring: Ring, part: Part | None) -> str:
    on = part or part_of(*ring[0])
    if on is None:
        return ""
    points = [(_stepped(x), _stepped(y)) for x, y in (on.place(*point) for point in ring)]
    if _area(points) < SMALLEST:
        return ""
    (x, y), *rest = points
    steps = [f"M{x} {y}l"]
    for to_x, to_y in rest:
        if (to_x, to_y) != (x, y):
            steps.append(f"{to_x - x} {to_y - y} ")
            x, y = to_x, to_y
    return "".join(steps).rstrip().replace(" -", "-") + "z"


def _stepped(units: float) -> int:
    return round(units / STEP) * STEP


def centre(ring: Ring) -> Point:
    """Return the centre of gravity of a ring, in degrees.

    >>> centre(((0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0)))
    (1.0, 0.5)
    """
    whole = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(ring, (*ring[1:], ring[0]), strict=True):
        cross = x0 * y1 - x1 * y0
        whole, x, y = whole + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return (x / whole / 3, y / whole / 3) if whole else ring[0]


def size(ring: Ring) -> float:
    """Return the area of a ring, in square degrees: which of several is the mainland."""
    return _area(ring)


def _area(points: Iterable[tuple[float, float]]) -> float:
    ring = list(points)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, (*ring[1:], ring[0]), strict=True))) / 2
