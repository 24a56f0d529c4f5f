"""Towns, postal codes, départements and régions, resolved from a communes file by code of the tests' own."""

import csv
import gzip
import io
import json
import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

LARGE = 10_000  # inhabitants of a town that comes before an area of its name
EARTH_RADIUS_KM = 6371.0087714  # the mean radius that geo_distance uses


class Town(NamedTuple):
    """One row of the communes file; the centre may be unknown."""

    insee: str
    name: str
    postal_codes: tuple[str, ...]
    population: int
    department: str
    region: str
    lat: float | None
    lon: float | None


class Circle(NamedTuple):
    """A point around which a radius is measured; of a town, whose own offers match at any radius."""

    lat: float
    lon: float
    commune: str | None = None


class Area(NamedTuple):
    """A département or a région: exactly one of the two codes is set."""

    department: str | None = None
    region: str | None = None


@dataclass
class Gazetteer:
    """All that a place can be named by."""

    towns: dict[str, Town] = field(default_factory=dict)
    town_by_name: dict[str, Town] = field(default_factory=dict)
    town_by_postal_code: dict[str, Town] = field(default_factory=dict)
    department_by_name: dict[str, str] = field(default_factory=dict)
    region_by_name: dict[str, str] = field(default_factory=dict)
    region_by_department: dict[str, str] = field(default_factory=dict)
    former: dict[str, str] = field(default_factory=dict)


def fold(name: str) -> str:
    """Return a name as people compare it.

    >>> fold("SAINT-ÉTIENNE") == fold("st etienne")
    True
    >>> fold("L'Haÿ-les-Roses")
    'l hay les roses'
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in bare.replace("œ", "oe").replace("æ", "ae")).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


def load_gazetteer(communes: Path, former_communes: Path | None = None) -> Gazetteer:
    """Read the communes file (columns as in the gazetteer: code, nom, codes_postaux, …), plain or gzipped."""
    found = Gazetteer()
    for row in _rows(communes):
        town = _town(row)
        found.towns[town.insee] = town
        _keep_larger(found.town_by_name, fold(town.name), town)
        for code in town.postal_codes:
            _keep_larger(found.town_by_postal_code, code, town)
        found.department_by_name[fold(row["departement_nom"])] = town.department
        found.region_by_name[fold(row["region_nom"])] = town.region
        found.region_by_department[town.department] = town.region
    for row in _rows(former_communes) if former_communes else ():
        if row["code"] not in found.towns:
            found.former[row["code"]] = row["code_commune_actuelle"]
    return found


def resolve(gazetteer: Gazetteer, text: str) -> Circle | Area | None:
    """Return what ``place=text`` means, None if nothing is called so or its centre is unknown."""
    code = text.strip().upper()
    if len(code) == 5 and code.isdigit():
        return _centre(gazetteer.town_by_postal_code.get(code))
    if len(code) in (2, 3) and code in gazetteer.region_by_department:
        return Area(department=code)
    name = fold(text)
    town = gazetteer.town_by_name.get(name)
    if town and town.population >= LARGE:
        return _centre(town)
    if name in gazetteer.department_by_name:
        return Area(department=gazetteer.department_by_name[name])
    return Area(region=gazetteer.region_by_name[name]) if name in gazetteer.region_by_name else _centre(town)


def communes_of(insee: str | None) -> frozenset[str]:
    """Return the commune of a code, and its city if it is an arrondissement.

    >>> sorted(communes_of("69383")), sorted(communes_of("81004")), sorted(communes_of(None))
    (['69123', '69383'], ['81004'], [])
    """
    cities = {"751": "75056", "693": "69123", "132": "13055"}
    wards = [*range(75101, 75121), *range(69381, 69390), *range(13201, 13217)]
    found = {insee} if insee else set()
    return frozenset(found | {cities[code[:3]] for code in found if code.isdigit() and int(code) in wards})


def load_zones(path: Path) -> dict[str, str]:
    """Return the employment zone of each commune of a file of INSEE's, plain or gzipped."""
    raw = path.read_bytes()
    rows = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    return {row["code_commune"]: row["code_zone_emploi"] for row in rows}


def zone_of(insee: str | None, zones: Mapping[str, str]) -> str | None:
    """Return the zone of a commune; an arrondissement is in that of its city."""
    return next(
        (zones[code] for code in sorted(communes_of(insee), key=lambda code: code != insee) if code in zones), None
    )


def distance_km(a_lat: float, a_lon: float, b_lat: float, b_lon: float) -> float:
    """Return the great-circle distance of two points (haversine).

    >>> round(distance_km(48.8566, 2.3522, 45.7640, 4.8357))
    391
    """
    lat1, lat2 = math.radians(a_lat), math.radians(b_lat)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(b_lon - a_lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def _rows(path: Path) -> Iterable[dict[str, str]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    return csv.DictReader(io.StringIO(text))


def _town(row: dict[str, str]) -> Town:
    lat, lon = (float(row[name]) if row[name] else None for name in ("lat", "lon"))
    population = int(row["population"] or 0)
    postal_codes = tuple(row["codes_postaux"].split())
    return Town(row["code"], row["nom"], postal_codes, population, row["departement"], row["region"], lat, lon)


def _keep_larger(index: dict[str, Town], key: str, town: Town) -> None:
    if key not in index or town.population > index[key].population:
        index[key] = town


def _centre(town: Town | None) -> Circle | None:
    if town is None or town.lat is None or town.lon is None:
        return None
    return Circle(town.lat, town.lon, town.insee)
