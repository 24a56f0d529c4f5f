"""Coordinates of feeds: out of range, swapped, cut to degrees, far from their commune."""

from typing import Final, NamedTuple

from indexer.normalize.numbers import parse_degrees
from mappings.distance import distance_km

FAR: Final = 50.0  # km from the commune's centre: no commune of metropolitan France is as wide
# Boxes (south, north, west, east) around all of France: metropolis, Antilles and Guyane, islands off Canada, Réunion
# and Mayotte, Pacific. Used only to detect that coordinates are plausible after swapping and not before.
FRANCE: Final = (
    (41.0, 51.6, -5.6, 9.9),
    (2.0, 18.5, -64.0, -51.0),
    (46.5, 47.5, -57.0, -56.0),
    (-22.0, -12.0, 44.5, 56.5),
    (-28.5, -7.5, -179.0, -134.0),
    (-23.0, -13.0, 158.0, 180.0),
)


class Finding(NamedTuple):
    """A detected fault: its kind and the value that shows it."""

    kind: str
    value: str


def in_france(lat: float, lon: float) -> bool:
    """Tell whether a point lies in or near some part of France.

    >>> in_france(43.9, 2.1), in_france(2.1, 43.9), in_france(-21.1, 55.5)
    (True, False, True)
    """
    return any(south <= lat <= north and west <= lon <= east for south, north, west, east in FRANCE)


def stated_point(
    latitude: str | None,
    longitude: str | None,
    centre: tuple[float, float] | None,
    french: bool,
    findings: list[Finding],
) -> tuple[float, float] | None:
    """Return the point that a feed states, corrected if possible; None if there is no plausible one."""
    if latitude is None and longitude is None:
        return None
    value = " ".join(filter(None, (latitude, longitude)))
    lat, lon = parse_degrees(latitude or ""), parse_degrees(longitude or "")
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
    """Tell whether the pair is plausible only after swapping: in France, or near the commune's centre."""
    if in_france(lat, lon) or not in_france(lon, lat):
        return False
    return centre is None or distance_km(lon, lat, *centre) <= FAR
