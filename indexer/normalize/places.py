"""Location of a place: commune, département, région and point, from all that a feed states."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from indexer.normalize.communes import CommuneFinder
from indexer.normalize.points import Finding, stated_point
from indexer.normalize.texts import bare_words
from indexer.normalize.towns import loose_town
from mappings.codes import department_labels, region_by_department, region_by_former_region, region_labels
from mappings.communes import city_of, zones_of
from mappings.reference import Commune, Reference

FRENCH: Final = frozenset(
    ["FR", "FRA", "FRANCE", "RE", "GP", "MQ", "GF", "YT", "PM", "BL", "MF", "WF", "PF", "NC", "TF"]
)
INSEE: Final = re.compile(r"[0-9][0-9AB][0-9]{3}")
POSTAL_CODE: Final = re.compile(r"[0-9]{5}")
MEMO: Final = 20_000  # places cached by a locator


class Stated(NamedTuple):
    """What a feed states about a place; each field may be None, and fillers are None."""

    insee: str | None = None
    postal_code: str | None = None
    town: str | None = None
    region: str | None = None
    country: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    department: str | None = None


class Located(NamedTuple):
    """The location of a place; ``by`` is the source of the point."""

    insee: str | None = None
    postal_code: str | None = None
    department: str | None = None
    region: str | None = None
    lat: float | None = None
    lon: float | None = None
    by: str | None = None
    findings: tuple[Finding, ...] = ()


def is_french(country: str | None) -> bool:
    """Tell whether an address is in France: the country is France, or missing."""
    return country is None or country.upper() in FRENCH


def department_of(code: str | None) -> str | None:
    """Return the département of the first digits of an INSEE or postal code; None if there is none.

    >>> department_of("81004"), department_of("97411"), department_of("2A004"), department_of("20600")
    ('81', '974', '2A', '2B')
    >>> department_of("99100")
    """
    if not code or len(code) != 5:
        return None
    start = code[:3] if code[:2] in ("97", "98") else code[:2]
    if start == "20":  # postal codes of Corsica; INSEE codes have 2A or 2B
        start = "2A" if code[2] in "01" else "2B"
    return start if start in region_by_department() else None


def region_of(code: str | None) -> str | None:
    """Return the current region for a present or former region code.

    >>> region_of("73"), region_of("84"), region_of("4"), region_of("xx")
    ('76', '84', '04', None)
    """
    if not code:
        return None
    padded = code.zfill(2)
    today = region_by_former_region().get(padded, padded)
    return today if today in region_labels() else None


class Locator:
    """Locates places by the reference tables; without tables, by the digits of the codes alone."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._finder = CommuneFinder(reference)
        self._memo: dict[Stated, Located] = {}

    def knows_code(self, postal_code: str) -> bool:
        """Tell whether a commune has a postal code, CEDEX codes included."""
        return postal_code in self._reference.by_postal_code or postal_code in self._reference.cedex

    def zones_of(self, places: Iterable[Mapping[str, Any]]) -> list[str]:
        """Return the employment zones of located places."""
        return zones_of(places, self._reference.employment_zones)

    def locate(self, stated: Stated) -> Located:
        """Return the location of the place; cached, because places recur."""
        found = self._memo.get(stated)
        if found is None:
            if len(self._memo) >= MEMO:
                self._memo.clear()
            found = self._memo[stated] = self._locate(stated)
        return found

    def _locate(self, stated: Stated) -> Located:
        findings: list[Finding] = []
        french = is_french(stated.country)
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
        if french and self._reference.communes and commune is None and by is None:
            value = " ".join(part for part in (stated.insee, stated.postal_code, stated.town) if part)
            if value:
                findings.append(Finding("place-not-found", value))
        insee = commune.insee if commune else None if self._reference.communes else _insee(stated.insee)
        return Located(insee, postal_code, department, region, lat, lon, by, tuple(findings))

    def _commune(self, stated: Stated, postal_code: str | None, findings: list[Finding]) -> Commune | None:
        """Return the commune of the INSEE code, or of postal code and name if that code is missing or invalid."""
        reference = self._reference
        if not reference.communes:
            return None
        code = stated.insee.upper().zfill(5) if stated.insee else None
        if code is None:
            return self._by_name(stated, postal_code, findings)
        commune = reference.communes.get(reference.live_insee(code))
        if code in reference.by_postal_code and not (commune and _same_town(commune, stated.town)):
            meant = self._finder.named(code, stated.town) if stated.town else None
            if meant and meant != commune:
                findings.append(Finding("postal-code-as-insee", code))
                return meant
        if commune is None:
            findings.append(Finding("unknown-insee", stated.insee or ""))
            return self._by_name(stated, postal_code, findings, code_alone=False) if stated.town else None
        return commune

    def _by_name(
        self, stated: Stated, postal_code: str | None, findings: list[Finding], code_alone: bool = True
    ) -> Commune | None:
        """Return the single commune that name, postal code and département identify."""
        department = department_of(postal_code) or told_department(stated.department)
        found = self._finder.find(postal_code, stated.town, department, code_alone)
        of_code = self._reference.by_postal_code.get(postal_code or "")
        if found and of_code and found.insee not in of_code and city_of(found.insee) not in of_code:
            findings.append(Finding("postal-code-elsewhere", f"{postal_code} {stated.town}"))
        return found

    def _area(
        self, stated: Stated, commune: Commune | None, postal_code: str | None, findings: list[Finding]
    ) -> tuple[str | None, str | None]:
        """Return département and region: of the commune, else by INSEE code, postal code or the element region."""
        told = region_of(stated.region)
        if commune:
            department, region = commune.department, commune.region
        else:
            candidates = {c.department for c in self._finder.of_postal_code(postal_code)}
            of_postal_code = candidates.pop() if len(candidates) == 1 else department_of(postal_code)
            found = department_of(_insee(stated.insee)) or of_postal_code
            if found is None:
                return None, told
            department, region = found, region_by_department()[found]
        if told and told != region:
            findings.append(Finding("region-contradiction", stated.region or ""))
        return department, region


@lru_cache(maxsize=1_000)
def told_department(text: str | None) -> str | None:
    """Return the code of a département stated by code or name.

    >>> told_department("094"), told_department("1"), told_department("2a"), told_department("Val de Marne")
    ('94', '01', '2A', '94')
    >>> told_department("Atlantide"), told_department(None)
    (None, None)
    """
    if not text:
        return None
    code = text.upper().lstrip("0").zfill(2)
    if code in region_by_department():
        return code
    return next((code for code, label in department_labels().items() if bare_words(label) == bare_words(text)), None)


def _insee(text: str | None) -> str | None:
    """Return a text with the form of an INSEE code; feeds lose a leading zero."""
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
    return town is not None and loose_town(commune.name) == loose_town(town)


def _point(
    stated: Stated, commune: Commune | None, french: bool, findings: list[Finding]
) -> tuple[float | None, float | None, str | None]:
    """Return latitude, longitude and their source: the feed if plausible, else the commune's centre."""
    centre = (commune.lat, commune.lon) if commune and commune.lat is not None and commune.lon is not None else None
    point = stated_point(stated.latitude, stated.longitude, centre, french, findings)
    if point:
        return round(point[0], 6), round(point[1], 6), "feed"
    if centre:
        return centre[0], centre[1], "commune"
    return None, None, None
