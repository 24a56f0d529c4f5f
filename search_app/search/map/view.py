"""The answer of the map, built from the engine's counts; plain classes like those of a search answer."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mappings.distance import distance_km
from search_app.search.map.frame import Frame
from search_app.search.map.query import COUNT, EAST, FEW, NORTH, SOUTH, SUM_LAT, SUM_LON, WEST
from search_app.search.passed import passed
from search_app.search.places.areas import Circle
from search_app.search.places.atlas import Atlas, Box
from search_app.search.present.cards import nearest_place, to_card
from search_app.search.present.seat_lines import build_best_line
from search_app.search.query.request import SearchRequest
from search_app.search.reference_data import Snapshot
from search_app.search.results import OfferCard, PlaceView, SessionView
from search_app.search.stored import to_stored
from search_app.text import casing, wording
from search_app.text.wording import curved

MOST_NAMED: Final = 150  # offers listed one by one in an answer: those of the smallest cells
SMALLEST_CIRCLE: Final = 0.5  # km: rooms of one building have different coordinates
LAND_FINER: Final = 8  # squares per cell width: 8 px each, fine enough to show the shape of the country
LAND_UP_TO: Final = 7  # zoom: beyond it, towns are farther apart than squares are wide
NAMES_APART: Final = 1.6  # cells, 100 px: room for the name of a town

Answer = Mapping[str, Any]
Figures = list[float]


@dataclass
class MapBounds:
    """An area in degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass
class MapOffer:
    """One offer at its place on the map."""

    id: str
    key: str
    url: str
    title: str
    provider: str | None = field(metadata={"description": "its name as stated; null if it has none"})
    place: str | None
    shown: str = field(metadata={"description": "provider and place as pages write them: names in capitals are cased"})
    distance_km: float | None = field(metadata={"description": "from the place searched from"})
    seats: str | None = field(metadata={"description": "left in that session: a French text; null without a session"})
    next_session: str | None = field(
        metadata={"description": "of the matching ones, the first: a French text that says if it is over"}
    )


@dataclass
class MapCell:
    """Offers near each other; ``lat``/``lon`` is the middle of their places, not of the cell."""

    id: str = field(metadata={"description": "column/row of the grid at this zoom"})
    lat: float
    lon: float
    count: int
    name: str | None = field(
        metadata={"description": "the town of all its offers, else the largest town there or the nearest within 17 km"}
    )
    bounds: MapBounds = field(metadata={"description": "the smallest area that holds their places"})
    around: Circle = field(metadata={"description": "lat, lon and radius (km) of a search that holds all of them"})
    offers: list[MapOffer] = field(metadata={"description": f"all of them, where they are {FEW} or fewer; else empty"})


@dataclass
class MapTown:
    """A large town in view, for orientation."""

    name: str
    lat: float
    lon: float


@dataclass
class MapView:
    """The offers of a search in a view; ``total`` = ``placed`` + ``remote`` + ``unplaced``, all exact."""

    total: int
    placed: int = field(metadata={"description": "offers with a place on the map, in view or not"})
    remote: int = field(metadata={"description": "remote offers: on no map"})
    unplaced: int = field(metadata={"description": "other offers whose place is not known"})
    in_view: int = field(metadata={"description": "offers in view: the sum of the cells, each offer counted once"})
    zoom: int
    bounds: MapBounds
    extent: MapBounds | None = field(metadata={"description": "where all placed offers are"})
    cells: list[MapCell] = field(metadata={"description": "the fullest first"})
    towns: list[MapTown]
    land: list[tuple[int, int, int]] = field(
        metadata={"description": "squares of 8 px with a town, up to zoom 7: row, first and last column of each run"}
    )


def keys_to_name(answer: Answer) -> list[str]:
    """Return the keys of the offers that are listed one by one: those of the smallest cells, up to the limit."""
    named = sorted(_value(answer).get("keys", {}).values(), key=len)
    keys: list[str] = []
    for cell in named:
        if len(keys) + len(cell) > MOST_NAMED:
            break
        keys += cell
    return keys


