"""A map of metropolitan France drawn on the server: outlines of the départements, and points on them.

The outlines are those of ``static/vendor/france.json`` (TopoJSON; docs/decisions/0026-outlines.md), rounded to the
units of the drawing, in an equirectangular projection at 46.5° north.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final

from search_app.pages.shared.assets import VENDORED

WIDTH: Final = 500
WEST, EAST, SOUTH, NORTH = -5.3, 9.7, 41.2, 51.3  # degrees of the frame
_SCALE: Final = WIDTH / (EAST - WEST)  # units a degree of longitude
_STRETCH: Final = 1 / math.cos(math.radians(46.5))
HEIGHT: Final = round((NORTH - SOUTH) * _SCALE * _STRETCH)
SHORTEST: Final = 3  # units between two corners of an outline: nearer ones are left out

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the map, with the text of its title."""

    x: int
    y: int
    title: str


@dataclass(frozen=True, slots=True)
class OutlineMap:
    """The map: outlines as an SVG path, marks, and how many sites are not on it (overseas, or without a position)."""

    path: str
    width: int
    height: int
    marks: tuple[Mark, ...]
    label: str
    left_out: int


def project(lon: float, lat: float) -> Point:
    """Return the point of a position.

    >>> project(WEST, NORTH), project(EAST, SOUTH) == (WIDTH, HEIGHT)
    ((0, 0), True)
    """
    return round((lon - WEST) * _SCALE), round((NORTH - lat) * _SCALE * _STRETCH)


def is_inside(lon: float, lat: float) -> bool:
    """Tell whether a position is within the frame."""
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH


@cache
def outlines() -> str:
    """Return the borders of all départements as one SVG path, read once."""
    topology = json.loads((VENDORED / "france.json").read_text(encoding="utf-8"))
    arcs = [_decode(arc, topology["transform"]) for arc in topology["arcs"]]
    lines = (_line(arc) for arc in arcs if all(is_inside(lon, lat) for lon, lat in arc))
    return "".join(filter(None, lines))


def _decode(arc: Sequence[Sequence[int]], transform: dict[str, Any]) -> list[tuple[float, float]]:
    """Return the positions of an arc, whose points are steps in units of the file."""
    (scale_x, scale_y), (left, bottom) = transform["scale"], transform["translate"]
    x = y = 0
    positions = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        positions.append((x * scale_x + left, y * scale_y + bottom))
    return positions


def _line(arc: Iterable[tuple[float, float]]) -> str:
    """Return one border as relative steps, without corners too near to be seen; "" if nothing is left."""
    points = [project(*position) for position in arc]
    kept = [points[0]]
    for point in points[1:-1]:
        if math.dist(point, kept[-1]) >= SHORTEST:
            kept.append(point)
    kept.append(points[-1])
    if len(kept) < 3 and kept[0] == kept[-1]:
        return ""
    steps = (f"{x - left},{y - top}" for (left, top), (x, y) in pairwise(kept))
    return f"M{kept[0][0]},{kept[0][1]}l{' '.join(steps)}"


def draw(sites: Iterable[tuple[float | None, float | None, str]], label: str) -> OutlineMap | None:
    """Return the map of sites (longitude, latitude, title), those at one point once; None if none is on it."""
    titles: dict[Point, list[str]] = {}
    left_out = 0
    for lon, lat, title in sites:
        if lon is None or lat is None or not is_inside(lon, lat):
            left_out += 1
        else:
            titles.setdefault(project(lon, lat), []).append(title)
    if not titles:
        return None
    marks = tuple(Mark(x, y, " ; ".join(dict.fromkeys(told))) for (x, y), told in titles.items())
    return OutlineMap(outlines(), WIDTH, HEIGHT, marks, label, left_out)
