"""Finds the place that somebody means: a town first, then a département, then a region."""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mappings.codes import department_labels, region_by_department, region_labels
from mappings.reference import Commune, Reference
from search_app.areas import Circle, Territory

Kind = Literal["town", "postal_code", "department", "region"]
SHORTEST_MISSPELT = 5  # letters: shorter names are one slip away from too many others
MISSPELT_TOWN = 2_000  # inhabitants
LONGEST_NAME = 100  # characters: the longest name in France has 45, and the patterns below take their time over more
MOST_OTHERS = 9  # other places of the same name that are told

# "Albi (81)", "Saint-Denis (La Réunion)", "Albi 81000": a name and what tells it from its namesakes.
NAME_AND_HINT = re.compile(r"(?P<name>.*?[^\W\d_].*?)\s*(?:\((?P<hint>[^()]+)\)|\s(?P<code>\d{5}))")
ARRONDISSEMENT = re.compile(r"(paris|lyon|marseille) (\d{1,2})(?:er|e|eme)?(?: arrondissement)?")


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place by its kind, name and code; ``lat``/``lon`` are the centre of a town, None for an area."""

    kind: Kind
    code: str
    name: str
    label: str
    population: int = 0
    lat: float | None = None
    lon: float | None = None
    department: str = ""
    postal_codes: tuple[str, ...] = ()

    def to_area(self, radius: float) -> Circle | Territory | None:
        """Return what a search filters on, or None if the town's centre is not known."""
        if self.kind in ("department", "region"):
            return Territory(self.kind, self.code)
        if self.lat is None or self.lon is None:
            return None
        return Circle(self.lat, self.lon, radius)


def fold(name: str) -> str:
    """Return a name without case, accents, hyphens and apostrophes, with Saint for St.

    >>> fold("St-Étienne-de-l’Isle"), fold("  SAINTE  FOY "), fold("L'Haÿ-les-Roses")
    ('saint etienne de l isle', 'sainte foy', 'l hay les roses')
    """
    plain = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    words = [{"st": "saint", "ste": "sainte"}.get(word, word) for word in letters.split()]
    return " ".join(words)


@dataclass(frozen=True)
class PlaceFinder:
    """Places of the reference tables by folded name and by code, all in memory."""

    by_name: dict[str, list[FoundPlace]] = field(default_factory=dict)
    by_postal_code: dict[str, list[FoundPlace]] = field(default_factory=dict)
    sorted_names: list[tuple[str, FoundPlace]] = field(default_factory=list)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for name in self.by_name for word in name.split())

    def has_word(self, word: str) -> bool:
        """Tell whether a folded word is, or is part of, the name of a place."""
        return word in self._words

    @cached_property
    def _towns_by_name(self) -> dict[str, FoundPlace]:
        """Towns that are large enough to be meant by a misspelt name."""
        towns = ((name, places[0]) for name, places in self.by_name.items() if len(name) >= SHORTEST_MISSPELT)
        return {name: place for name, place in towns if place.kind == "town" and place.population >= MISSPELT_TOWN}

    def nearest(self, text: str) -> FoundPlace | None:
        """Return the most populous town whose name is one slip away from ``text``; None if there is none."""
        folded = fold(text)
        if len(folded) < SHORTEST_MISSPELT:
            return None
        names = process.extract(folded, self._towns_by_name.keys(), scorer=OSA.distance, score_cutoff=1, limit=None)
        near = [self._towns_by_name[name] for name, _, _ in names]
        return max(near, key=lambda place: place.population, default=None)

    def find(self, text: str) -> list[FoundPlace]:
        """Return the places that ``text`` can mean, the most likely first; empty if it is none."""
        text = " ".join(text.split())
        if len(text) > LONGEST_NAME:
            return []
        if re.fullmatch(r"\d{5}", text, re.ASCII):
            return self.by_postal_code.get(text, [])
        if re.fullmatch(r"\d{2}|2[ABab]|\d{3}", text, re.ASCII):
            return [place for place in [_department(text.upper())] if place]
        match = NAME_AND_HINT.fullmatch(text)
        if match:
            hinted = self._named(match["name"], match["hint"] or match["code"])
            if hinted:
                return hinted
        return self._named(text, None)

    def _named(self, name: str, hint: str | None) -> list[FoundPlace]:
        folded = fold(name)
        arrondissement = ARRONDISSEMENT.fullmatch(folded)
        if arrondissement:
            folded = f"{arrondissement[1]} {int(arrondissement[2])}"
        found = self.by_name.get(folded, [])
        return [place for place in found if _fits(place, hint)] if hint else found

    def suggest(self, text: str, size: int) -> list[FoundPlace]:
        """Return places whose name or postal code begins with ``text``, exact names and the most populous first."""
        folded = fold(text)
        if not folded:
            return []
        if folded.isdigit():
            codes = sorted(code for code in self.by_postal_code if code.startswith(folded))[: size * 3]
            found: list[FoundPlace] = self.find(folded) + [
                place for code in codes for place in self.by_postal_code[code]
            ]
        else:
            found = self.find(text) + [place for name, place in self._beginning_with(folded)]
        return list(dict.fromkeys(found))[:size]

    def _beginning_with(self, folded: str) -> list[tuple[str, FoundPlace]]:
        low, high = 0, len(self.sorted_names)
        while low < high:
            middle = (low + high) // 2
            if self.sorted_names[middle][0] < folded:
                low = middle + 1
            else:
                high = middle
        end = low
        while end < len(self.sorted_names) and self.sorted_names[end][0].startswith(folded):
            end += 1
        return sorted(self.sorted_names[low:end], key=lambda row: (_rank(row[1]), -row[1].population, row[0]))