def to_map_view(
    answer: Answer, stored: Iterable[Answer], request: SearchRequest, frame: Frame, snapshot: Snapshot
) -> MapView:
    """Return the view; ``stored`` are the offers that are listed one by one."""
    total = answer["hits"]["total"]["value"]
    aggregations = answer["aggregations"]
    placed, remote = aggregations["placed"]["doc_count"], aggregations["remote"]["doc_count"]
    offers = {offer["key"]: offer for offer in stored}
    value = _value(answer)
    atlas = snapshot.places.atlas
    cells = [
        _to_cell(name, figures, value["keys"].get(name, ()), offers, request, snapshot)
        for name, figures in value.get("cells", {}).items()
    ]
    cells.sort(key=lambda cell: (-cell.count, cell.id))
    return MapView(
        total=total,
        placed=placed,
        remote=remote,
        unplaced=total - placed - remote,
        in_view=sum(cell.count for cell in cells),
        zoom=frame.zoom,
        bounds=MapBounds(*frame.box),
        extent=_extent(aggregations["placed"]),
        cells=cells,
        towns=_towns(atlas, frame),
        land=atlas.land_in(frame.box, frame.cells_across * LAND_FINER) if frame.zoom <= LAND_UP_TO else [],
    )


def _value(answer: Answer) -> Answer:
    """Return the result of the cells' script; without offers in view, empty maps."""
    value: Answer = answer["aggregations"]["view"].get("cells", {}).get("value") or {}
    return value


def _to_cell(
    name: str, figures: Figures, keys: Iterable[str], offers: Answer, request: SearchRequest, snapshot: Snapshot
) -> MapCell:
    count = int(figures[COUNT])
    box = Box(*(round(figures[edge], 6) for edge in (WEST, SOUTH, EAST, NORTH)))
    around = _around(box)
    named = [_to_offer(offers[key], around, request, snapshot) for key in keys if key in offers]
    towns = {town for _, town in named}
    own = towns.pop() if len(towns) == 1 else None
    town = own or snapshot.places.atlas.name_of(box)
    return MapCell(
        id=name,
        lat=round(figures[SUM_LAT] / count, 6),
        lon=round(figures[SUM_LON] / count, 6),
        count=count,
        name=town and curved(town),
        bounds=MapBounds(*box),
        around=around,
        offers=sorted((offer for offer, _ in named), key=lambda offer: (offer.title, offer.key)),
    )


def _around(box: Box) -> Circle:
    """Return a circle around a box, slightly wider, because a search computes distances differently."""
    lat, lon = (box.south + box.north) / 2, (box.west + box.east) / 2
    farthest = max(distance_km(lat, lon, corner, box.west) for corner in (box.south, box.north))
    radius = max(SMALLEST_CIRCLE, math.ceil(farthest * 10 + 0.1) / 10)
    return Circle(round(lat, 5), round(lon, 5), min(1000.0, radius))


def _to_offer(
    stored: Answer, around: Circle, request: SearchRequest, snapshot: Snapshot
) -> tuple[MapOffer, str | None]:
    """Return an offer and the town of its place in the cell."""
    offer = to_stored(stored)
    card = to_card(offer, request, snapshot)
    place, _ = nearest_place(offer.places, offer.mode, around)
    town = casing.town(place.town) if place and place.town else None
    who = wording.provider_line(card.provider.name, card.trainer)
    shown = " · ".join(part for part in (who, _place_line(place, town)) if part)
    session = next((session for session in card.sessions if session.matches), None)
    on_map = MapOffer(
        card.id, card.key, card.url, card.title, card.provider.name, _place_line(place, place.town if place else None),
        shown, card.distance_km, build_best_line(session.seats, request.params.funder).short if session else None,
        _first_session(session, card, request) if session else None,
    )  # fmt: skip
    return on_map, town


def _place_line(place: PlaceView | None, town: str | None) -> str | None:
    """Return postal code and town, None without both."""
    return " ".join(part for part in (place and place.postal_code, town) if part) or None


def _first_session(session: SessionView, card: OfferCard, request: SearchRequest) -> str:
    """Return the dates of the first matching session, and whether it is past."""
    over = passed(session, card.entry, request.today.isoformat())
    return f"{session.when} ({over.lower()})" if over else session.when


def _extent(placed: Answer) -> MapBounds | None:
    bounds = placed.get("extent", {}).get("bounds")
    if not bounds:
        return None
    corner, opposite = bounds["top_left"], bounds["bottom_right"]
    return MapBounds(corner["lon"], opposite["lat"], opposite["lon"], corner["lat"])


def _towns(atlas: Atlas, frame: Frame) -> list[MapTown]:
    found = atlas.largest_in(frame.box, frame.degrees_per_cell * NAMES_APART)
    return [MapTown(curved(town.name), town.lat, town.lon) for town in found]
