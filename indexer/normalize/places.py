"""Where a place is: commune, département, région and point, from whatever a feed states of it."""

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from indexer.normalize.numbers import parse_degrees
from indexer.normalize.texts import fold
from mappings.codes import region_by_department, region_by_former_region, region_labels
from mappings.reference import Commune, Reference

FRENCH: Final = frozenset(
    ["FR", "FRA", "FRANCE", "RE", "GP", "MQ", "GF", "YT", "PM", "BL", "MF", "WF", "PF", "NC", "TF"]
)
INSEE: Final = re.compile(r"[0-9][0-9AB][0-9]{3}")
POSTAL_CODE: Final = re.compile(r"[0-9]{5}")
FAR: Final = 50.0  # km from its commune's centre: no commune of metropolitan France is as wide
EARTH: Final = 6371.0  # km
# Boxes (south, north, west, east) around all of France: metropolis, Antilles and Guyane, islands off Canada, Réunion
# and Mayotte, Pacific. They only serve to see that a point makes sense after swapping and none before.
FRANCE: Final = (
    (41.0, 51.6, -5.6, 9.9),
    (2.0, 18.5, -64.0, -51.0),
    (46.5, 47.5, -57.0, -56.0),
    (-22.0, -12.0, 44.5, 56.5),
    (-28.5, -7.5, -179.0, -134.0),
    (-23.0, -13.0, 158.0, 180.0),
)
CEDEX: Final = re.compile(r"\bcedex\b.*$")
MEMO: Final = 20_000  # places remembered by a locator


class Stated(NamedTuple):
    """What a feed says of a place; every field may be none, fillers are none already."""

    insee: str | None = None
    postal_code: str | None = None
    town: str | None = None
    region: str | None = None
    country: str | None = None
    latitude: str | None = None
    longitude: str | None = None


class Finding(NamedTuple):
    """A fault that was found on the way: its kind and the value that shows it."""

    kind: str
    value: str


class Located(NamedTuple):
    """What a place comes to; ``by`` says where the point comes from."""

    insee: str | None = None
    postal_code: str | None = None
    department: str | None = None
    region: str | None = None
    lat: float | None = None
    lon: float | None = None
    by: str | None = None
    findings: tuple[Finding, ...] = ()


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance.

    >>> round(distance_km(43.9289, 2.1464, 43.6045, 1.444))
    67
    """
    a = math.sin(math.radians(other_lat - lat) / 2) ** 2
    b = (
        math.cos(math.radians(lat))
        * math.cos(math.radians(other_lat))
        * math.sin(math.radians(other_lon - lon) / 2) ** 2
    )
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(a + b)))


def department_of(code: str | None) -> str | None:
    """Return the département that the first digits of an INSEE or postal code name; none if they name none.

    >>> department_of("81004"), department_of("97411"), department_of("2A004"), department_of("20600")
    ('81', '974', '2A', '2B')
    >>> department_of("99100")
    """
    if not code or len(code) != 5:
        return None
    start = code[:3] if code[:2] in ("97", "98") else code[:2]
    if start == "20":  # postal codes of Corsica; INSEE codes say 2A or 2B
        start = "2A" if code[2] in "01" else "2B"
    return start if start in region_by_department() else None


def region_of(code: str | None) -> str | None:
    """Return today's region for a region's code of any age.

    >>> region_of("73"), region_of("84"), region_of("4"), region_of("xx")
    ('76', '84', '04', None)
    """
    if not code:
        return None
    padded = code.zfill(2)
    today = region_by_former_region().get(padded, padded)
    return today if today in region_labels() else None


@lru_cache(maxsize=20_000)
def fold_town(name: str) -> str:
    """Return a town's name for comparison: no CEDEX, no arrondissement, saint for st.

    >>> fold_town("ST DENIS CEDEX 2"), fold_town("Paris 19e Arrondissement"), fold_town("LYON 03")
    ('saint denis', 'paris', 'lyon')
    """
    folded = CEDEX.sub("", fold(name))
    words = ["saint" if w == "st" else "sainte" if w == "ste" else w for w in folded.split()]
    kept = [w for w in words if w not in ("arrondissement", "arr") and not re.fullmatch(r"[0-9]+(e|eme|er)?", w)]
    return " ".join(kept or words)


def in_france(lat: float, lon: float) -> bool:
    """Tell whether a point lies in or near some part of France.

    >>> in_france(43.9, 2.1), in_france(2.1, 43.9), in_france(-21.1, 55.5)
    (True, False, True)
    """
    return any(south <= lat <= north and west <= lon <= east for south, north, west, east in FRANCE)


class Locator:
    """Locates places by the reference tables; without tables, by the digits of the codes alone."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._memo: dict[Stated, Located] = {}

    def locate(self, stated: Stated) -> Located:
        """Return what the place comes to; places come up again and again, and are remembered."""
        found = self._memo.get(stated)
        if found is None:
            if len(self._memo) >= MEMO:
                self._memo.clear()
            found = self._memo[stated] = self._locate(stated)
        return found

    def _locate(self, stated: Stated) -> Located:
        findings: list[Finding] = []
        french = stated.country is None or stated.country.upper() in FRENCH
        postal_code = _postal_code(stated.postal_code, french, findings)
        commune = self._commune(stated, postal_code, findings) if french else None
        department = region = None
        if french:
            department, region = self._area(stated, commune, postal_code, findings)
        if french and postal_code is None and (stated.insee or stated.town or stated.latitude):
            if not findings or findings[0].kind != "bad-postal-code":
                findings.append(Finding("no-postal-code", stated.postal_code or ""))
            if commune and len(commune.postal_codes) == 1:
                postal_code = commune.postal_codes[0]
        lat, lon, by = _point(stated, commune, french, findings)
        insee = commune.insee if commune else None if self._reference.communes else _insee(stated.insee)
        return Located(insee, postal_code, department, region, lat, lon, by, tuple(findings))

    def _commune(self, stated: Stated, postal_code: str | None, findings: list[Finding]) -> Commune | None:
        """Return the commune of the INSEE code, or of postal code and name where that code says nothing or is none."""
        reference = self._reference
        if not reference.communes:
            return None
        code = stated.insee.upper().zfill(5) if stated.insee else None
        if code is None:
            return self._by_postal_code(postal_code, stated.town)
        commune = reference.communes.get(reference.live_insee(code))
        if code in reference.by_postal_code and not (commune and _same_town(commune, stated.town)):
            meant = self._by_postal_code(code, stated.town) if stated.town else None
            if meant and meant != commune:
                findings.append(Finding("postal-code-as-insee", code))
                return meant
        if commune is None:
            findings.append(Finding("unknown-insee", stated.insee or ""))
            return self._by_postal_code(postal_code, stated.town) if stated.town else None
        return commune

    def _by_postal_code(self, postal_code: str | None, town: str | None) -> Commune | None:
        """Return the one commune that postal code and name can mean; an arrondissement rather than its whole city."""
        found = list(self._of_postal_code(postal_code))
        if town:
            found = [commune for commune in found if _same_town(commune, town)]
        if len(found) > 1:
            narrower = [c for c in found if "arrondissement" in c.name.lower()]
            exact = [c for c in found if town and fold(c.name) == fold(town)]
            found = narrower if len(narrower) == 1 else exact if len(exact) == 1 else []
        return found[0] if len(found) == 1 else None

    def _of_postal_code(self, postal_code: str | None) -> Iterator[Commune]:
        reference = self._reference
        codes = reference.by_postal_code.get(postal_code or "") or reference.cedex.get(postal_code or "") or ()
        for code in codes:
            commune = reference.communes.get(reference.live_insee(code))
            if commune:
                yield commune

    def _area(
        self, stated: Stated, commune: Commune | None, postal_code: str | None, findings: list[Finding]
    ) -> tuple[str | None, str | None]:
        """Return département and region: of the commune, else by INSEE code, postal code or the element region."""
        told = region_of(stated.region)
        if commune:
            department, region = commune.department, commune.region
        else:
            candidates = {c.department for c in self._of_postal_code(postal_code)}
            of_postal_code = candidates.pop() if len(candidates) == 1 else department_of(postal_code)
            found = department_of(_insee(stated.insee)) or of_postal_code
            if found is None:
                return None, told
            department, region = found, region_by_department()[found]
        if told and told != region:
            findings.append(Finding("region-contradiction", stated.region or ""))
        return department, region


