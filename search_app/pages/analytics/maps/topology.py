"""Reads a TopoJSON file: arcs in degrees, and rings that follow them.

Neighbours share their arcs, so the outline of a region is the arcs that exactly one of its départements has.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

Point = tuple[float, float]  # longitude, latitude
Ring = tuple[Point, ...]
Arcs = Mapping[int, Ring]  # by number; ~number is the same arc backwards


def read_arcs(topology: Mapping[str, Any]) -> Arcs:
    """Return all arcs of a topology, in both directions; their points are stored as quantised differences."""
    (across, down), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: dict[int, Ring] = {}
    for number, steps in enumerate(topology["arcs"]):
        columns, rows = accumulate(step[0] for step in steps), accumulate(step[1] for step in steps)
        arcs[number] = tuple((west + x * across, south + y * down) for x, y in zip(columns, rows, strict=True))
        arcs[~number] = arcs[number][::-1]
    return arcs


def arcs_of(geometry: Mapping[str, Any]) -> list[int]:
    """Return the numbers of all arcs of a polygon or of several, whatever ring they belong to."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [number for polygon in polygons for ring in polygon for number in ring]


def outline_of(numbers: Iterable[int], arcs: Arcs) -> list[Ring]:
    """Return the rings around areas with these arcs; arcs between two of the areas are left out."""
    listed = list(numbers)
    uses = Counter(_undirected(number) for number in listed)
    return list(_rings([number for number in listed if uses[_undirected(number)] == 1], arcs))


def _undirected(number: int) -> int:
    return number if number >= 0 else ~number


def _rings(numbers: Sequence[int], arcs: Arcs) -> Iterator[Ring]:
    """Yield the rings that the arcs make, each arc continued by one that starts where it ends."""
    starting: dict[Point, list[int]] = {}
    for number in numbers:
        starting.setdefault(arcs[number][0], []).append(number)
    for first in numbers:
        ring: list[Point] = []
        follow: int | None = first if first in starting.get(arcs[first][0], ()) else None
        while follow is not None:
            starting[arcs[follow][0]].remove(follow)
            ring += arcs[follow][1:]
            onward = starting.get(ring[-1])
            follow = onward[0] if onward else None
        if ring:
            yield tuple(ring)
