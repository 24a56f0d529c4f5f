"""A map of points over the outlines of France: communes far from any offer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from search_app.pages.analytics.maps.ground import HEIGHT, METROPOLE, OVERSEAS, WIDTH, Part, part_of
from search_app.pages.analytics.maps.outlines import borders

GRID: Final = 4  # units: communes closer to each other are one dot, or the page would weigh a megabyte
MARGIN: Final = 0.08  # of the longer side, around a territory
NARROWEST: Final = 0.7  # of the longer side
SMALLEST: Final = 30  # units: a territory is not drawn larger than its outline is exact
LARGE: Final = 10_000  # inhabitants: towns whose dots are larger


@dataclass(frozen=True, slots=True)
class Place:
    """One place: its coordinates and its inhabitants."""

    lat: float
    lon: float
    population: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the drawing that is shown, in its units."""

    x: int = 0
    y: int = 0
    width: int = WIDTH
    height: int = HEIGHT


WHOLE: Final = Frame()


@dataclass(frozen=True, slots=True)
class PointMap:
    """The map; dots are the data of two paths, small places and large ones. ``frame`` is what is shown of it."""

    title: str
    ground: str
    small: str
    large: str
    boxes: tuple[Part, ...] = OVERSEAS
    frame: Frame = WHOLE

    @property
    def near(self) -> bool:
        """Tell whether a part of the country fills the map."""
        return self.frame != WHOLE


def build_point_map(title: str, places: Iterable[Place], within: Sequence[tuple[float, float]] = ()) -> PointMap:
    """Return the map of these places; those that it has no room for are left out.

    ``within`` are (latitude, longitude) of the territory that is shown, none for the whole country.
    """
    frame = frame_of(within)
    grid = GRID * frame.width / WIDTH
    small: set[tuple[float, float]] = set()
    large: set[tuple[float, float]] = set()
    for place in places:
        part = part_of(place.lon, place.lat)
        if part is not None:
            x, y = part.place(place.lon, place.lat)
            dots = large if place.population >= LARGE else small
            dots.add((round(x / grid) * grid, round(y / grid) * grid))
    boxes = OVERSEAS if frame == WHOLE else ()
    return PointMap(title, borders(), _dots(small - large), _dots(large), boxes, frame)


def frame_of(points: Sequence[tuple[float, float]]) -> Frame:
    """Return the frame around points of one part of the ground; WHOLE for several parts, or none."""
    placed = [(part_of(lon, lat), lat, lon) for lat, lon in points]
    parts = {part for part, _, _ in placed if part is not None}
    if len(parts) != 1:
        return WHOLE
    (part,) = parts
    if part != METROPOLE:
        return Frame(part.x, part.y, part.width, part.height)
    on = [part.place(lon, lat) for each, lat, lon in placed if each is not None]
    left, top = min(x for x, _ in on), min(y for _, y in on)
    across, down = max(x for x, _ in on) - left, max(y for _, y in on) - top
    width, height = max(across, down * NARROWEST, SMALLEST), max(down, across * NARROWEST, SMALLEST)
    margin = max(width, height) * MARGIN
    x, y = left - (width - across) / 2 - margin, top - (height - down) / 2 - margin
    return Frame(round(x), round(y), round(width + 2 * margin), round(height + 2 * margin))


def _dots(points: Iterable[tuple[float, float]]) -> str:
    """Return points as lines without length, which round ends make dots."""
    return "".join(f"M{x:g} {y:g}h0" for x, y in sorted(points))
