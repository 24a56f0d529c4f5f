"""The grid of white areas finds what distances from every point find."""

import random
import time

import pytest

from mappings.distance import distance_km
from mappings.reference import Commune
from search_app.analytics.white_areas import STEP, Grid, find_white
from search_app.base.errors import EngineTimeout


def packed(lat: float, lon: float) -> int:
    return round((lat + 90) * STEP) << 32 | round((lon + 180) * STEP)


def commune(number: int, lat: float, lon: float, population: int = 100) -> Commune:
    return Commune(f"{number:05}", f"Commune {number}", (), population, "81", "76", lat, lon)


@pytest.mark.parametrize("radius", [2.0, 30.0, 150.0, 700.0])
def test_grid_agrees_with_all_distances(radius: float) -> None:
    rng = random.Random(round(radius))
    points = [(rng.uniform(-22, 51), rng.uniform(-62, 56)) for _ in range(150)]
    points += [(rng.uniform(43, 44), rng.uniform(1, 3)) for _ in range(150)]
    grid = Grid([packed(*point) for point in points], radius)
    found = 0
    for _ in range(400):
        lat, lon = rng.choice(points)
        lat, lon = lat + rng.uniform(-1, 1) * radius / 80, lon + rng.uniform(-1, 1) * radius / 80
        nearest = min(distance_km(lat, lon, *point) for point in points)
        if abs(nearest - radius) > 0.01:
            assert grid.has_near(lat, lon) == (nearest < radius), (lat, lon, nearest)
            found += nearest < radius
    assert 0 < found < 400


def test_white_communes_come_with_most_inhabitants_first() -> None:
    communes = [commune(1, 43.9, 2.1), commune(2, 48.0, -4.0, 50), commune(3, 47.0, 6.0, 900)]
    white = find_white(communes, [packed(43.95, 2.15)], 30.0, time.monotonic() + 60)
    assert [each.insee for each in white] == ["00003", "00002"]


def test_search_for_white_communes_ends_with_the_time_of_the_request() -> None:
    with pytest.raises(EngineTimeout):
        find_white([commune(1, 43.9, 2.1)], [], 30.0, time.monotonic() - 1)
