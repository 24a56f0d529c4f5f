"""Outlines of régions and départements as SVG paths, from the one file that the map of offers draws (decision 0026)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from mappings.codes import department_labels, region_by_department
from search_app.pages.analytics.maps.ground import PARIS, centre, draw, part_of, size
from search_app.pages.analytics.maps.topology import Ring, arcs_of, outline_of, read_arcs
from search_app.pages.shared.assets import VENDORED

Level = Literal["region", "department"]
LEVELS: Final[tuple[Level, ...]] = ("region", "department")
# Names of the file that are not those of the official table: slips of the file, and another name for Guyane.
_OTHER_NAMES: Final = {
    "Haute-Rhin": "Haut-Rhin",
    "Meurhe-et-Moselle": "Meurthe-et-Moselle",
    "Seien-et-Marne": "Seine-et-Marne",
    "Guyane française": "Guyane",
}
AROUND_PARIS: Final = ("75", "92", "93", "94")  # too small beside the others: drawn again in a box of their own


@dataclass(frozen=True, slots=True)
class Shape:
    """One area: its code, its paths in the drawing, and where its figure stands; ``near`` is its path in the box."""

    code: str
    path: str
    near: str
    x: int
    y: int


@cache
def outlines(level: Level) -> tuple[Shape, ...]:
    """Return the shapes of all régions or départements that the file has, by code; read once per process."""
    topology = json.loads((VENDORED / "france.json").read_bytes())
    arcs = read_arcs(topology)
    departments = {_code_of(geometry): arcs_of(geometry) for geometry in topology["objects"]["fra"]["geometries"]}
    areas = departments if level == "department" else _regions(departments)
    return tuple(_shape(code, outline_of(numbers, arcs)) for code, numbers in sorted(areas.items()))


@cache
def borders() -> str:
    """Return the outlines of all départements as one path: the ground below points."""
    return "".join(shape.path for shape in outlines("department"))


def _code_of(geometry: Mapping[str, Any]) -> str:
    name = geometry["properties"]["name"]
    return _codes()[_OTHER_NAMES.get(name, name)]


@cache
def _codes() -> Mapping[str, str]:
    return {label: code for code, label in department_labels().items()}


def _regions(departments: Mapping[str, Iterable[int]]) -> dict[str, list[int]]:
    regions: dict[str, list[int]] = {}
    for code, numbers in departments.items():
        regions.setdefault(region_by_department()[code], []).extend(numbers)
    return regions


def _shape(code: str, rings: list[Ring]) -> Shape:
    mainland = max(rings, key=size)
    lon, lat = centre(mainland)
    part = part_of(lon, lat)
    x, y = part.place(lon, lat) if part else (0.0, 0.0)
    near = draw(rings, PARIS) if code in AROUND_PARIS else ""
    return Shape(code, draw(rings), near, round(x), round(y))
