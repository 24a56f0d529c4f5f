"""Distances between points, as the engine computes them."""

import math
from typing import Final

EARTH_RADIUS_KM: Final = 6371.0087714  # mean radius, that of the engine's geo_distance


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance between two points in km (haversine).

    >>> round(distance_km(43.9278, 2.1481, 43.6045, 1.444), 1)  # Albi to Toulouse
    67.0
    """
    phi, other_phi = math.radians(lat), math.radians(other_lat)
    half_lat, half_lon = (other_phi - phi) / 2, math.radians(other_lon - lon) / 2
    root = math.sin(half_lat) ** 2 + math.cos(phi) * math.cos(other_phi) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(root)))
