"""What a portal page is about: its code, its name, its address, and the search whose total the page shows."""

import re
from dataclasses import dataclass
from typing import Final

from mappings.codes import department_labels, region_by_department, region_labels
from search_app.pages.subjects.everyday import domain_name
from search_app.search.links import Pairs, address
from search_app.search.places.found_place import FoundPlace
from search_app.search.reference_data import Snapshot
from search_app.text.slugs import with_slug
from search_app.text.wording import at, curved

JOBS, DOMAINS, TERRITORIES, TRAININGS = "/metiers", "/domaines", "/territoires", "/formations"
FEWEST: Final = 3  # offers to come of a page; a training's page exists with one
UPCOMING: Final = ("upcoming", "true")
TOWN_RADIUS: Final = "1"  # km: the commune's own offers match at any radius
_JOB: Final = re.compile(r"([A-Na-n]\d{4})(?:-.*)?", re.ASCII)  # as the search takes codes
_DOMAIN: Final = re.compile(r"(\d{3})(?:-.*)?", re.ASCII)
_DEPARTMENT: Final = re.compile(r"(?:departement-)?(2[AaBb]|\d{2,3})(?:-.*)?")
_TERRITORY: Final = re.compile(r"(region|departement|commune)-(2[AaBb]\d{3}|2[AaBb]|\d{2,5})(?:-.*)?")
_TRAINING: Final = re.compile(r"([A-Za-z2-7]{12})(?:-.*)?")


@dataclass(frozen=True, slots=True)
class Subject:
    """``path`` is the canonical address, ``pairs`` the search behind the page; ``within`` follows the number of offers
    in a sentence, empty where the label says it all.
    """

    kind: str
    code: str
    label: str
    path: str
    pairs: Pairs
    within: str

    @property
    def search(self) -> str:
        """Return the address of the search whose total is the page's number of offers."""
        return address(self.pairs)

    def page(self, number: int) -> str:
        """Return the address of one page of the list."""
        return self.path if number == 1 else f"{self.path}/page/{number}"


def to_job(code: str, snapshot: Snapshot) -> Subject:
    """Return the subject of a ROME code; feeds carry codes that no table has."""
    known = snapshot.labels["rome"].get(code, "")
    label = known or f"Code ROME {code}"
    path = f"{JOBS}/{with_slug(code, known)}"
    return Subject("job", code, label, path, (("rome", code), UPCOMING), f"vers le métier « {label} »")


def to_job_in(job: Subject, department: str) -> Subject | None:
    """Return the subject of a job in a département, None if there is no such département."""
    name = department_labels().get(department)
    if name is None:
        return None
    label = f"{job.label}, {curved(name)} ({department})"
    pairs = (("department", department), ("rome", job.code), UPCOMING)
    within = f"{job.within} dans le département {curved(name)} ({department})"
    return Subject("job_in", department, label, f"{job.path}/{with_slug(department, name)}", pairs, within)


def to_domain(code: str, snapshot: Snapshot) -> Subject:
    """Return the subject of a domain (three digits)."""
    known = domain_name(code, snapshot)
    name = known or f"Code {code}"
    path = f"{DOMAINS}/{with_slug(code, known)}"
    return Subject("domain", code, name, path, (("domain", code), UPCOMING), f"dans le domaine « {name} »")


def to_region(code: str) -> Subject | None:
    """Return the subject of a region, None if there is none."""
    name = region_labels().get(code)
    if name is None:
        return None
    name = curved(name)
    path = f"{TERRITORIES}/{with_slug(f'region-{code}', name)}"
    return Subject("region", code, name, path, (("region", code), UPCOMING), f"dans la région {name}")


def to_department(code: str) -> Subject | None:
    """Return the subject of a département, None if there is none."""
    name = department_labels().get(code)
    if name is None:
        return None
    name = curved(name)
    path = f"{TERRITORIES}/{with_slug(f'departement-{code}', name)}"
    pairs = (("department", code), UPCOMING)
    return Subject("department", code, f"{name} ({code})", path, pairs, f"dans le département {name} ({code})")


def to_commune(code: str, snapshot: Snapshot) -> Subject | None:
    """Return the subject of a commune, None if none has this code or the search does not find it by its label."""
    commune = snapshot.reference.communes.get(code)
    if commune is None:
        return None
    place = _find(commune.name, code, commune.department, snapshot)
    if place is None:
        return None
    name = curved(place.name)
    path = f"{TERRITORIES}/{with_slug(f'commune-{code}', place.name)}"
    pairs = (("place", place.label), ("radius", TOWN_RADIUS), ("remote", "exclude"), UPCOMING)
    return Subject("commune", code, f"{name} ({place.department})", path, pairs, at(name))


def _find(name: str, code: str, department: str, snapshot: Snapshot) -> FoundPlace | None:
    """Return the place whose label leads the search to this commune."""
    for place in snapshot.places.find(f"{name} ({department})"):
        if place.code == code and place.kind == "town" and not place.formerly:
            first = snapshot.places.find(place.label)[0]
            return place if first.code == code and first.is_town else None
    return None


def to_training(key: str, title: str) -> Subject:
    """Return the subject of a training, by its key and title."""
    return Subject("training", key, title, training_path(key, title), (("training", key), UPCOMING), "")


def training_path(key: str, title: str) -> str:
    """Return the address of a training's page."""
    return f"{TRAININGS}/{with_slug(key, title)}"


def to_territory(kind: str, code: str, snapshot: Snapshot) -> Subject | None:
    """Return the subject of a region, a département or a commune."""
    if kind == "region":
        return to_region(code)
    return to_department(code) if kind == "departement" else to_commune(code, snapshot)


def read_job(segment: str) -> str | None:
    """Return the ROME code at the beginning of a part of an address, None if there is none.

    >>> read_job("m1203-compta"), read_job("M1203"), read_job("compta"), read_job("Z9999-x"), read_job("M١203")
    ('M1203', 'M1203', None, None, None)
    """
    found = _JOB.fullmatch(segment)
    return found[1].upper() if found else None


def read_domain(segment: str) -> str | None:
    """Return the domain at the beginning of a part of an address, None if there is none."""
    found = _DOMAIN.fullmatch(segment)
    return found[1] if found else None


def read_department(segment: str) -> str | None:
    """Return the number of a département at the beginning of a part of an address, None if there is none.

    >>> read_department("2a-corse-du-sud"), read_department("departement-81-tarn"), read_department("tarn")
    ('2A', '81', None)
    """
    found = _DEPARTMENT.fullmatch(segment)
    return found[1].upper() if found else None


def read_territory(segment: str) -> tuple[str, str] | None:
    """Return kind and code of a territory.

    >>> read_territory("commune-81004-albi"), read_territory("region-76"), read_territory("ville-1")
    (('commune', '81004'), ('region', '76'), None)
    """
    found = _TERRITORY.fullmatch(segment)
    return (found[1], found[2].upper()) if found else None


def read_training(segment: str) -> str | None:
    """Return the key of a training at the beginning of a part of an address, None if there is none."""
    found = _TRAINING.fullmatch(segment)
    return found[1].lower() if found else None


def department_of(subject: Subject, snapshot: Snapshot) -> str:
    """Return the number of the département of a commune, empty for other subjects."""
    return snapshot.reference.communes[subject.code].department if subject.kind == "commune" else ""


def region_of(department: str) -> Subject | None:
    """Return the region of a département."""
    return to_region(region_by_department().get(department, ""))
