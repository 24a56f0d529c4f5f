"""Towns by position: names for groups on a map, and towns shown for orientation."""

import heapq
import math
from collections.abc import Iterable
from itertools import islice
from typing import Final, NamedTuple

BESIDE: Final = 0.02  # degrees, 2 km: a training centre at the edge of a town is still named after it
FAR: Final = 0.15  # degrees, 17 km: farther away a place is not named after the town
MOST_NAMES: Final = 24  # towns named in one view; more would hide the offers
# Towns of a view that are considered. Iterating over all 35,000 communes of France, for names between those of its
# cities, took 35 ms of every answer; and a village is no landmark where so many places are larger.
MOST_LOOKED_AT: Final = 500


NORTHERNMOST: Final = 85.0511  # degrees: the limit of the square Mercator map


def square_of(lat: float, lon: float, across: int) -> tuple[int, int]:
    """Return column and row of the square that contains a point, the world being ``across`` squares wide (Mercator).

    >>> square_of(48.85, 2.35, 4), square_of(-90, 180, 4)
    ((2, 1), (3, 3))
    """
    phi = math.radians(max(-NORTHERNMOST, min(NORTHERNMOST, lat)))
    x = (lon + 180) / 360 * across
    y = (1 - math.log(math.tan(phi) + 1 / math.cos(phi)) / math.pi) / 2 * across
    return min(across - 1, max(0, int(x))), min(across - 1, max(0, int(y)))


class Town(NamedTuple):
    """A town with a known centre."""

    name: str
    lat: float
    lon: float
    population: int


class Box(NamedTuple):
    """An area between two meridians and two parallels, in degrees, edges included."""

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
        self._towns = sorted(towns, key=_importance)
        self._squares: dict[tuple[int, int], list[Town]] = {}
        for town in self._towns:
            self._squares.setdefault((math.floor(town.lat), math.floor(town.lon)), []).append(town)
        self._land: dict[int, dict[int, list[tuple[int, int]]]] = {}

    def name_of(self, area: Box) -> str | None:
        """Return the most populous town in or just beside an area, else the nearest; None if all are far."""
        wide = Box(area.west - BESIDE, area.south - BESIDE, area.east + BESIDE, area.north + BESIDE)
        inside = [town for square in self._around(wide, 0) if (town := _first_in(square, wide))]
        if inside:
            return max(inside, key=lambda town: town.population).name
        lat, lon = (area.south + area.north) / 2, (area.west + area.east) / 2
        near = [town for square in self._around(Box(lon, lat, lon, lat), 1) for town in square]
        narrow = math.cos(math.radians(lat))

        def away(town: Town) -> float:
            return math.hypot(town.lat - lat, (town.lon - lon) * narrow)

        nearest = min(near, key=away, default=None)
        return nearest.name if nearest and away(nearest) <= FAR else None

    def largest_in(self, area: Box, step: float) -> list[Town]:
        """Return the largest towns of an area, each at least ``step`` degrees from larger ones."""
        squares = heapq.merge(*self._around(area, 0), key=_importance)
        found: list[Town] = []
        for town in islice((town for town in squares if area.holds(town.lat, town.lon)), MOST_LOOKED_AT):
            if len(found) == MOST_NAMES:
                break
            if all(_apart(town, other, step) for other in found):
                found.append(town)
        return found

    def land_in(self, area: Box, across: int) -> list[tuple[int, int, int]]:
        """Return the squares of an area that contain a town, as row, first and last column of each run.

        The world is ``across`` squares wide. Drawn as dots, the squares show the shape of the country.
        """
        if across not in self._land:
            self._land[across] = _runs({square_of(town.lat, town.lon, across) for town in self._towns})
        left, top = square_of(area.north, area.west, across)
        right, bottom = square_of(area.south, area.east, across)
        return [
            (row, max(first, left), min(last, right))
            for row, runs in self._land[across].items()
            if top <= row <= bottom
            for first, last in runs
            if first <= right and last >= left
        ]

    def _around(self, area: Box, more: int) -> Iterable[list[Town]]:
        """Yield the squares that an area touches, and a margin of squares around them."""
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


def _runs(squares: Iterable[tuple[int, int]]) -> dict[int, list[tuple[int, int]]]:
    """Return first and last columns of adjacent squares, by row.

    >>> _runs({(1, 7), (2, 7), (4, 7), (0, 5)})
    {5: [(0, 0)], 7: [(1, 2), (4, 4)]}
    """
    rows: dict[int, list[tuple[int, int]]] = {}
    for column, row in sorted(squares, key=lambda square: (square[1], square[0])):
        runs = rows.setdefault(row, [])
        if runs and runs[-1][1] == column - 1:
            runs[-1] = (runs[-1][0], column)
        else:
            runs.append((column, column))
    return rows


def _importance(town: Town) -> tuple[int, str]:
    return -town.population, town.name


def _first_in(towns: Iterable[Town], area: Box) -> Town | None:
    return next((town for town in towns if area.holds(town.lat, town.lon)), None)


def _apart(one: Town, other: Town, step: float) -> bool:
    return abs(one.lat - other.lat) > step / 2 or abs(one.lon - other.lon) > step