def _insee(text: str | None) -> str | None:
    """Return what has the form of an INSEE code; feeds lose the zero at its beginning."""
    code = text.upper().zfill(5) if text else None
    return code if code and INSEE.fullmatch(code) else None


def _postal_code(text: str | None, french: bool, findings: list[Finding]) -> str | None:
    if text is None or not french:
        return text
    code = re.sub(r"[\s.-]", "", text)
    if len(code) == 4 and code.isdigit():
        code = f"0{code}"
    if code == "00000":
        return None
    if POSTAL_CODE.fullmatch(code):
        return code
    findings.append(Finding("bad-postal-code", text))
    return None


def _same_town(commune: Commune, town: str | None) -> bool:
    return town is not None and fold_town(commune.name) == fold_town(town)


def _point(
    stated: Stated, commune: Commune | None, french: bool, findings: list[Finding]
) -> tuple[float | None, float | None, str | None]:
    """Return latitude, longitude and where they come from: the feed if it can be so, else the commune's centre."""
    centre = (commune.lat, commune.lon) if commune and commune.lat is not None and commune.lon is not None else None
    point = _stated_point(stated, centre, french, findings)
    if point:
        return round(point[0], 6), round(point[1], 6), "feed"
    if centre:
        return centre[0], centre[1], "commune"
    return None, None, None


def _stated_point(
    stated: Stated, centre: tuple[float, float] | None, french: bool, findings: list[Finding]
) -> tuple[float, float] | None:
    if stated.latitude is None and stated.longitude is None:
        return None
    value = " ".join(filter(None, (stated.latitude, stated.longitude)))
    lat, lon = parse_degrees(stated.latitude or ""), parse_degrees(stated.longitude or "")
    if lat is None or lon is None or (lat == 0 and lon == 0):
        findings.append(Finding("bad-coordinates", value))
        return None
    if french and _is_swapped(lat, lon, centre):
        findings.append(Finding("swapped-coordinates", value))
        return lon, lat
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        findings.append(Finding("bad-coordinates", value))
        return None
    if centre and lat.is_integer() and lon.is_integer():
        findings.append(Finding("whole-degree-coordinates", value))
        return None
    if centre and distance_km(lat, lon, *centre) > FAR:
        findings.append(Finding("far-from-commune", value))
    return lat, lon


def _is_swapped(lat: float, lon: float, centre: tuple[float, float] | None) -> bool:
    """Tell whether the pair makes sense only after swapping: in France, or near the commune's centre."""
    if in_france(lat, lon) or not in_france(lon, lat):
        return False
    return centre is None or distance_km(lon, lat, *centre) <= FAR
