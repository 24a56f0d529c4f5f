"""Parameters of the map beside those of the search: the visible area and the zoom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from search_app.base.errors import Fault
from search_app.search.params import PARAMETERS, Parameter
from search_app.search.params.values import integer_reader, number_reader
from search_app.search.places.atlas import Box, square_of

PATH: Final = "/api/v1/map"
LARGEST_ZOOM: Final = 18
DEFAULT_ZOOM: Final = 2
# zoom levels: a cell is a quarter of a tile wide, 64 px, the room that a group with its number needs
CELLS_FINER: Final = 2
# cells of a view: 2,000 × 2,000 px; bounds the memory of the engine and the size of the answer
MOST_CELLS: Final = 1024
WORLD: Final = Box(-180.0, -90.0, 180.0, 90.0)
EDGES: Final = ("west", "south", "east", "north")


@dataclass(frozen=True, slots=True)
class Frame:
    """A view of the map: the area, and the web-map zoom (0 is the world in one tile of 256 px)."""

    box: Box = WORLD
    zoom: int = DEFAULT_ZOOM

    @property
    def cells_across(self) -> int:
        """Return the number of cells around the world."""
        return 1 << (self.zoom + CELLS_FINER)

    @property
    def cells(self) -> int:
        """Return the number of cells of the view, those at its edges included."""
        (left, top), (right, bottom) = (self.cell_of(self.box.north, self.box.west),
                                        self.cell_of(self.box.south, self.box.east))  # fmt: skip
        return (right - left + 1) * (bottom - top + 1)

    def cell_of(self, lat: float, lon: float) -> tuple[int, int]:
        """Return column and row of the cell that contains a point, from the north-west (Mercator, as tiles).

        >>> Frame(zoom=0).cell_of(48.85, 2.35), Frame(zoom=0).cell_of(-90, 180)
        ((2, 1), (3, 3))
        """
        return square_of(lat, lon, self.cells_across)

    @property
    def degrees_per_cell(self) -> float:
        """Return the width of a cell in degrees."""
        return 360 / self.cells_across


def _edge(name: str, most: int, description: str, example: str) -> Parameter:
    schema = {"type": "number", "minimum": -most, "maximum": most}
    allowed = f"un nombre de {-most} à {most}"
    return Parameter(name, number_reader(-most, most), allowed, description, schema, False, example)


_ZOOM: Final = Parameter(
    "zoom", integer_reader(0, LARGEST_ZOOM), f"un nombre entier de 0 à {LARGEST_ZOOM}",
    f"Échelle, comme celle des cartes du web ; {DEFAULT_ZOOM} par défaut. Une vue a {MOST_CELLS} mailles au plus.",
    {"type": "integer", "minimum": 0, "maximum": LARGEST_ZOOM}, False, "9",
)  # fmt: skip
VOCABULARY: Final[Mapping[str, Parameter]] = {
    row.name: row
    for row in (
        _edge("west", 180, "Longitude du bord ouest de la vue (les quatre bords, ou aucun : le monde).", "-1.2"),
        _edge("south", 90, "Latitude du bord sud de la vue.", "42.5"),
        _edge("east", 180, "Longitude du bord est de la vue.", "4.9"),
        _edge("north", 90, "Latitude du bord nord de la vue.", "45.1"),
        _ZOOM,
    )
}
# Search parameters without meaning for a map: accepted, because the pages send them, and ignored.
WITHOUT_USE: Final = frozenset(("sort", "group", "page", "size", "facet_size", "explain"))
WHOLE_VOCABULARY: Final[Mapping[str, Parameter]] = {**PARAMETERS, **VOCABULARY}


def read_frame(fields: Mapping[str, Any], faults: Sequence[Fault] = ()) -> tuple[Frame, list[Fault]]:
    """Parse the view; faults between its parameters are appended to ``faults``."""
    told = {fault.parameter for fault in faults}
    edges = [name for name in EDGES if name in fields or name in told]
    wrong = [
        _fault(name, "", "les quatre bords, ou aucun", "il manque ce bord")
        for name in EDGES
        if edges and name not in edges
    ]
    for near, far in (("west", "east"), ("south", "north")):
        if near in fields and far in fields and fields[far] <= fields[near]:
            allowed = f"plus que {near} ({fields[near]:g})"
            wrong.append(_fault(far, f"{fields[far]:g}", allowed, "les deux bords sont inversés"))
    if wrong or told & {*EDGES, "zoom"}:
        return Frame(), wrong
    box = Box(*(fields[name] for name in EDGES)) if edges else WORLD
    return _fine_enough(Frame(box, fields.get("zoom", DEFAULT_ZOOM)))


def _fine_enough(frame: Frame) -> tuple[Frame, list[Fault]]:
    if frame.cells <= MOST_CELLS:
        return frame, []
    finest = max((zoom for zoom in range(frame.zoom) if Frame(frame.box, zoom).cells <= MOST_CELLS), default=0)
    allowed = f"un nombre entier de 0 à {finest} pour cette étendue"
    return Frame(), [_fault("zoom", str(frame.zoom), allowed, f"la vue aurait plus de {MOST_CELLS} mailles")]


def _fault(name: str, value: str, allowed: str, why: str) -> Fault:
    given = f"reçu : « {value} » ; " if value else ""
    return Fault(name, value, allowed, f"{name} : {why} ({given}possible : {allowed}).")