def build_place_finder(reference: Reference) -> PlaceFinder:
    """Build the finder from the tables; without communes it still knows départements and regions."""
    by_name: dict[str, list[FoundPlace]] = {}
    by_postal_code: dict[str, list[FoundPlace]] = {}
    namesakes = Counter((commune.name, commune.department) for commune in reference.communes.values())
    towns = {
        commune.insee: _town(commune, alone=namesakes[commune.name, commune.department] == 1)
        for commune in reference.communes.values()
    }
    for insee, town in towns.items():
        for name in _names_of(reference.communes[insee]):
            by_name.setdefault(name, []).append(town)
    merged: dict[str, set[str]] = {}
    for live, name in reference.former_communes.values():
        if live in towns and towns[live] not in by_name.get(fold(name), []):
            by_name.setdefault(fold(name), []).append(towns[live])
            merged.setdefault(fold(name), set()).add(live)
    for place in _areas():
        by_name.setdefault(fold(place.name), []).append(place)
    for code, inseees in (*reference.by_postal_code.items(), *reference.cedex.items()):
        found = [towns[insee] for insee in inseees if insee in towns]
        known = by_postal_code.setdefault(code, [])
        known += [_with_postal_code(town, code) for town in found if all(town.code != p.code for p in known)]
    for name, places in (*by_name.items(), *by_postal_code.items()):
        places.sort(key=partial(_order, merged.get(name, ())))
    names = sorted(((name, place) for name, places in by_name.items() for place in places), key=lambda row: row[0])
    return PlaceFinder(by_name, {code: places for code, places in by_postal_code.items() if places}, names)


def _order(merged: Container[str], place: FoundPlace) -> tuple[int, bool, int, str]:
    """A commune of that name today comes before the one that a former bearer of the name was merged into."""
    return _rank(place), place.code in merged, -place.population, place.code


def _rank(place: FoundPlace) -> int:
    return ("town", "postal_code", "department", "region").index(place.kind)


def _names_of(commune: Commune) -> Iterable[str]:
    folded = fold(commune.name)
    yield folded
    arrondissement = ARRONDISSEMENT.fullmatch(folded)
    if arrondissement:
        yield f"{arrondissement[1]} {int(arrondissement[2])}"


def _town(commune: Commune, *, alone: bool) -> FoundPlace:
    """Return a town; one with a namesake in its own département is told by its postal code."""
    told_by = commune.department if alone or not commune.postal_codes else commune.postal_codes[0]
    return FoundPlace(
        "town", commune.insee, commune.name, f"{commune.name} ({told_by})", commune.population,
        commune.lat, commune.lon, commune.department, commune.postal_codes,
    )  # fmt: skip


def _with_postal_code(town: FoundPlace, code: str) -> FoundPlace:
    return replace(town, kind="postal_code", label=f"{code} {town.name}")


def _areas() -> Iterable[FoundPlace]:
    for code in department_labels():
        place = _department(code)
        if place:
            yield place
    for code, name in region_labels().items():
        yield FoundPlace("region", code, name, f"{name} (région)")


def _department(code: str) -> FoundPlace | None:
    name = department_labels().get(code)
    return FoundPlace("department", code, name, f"{name} (département {code})", department=code) if name else None


def _fits(place: FoundPlace, hint: str) -> bool:
    """Tell whether a place is meant by « (81) », « (Tarn) », « (département 81) », « (région) » or a postal code."""
    folded = fold(hint)
    if place.kind == "region":
        return folded == "region"
    code = place.department.lower()
    if folded == f"departement {code}":
        return place.kind == "department"
    region = region_labels().get(region_by_department().get(place.department, ""), "")
    names = {code, fold(department_labels().get(place.department, "")), fold(region)}
    return folded in names or hint in place.postal_codes
