"""Towns by where they are: names for groups on a map, and names to find one's way by."""

import math
from collections.abc import Iterable
from typing import Final, NamedTuple

BESIDE: Final = 0.02  # degrees, 2 km: a training centre at the edge of a town is still said to be there
MOST_NAMES: Final = 24  # of towns in one view; more would hide the offers


class Town(NamedTuple):
    """A town with a known centre."""

    name: str
    lat: float
    lon: float
    population: int


class Box(NamedTuple):
    """An area between two meridians and two parallels, in degrees; its edges belong to it."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lat: float, lon: float) -> bool:
        """Tell whether a point is inside."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


class Atlas:
    """Towns in squares of one degree, the most populous first."""

    def __init__(self, towns: Iterable[Town]) -> None:
        self._towns = sorted(towns, key=lambda town: (-town.population, town.name))
        self._squares: dict[tuple[int, int], list[Town]] = {}
        for town in self._towns:
            self._squares.setdefault((math.floor(town.lat), math.floor(town.lon)), []).append(town)

    def name_of(self, area: Box) -> str | None:
        """Return the most populous town in an area or just beside it, else the nearest; None if none is near."""
        wide = Box(area.west - BESIDE, area.south - BESIDE, area.east + BESIDE, area.north + BESIDE)
        inside = [town for square in self._around(wide, 0) if (town := _first_in(square, wide))]
        if inside:
            return max(inside, key=lambda town: town.population).name
        lat, lon = (area.south + area.north) / 2, (area.west + area.east) / 2
        near = [town for square in self._around(Box(lon, lat, lon, lat), 1) for town in square]
        narrow = math.cos(math.radians(lat))
        return min(near, key=lambda t: math.hypot(t.lat - lat, (t.lon - lon) * narrow)).name if near else None

    def largest_in(self, area: Box, step: float) -> list[Town]:
        """Return the largest towns of an area, none of them nearer than ``step`` degrees to a larger one."""
        found: list[Town] = []
        for town in self._towns:
            if len(found) == MOST_NAMES:
                break
            if area.holds(town.lat, town.lon) and all(_apart(town, other, step) for other in found):
                found.append(town)
        return found

    def _around(self, area: Box, more: int) -> Iterable[list[Town]]:
        """Yield the squares that an area touches, and so many around them."""
        south, north = math.floor(area.south) - more, math.floor(area.north) + more
        west, east = math.floor(area.west) - more, math.floor(area.east) + more
        if (north - south + 1) * (east - west + 1) > len(self._squares):  # a view of half the world
            for (lat, lon), square in self._squares.items():
                if south <= lat <= north and west <= lon <= east:
                    yield square
            return
        for lat in range(south, north + 1):
            for lon in range(west, east + 1):
                yield self._squares.get((lat, lon), [])


def _first_in(towns: Iterable[Town], area: Box) -> Town | None:
    return next((town for town in towns if area.holds(town.lat, town.lon)), None)


def _apart(one: Town, other: Town, step: float) -> bool:
    return abs(one.lat - other.lat) > step / 2 or abs(one.lon - other.lon) > step
