"""Centres of communes: where the table has none, that of neighbours or of the département."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mappings.reference import Commune


class Point(NamedTuple):
    """A position in degrees (WGS 84)."""

    lat: float
    lon: float


def centres_of(communes: Iterable[Commune]) -> Mapping[str, Point]:
    """Return the centre of each commune by its INSEE code: its own, else the mean of those that share a postal code
    with it, else of those of its département; communes of a département without any centre are left out.
    """
    communes = list(communes)
    near, around = defaultdict[str, list[Point]](list), defaultdict[str, list[Point]](list)
    own = {each.insee: Point(each.lat, each.lon) for each in communes if each.lat is not None and each.lon is not None}
    for commune in communes:
        if commune.insee in own:
            around[commune.department].append(own[commune.insee])
            for code in commune.postal_codes:
                near[code].append(own[commune.insee])
    missing = (commune for commune in communes if commune.insee not in own)
    beside = {
        commune.insee: [point for code in commune.postal_codes for point in near.get(code, ())]
        or around.get(commune.department, [])
        for commune in missing
    }
    return own | {insee: _mean(points) for insee, points in beside.items() if points}


def _mean(points: list[Point]) -> Point:
    return Point(
        round(sum(point.lat for point in points) / len(points), 5),
        round(sum(point.lon for point in points) / len(points), 5),
    )
