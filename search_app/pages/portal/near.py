"""What is near a missing page beyond the likeness of its address: départements, communes, in the order of distance."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from mappings.distance import distance_km
from mappings.reference import Commune, Reference
from search_app.pages.portal.frame import PortalLink
from search_app.pages.subjects.overview import Overview
from search_app.pages.subjects.subjects import FEWEST, Subject, to_department, to_job_in
from search_app.search.places.centres import Point

DIVIDED: Final = {"20": ("2A", "2B")}  # Corsica, one département until 1976
_FAR: Final = 1e6  # km: where no centre is known
Counted = tuple[Subject, int]
Centres = Mapping[str, Point]


def department_centres(reference: Reference) -> Centres:
    """Return the mean of the centres of each département's communes."""
    points: dict[str, list[Point]] = defaultdict(list)
    for commune in reference.communes.values():
        if point := _centre(commune):
            points[commune.department].append(point)
    return {code: Point(sum(each.lat for each in inside) / len(inside), sum(each.lon for each in inside) / len(inside))
            for code, inside in points.items()}  # fmt: skip


def departments_near(job: Subject, code: str, counts: Mapping[str, int], centres: Centres) -> list[PortalLink]:
    """Return the pages of a job in the départements with enough offers: the parts of a divided one, then the nearest
    first; of an unknown one those with the most offers.
    """
    enough = [(inside, count) for key, count in counts.items() if count >= FEWEST and (inside := to_job_in(job, key))]
    parts, centre = DIVIDED.get(code, ()), centres.get(code) or _first_known(DIVIDED.get(code, ()), centres)

    def order(row: Counted) -> tuple[bool, float, int]:
        return row[0].code not in parts, _distance(centre, centres.get(row[0].code)), -row[1]

    return _links(sorted(enough, key=order))


def parts_of_department(code: str, overview: Overview) -> list[PortalLink]:
    """Return the pages of the départements into which one was divided."""
    counts = overview.codes("department")
    return _links((found, counts[part]) for part in DIVIDED.get(code, ())
                  if part in counts and (found := to_department(part)))  # fmt: skip


def communes_near(code: str, counted: Iterable[Counted], reference: Reference) -> list[PortalLink]:
    """Return the pages of communes, the nearest to one first; those with the most offers if its centre is unknown."""
    known = reference.communes

    def order(row: Counted) -> tuple[float, int]:
        return _distance(_centre(known.get(code)), _centre(known.get(row[0].code))), -row[1]

    return _links(sorted(counted, key=order))


def department_of(commune: str, reference: Reference) -> str:
    """Return the département of an INSEE code, known or not.

    >>> department_of("81999", Reference()), department_of("97499", Reference()), department_of("2A999", Reference())
    ('81', '974', '2A')
    """
    known = reference.communes.get(commune)
    return known.department if known else commune[: 3 if commune.startswith("97") else 2]


def _links(counted: Iterable[Counted]) -> list[PortalLink]:
    return [PortalLink(subject.label, subject.path, count) for subject, count in counted]


def _centre(commune: Commune | None) -> Point | None:
    if commune is None or commune.lat is None or commune.lon is None:
        return None
    return Point(commune.lat, commune.lon)


def _first_known(codes: Iterable[str], centres: Centres) -> Point | None:
    return next((centres[code] for code in codes if code in centres), None)


def _distance(one: Point | None, other: Point | None) -> float:
    return distance_km(*one, *other) if one and other else _FAR
