"""White areas: communes around which no matching offer is held, by the distance of the search.

The engine tells the points at which matching offers are held; which communes have none within the radius is worked out
here, in a thread, with a grid: most communes have an offer in their own square.
"""

import asyncio
import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from mappings.communes import city_of
from mappings.distance import distance_km
from mappings.reference import Commune
from search_app.analytics.engine.asking import Asking
from search_app.base.deadline import seconds_left
from search_app.base.errors import BadParameters, EngineTimeout, Fault
from search_app.search.params.search_params import Remote
from search_app.search.places.areas import Territory
from search_app.search.query import SearchRequest, build_count_body
from search_app.search.resolved import ResolvedSearch
from search_app.search.service import Services
from search_app.text.wording import curved

POINTS: Final = "points"
STEP: Final = 1e7  # parts of a degree: a centimetre
KM_OF_A_DEGREE: Final = 111.0  # of latitude, at least
CHECKED_AT_ONCE: Final = 500  # communes between two looks at the clock
_MAP: Final = (
    "def places = doc['location']; for (int i = 0; i < places.size(); i++) { def place = places.get(i); "
    f"state.points.add((long) Math.round((place.lat + 90) * {STEP:.0f}L) << 32 "
    f"| (long) Math.round((place.lon + 180) * {STEP:.0f}L)); }}"
)
_REDUCE: Final = (
    "Set points = new HashSet(); for (def part : states) { if (part != null) { points.addAll(part); } } "
    "return new ArrayList(points)"
)
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class WhiteArea:
    """A commune without a matching offer within the radius; ``remote`` are the matching remote offers beside."""

    insee: str
    label: str
    population: int
    remote: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class WhiteAreas:
    """White communes, the most inhabitants first, and their number; ``communes`` are all that were looked at."""

    areas: Sequence[WhiteArea]
    total: int
    radius: float
    population: int  # inhabitants of the white ones
    communes: int = 0
    remote: int = 0
    found: ResolvedSearch | None = None


def read_white_search(services: Services, pairs: Iterable[tuple[str, str]], **options: Any) -> ResolvedSearch:
    """Return the search whose white areas are asked for; raises BadParameters, NothingLoaded.

    A radius is that around communes; a place may be a département or a région, whose communes are looked at.
    """
    search = services.read_search(pairs, **options)
    asked = search.asked
    faults = [_fault(name, str(getattr(asked, name))) for name in ("lat", "lon", "remote") if name in asked.given]
    if search.params.place and not isinstance(search.request.area, Territory):  # asked for, or in the words
        faults.append(_fault("place", asked.place) if asked.place else _fault("q", asked.q))
    if faults:
        raise BadParameters(faults)
    return search


def _fault(name: str, value: str) -> Fault:
    allowed = "region, department, ou un place qui est un département ou une région"
    why = "les zones blanches se cherchent autour de chaque commune d’un territoire"
    return Fault(name, value, allowed, f"{name} : {why} (reçu : « {value} » ; possible : {allowed}).")


async def white_areas(services: Services, search: ResolvedSearch) -> WhiteAreas:
    """Return the white areas of a search; raises EngineError, EngineTimeout if the time of the request is over."""
    territory, radius = search.request.area, search.params.radius
    asking = Asking(services)
    search, answer = await asking.ask_search(_everywhere(search, "exclude"), points_body)
    held = _everywhere(search, "only")
    remote = (await services.count([held]))[0]
    packed = answer["aggregations"][POINTS]["value"]
    ends = time.monotonic() + seconds_left(services.settings.engine_timeout)

    def find() -> WhiteAreas:
        communes = communes_of(search, territory if isinstance(territory, Territory) else None)
        areas = [_area(each, remote) for each in find_white(communes, packed, radius, ends)]
        people = sum(each.population for each in areas)
        return WhiteAreas(areas, len(areas), radius, people, len(communes), remote, search)

    return await asyncio.to_thread(find)


def _area(commune: Commune, remote: int) -> WhiteArea:
    label = f"{curved(commune.name)} ({commune.department})"
    return WhiteArea(commune.insee, label, commune.population, remote, commune.lat or 0.0, commune.lon or 0.0)


def _everywhere(search: ResolvedSearch, remote: Remote) -> ResolvedSearch:
    """Return the same search without its area."""
    params = replace(search.params, place=None, lat=None, lon=None, remote=remote)
    return replace(search, places=(), request=replace(search.request, params=params, area=None))


def points_body(request: SearchRequest) -> dict[str, Any]:
    """Return the body that tells the points at which the offers are held."""
    script = {
        "init_script": "state.points = new HashSet()",
        "map_script": _MAP,
        "combine_script": "return state.points",
        "reduce_script": _REDUCE,
    }
    return build_count_body(request) | {"aggs": {POINTS: {"scripted_metric": script}}}


def communes_of(search: ResolvedSearch, territory: Territory | None) -> list[Commune]:
    """Return the communes with a centre, without arrondissements, of the areas asked for; of all without any."""
    params = search.params
    wanted = {"region": {*params.chosen("region")}, "department": {*params.chosen("department")}}
    if territory is not None and territory.field in wanted:
        wanted[territory.field].add(territory.code)
    return [
        each
        for each in search.snapshot.reference.communes.values()
        if each.lat is not None
        and each.lon is not None
        and not city_of(each.insee)
        and (not wanted["region"] or each.region in wanted["region"])
        and (not wanted["department"] or each.department in wanted["department"])
    ]


def find_white(communes: Sequence[Commune], packed: Iterable[int], radius: float, ends: float) -> list[Commune]:
    """Return the communes without a point within the radius, the most inhabitants first; raises EngineTimeout."""
    grid = Grid(packed, radius)
    white = []
    for place, commune in enumerate(communes):
        if place % CHECKED_AT_ONCE == 0 and time.monotonic() > ends:
            raise EngineTimeout(
                "Le calcul des zones blanches n’a pas fini à temps. Réessayez, ou choisissez une région."
            )
        if not grid.has_near(commune.lat or 0.0, commune.lon or 0.0):
            white.append(commune)
    return sorted(white, key=lambda each: (-each.population, each.insee))


class Grid:
    """Points in squares of a radius' size."""

    def __init__(self, packed: Iterable[int], radius: float) -> None:
        self._radius = radius
        self._size = radius / KM_OF_A_DEGREE
        self._squares: dict[tuple[int, int], list[Point]] = {}
        for number in packed:
            lat, lon = (number >> 32) / STEP - 90, (number & 0xFFFFFFFF) / STEP - 180
            self._squares.setdefault((int(lat // self._size), int(lon // self._size)), []).append((lat, lon))

    def has_near(self, lat: float, lon: float) -> bool:
        """Tell whether a point lies within the radius."""
        row, column = int(lat // self._size), int(lon // self._size)
        reach = 1 + math.ceil(1 / max(0.05, math.cos(math.radians(min(89.0, abs(lat) + self._size)))))
        for square in self._around(row, column, reach):
            for other_lat, other_lon in self._squares.get(square, ()):
                if distance_km(lat, lon, other_lat, other_lon) <= self._radius:
                    return True
        return False

    @staticmethod
    def _around(row: int, column: int, reach: int) -> Iterable[tuple[int, int]]:
        """Yield the squares that may have a point within the radius, the nearest first."""
        yield row, column
        for d_row in (0, -1, 1):
            for d_column in range(-reach, reach + 1):
                if d_row or d_column:
                    yield row + d_row, column + d_column
