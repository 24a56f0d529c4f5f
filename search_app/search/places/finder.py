"""Finds a place by name or code: towns first, then départements, then regions."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from language.words import fold
from mappings.codes import department_labels, region_by_department, region_labels
from mappings.reference import Commune, Reference
from search_app.search.places.areas import Circle, Territory
from search_app.search.places.atlas import Atlas, Town

Kind = Literal["town", "postal_code", "department", "region"]
SHORTEST_MISSPELT = 5  # letters: shorter names are one slip away from too many others
MISSPELT_TOWN = 2_000  # inhabitants
LARGE_TOWN = 10_000  # inhabitants of a town that is recognised misspelt and without « à »
LONGEST_NAME = 100  # characters: the longest name in France has 45, and the patterns below are slow on long texts
MOST_OTHERS = 9  # alternatives of the same name in an answer

# "Albi (81)", "Saint-Denis (La Réunion)", "Albi 81000": a name and what distinguishes it from its namesakes.
NAME_AND_HINT = re.compile(r"(?P<name>.*?[^\W\d_].*?)\s*(?:\((?P<hint>[^()]+)\)|\s(?P<code>\d{5}))")
CEDEX = "CEDEX"  # a postal code of large mail recipients
# "81000 Albi", "81013 Albi CEDEX"
CODE_AND_NAME = re.compile(rf"(?P<code>[0-9]{{5}}) (?P<name>.+?)(?: {CEDEX})?", re.IGNORECASE)
ARRONDISSEMENT = re.compile(r"(paris|lyon|marseille) (\d{1,2})(?:er|e|eme)?(?: arrondissement)?")


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place by its kind, name and code; ``lat``/``lon`` are the centre of a town, None for an area.

    ``formerly`` is the name under which it was found, if that is the name of a commune merged into it.
    """

    kind: Kind
    code: str
    name: str
    label: str
    population: int = 0
    lat: float | None = None
    lon: float | None = None
    department: str = ""
    postal_codes: tuple[str, ...] = ()
    formerly: str = field(default="", compare=False)

    def to_area(self, radius: float) -> Circle | Territory | None:
        """Return the area of a search around or in this place, None if the town's centre is not known."""
        if self.kind in ("department", "region"):
            return Territory(self.kind, self.code)
        if self.lat is None or self.lon is None:
            return None
        return Circle(self.lat, self.lon, radius)


def comparable_name(name: str) -> str:
    """Return a folded name of a place without hyphens and apostrophes, with Saint for St, for comparison.

    >>> comparable_name("St-Étienne-de-l’Isle"), comparable_name("  SAINTE  FOY "), comparable_name("L'Haÿ-les-Roses")
    ('saint etienne de l isle', 'sainte foy', 'l hay les roses')
    """
    letters = "".join(c if c.isalnum() else " " for c in fold(unicodedata.normalize("NFKC", name)))
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in letters.split())


@dataclass(frozen=True)
class PlaceFinder:
    """Places of the reference tables by folded name and by code, all in memory."""

    by_name: dict[str, list[FoundPlace]] = field(default_factory=dict)
    by_postal_code: dict[str, list[FoundPlace]] = field(default_factory=dict)
    departments: dict[str, FoundPlace] = field(default_factory=dict)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for name in self.by_name for word in name.split())

    def has_word(self, word: str) -> bool:
        """Tell whether a folded word is, or is part of, the name of a place."""
        return word in self._words

    @cached_property
    def atlas(self) -> Atlas:
        """Towns with a known centre, by position."""
        towns = {place.code: place for places in self.by_name.values() for place in places if place.kind == "town"}
        return Atlas(
            Town(place.name, place.lat, place.lon, place.population)
            for place in towns.values()
            if place.lat is not None and place.lon is not None
        )

    @cached_property
    def _towns_by_name(self) -> dict[str, FoundPlace]:
        """Names of towns that are large enough to be matched misspelt."""
        towns = ((name, places[0]) for name, places in self.by_name.items() if len(name) >= SHORTEST_MISSPELT)
        return {name: place for name, place in towns if place.kind == "town" and place.population >= MISSPELT_TOWN}

    def nearest(self, text: str) -> FoundPlace | None:
        """Return the most populous town whose name is one slip away from ``text``; None if there is none."""
        folded = comparable_name(text)
        if len(folded) < SHORTEST_MISSPELT:
            return None
        names = process.extract(folded, self._towns_by_name.keys(), scorer=OSA.distance, score_cutoff=1, limit=None)
        near = [self._towns_by_name[name] for name, _, _ in names]
        return max(near, key=lambda place: place.population, default=None)

    def nearest_large(self, folded: str, least: int) -> FoundPlace | None:
        """Return the most populous town with at least that many inhabitants whose name is one slip (not in its first
        letter) away from a folded word; None if there is none.
        """
        names = self._large_by_letter.get(folded[:1], {})
        near = process.extract(folded, names.keys(), scorer=OSA.distance, score_cutoff=1, limit=None)
        towns = [names[name] for name, _, _ in near if names[name].population >= least]
        return max(towns, key=lambda place: place.population, default=None)

    @cached_property
    def _large_by_letter(self) -> dict[str, dict[str, FoundPlace]]:
        """Larger towns by the first letter of their name, short names included."""
        found: dict[str, dict[str, FoundPlace]] = {}
        for name, places in self.by_name.items():
            if places[0].kind == "town" and places[0].population >= LARGE_TOWN:
                found.setdefault(name[:1], {})[name] = places[0]
        return found

    def find(self, text: str) -> list[FoundPlace]:
        """Return the places that ``text`` can mean, the most likely first; empty if there is none."""
        text = " ".join(text.split())
        if len(text) > LONGEST_NAME:
            return []
        if re.fullmatch(r"\d{5}", text, re.ASCII):
            return self.by_postal_code.get(text, [])
        if re.fullmatch(r"\d{2}|2[ABab]|\d{3}", text, re.ASCII):
            department = self.departments.get(text.upper())
            return [department] if department else []
        coded = CODE_AND_NAME.fullmatch(text)
        if coded:
            name = comparable_name(coded["name"])
            found = self.by_postal_code.get(coded["code"], [])
            return [place for place in found if comparable_name(place.name) == name]
        match = NAME_AND_HINT.fullmatch(text)
        if match:
            hinted = self._named(match["name"], match["hint"] or match["code"])
            if hinted:
                return hinted
        return self._named(text, None)

    def _named(self, name: str, hint: str | None) -> list[FoundPlace]:
        folded = comparable_name(name)
        arrondissement = ARRONDISSEMENT.fullmatch(folded)
        if arrondissement:
            folded = f"{arrondissement[1]} {int(arrondissement[2])}"
        found = self.by_name.get(folded, [])
        return [place for place in found if _fits(place, hint)] if hint else found


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
    for live, name in reference.former_communes.values():
        if live in towns and towns[live] not in by_name.get(comparable_name(name), []):
            by_name.setdefault(comparable_name(name), []).append(replace(towns[live], formerly=name))
    areas = list(_areas(_populations(reference.communes.values())))
    for place in areas:
        by_name.setdefault(comparable_name(place.name), []).append(place)
    for code, inseees in (*reference.by_postal_code.items(), *reference.cedex.items()):
        found = [towns[insee] for insee in inseees if insee in towns]
        known = by_postal_code.setdefault(code, [])
        label = f"{code} {{}}" if code in reference.by_postal_code else f"{code} {{}} {CEDEX}"
        known += [_with_postal_code(town, label) for town in found if all(town.code != p.code for p in known)]
    for places in (*by_name.values(), *by_postal_code.values()):
        places.sort(key=_order)
    departments = {place.code: place for place in areas if place.kind == "department"}
    return PlaceFinder(by_name, {code: places for code, places in by_postal_code.items() if places}, departments)


def _order(place: FoundPlace) -> tuple[int, bool, int, str]:
    """Sort key: a commune with that name today precedes the one that a former bearer of the name was merged into."""
    return rank_of(place), bool(place.formerly), -place.population, place.code


def rank_of(place: FoundPlace) -> int:
    """Return the rank of a place among places of one name: 0 is a town."""
    return ("town", "postal_code", "department", "region").index(place.kind)


def _names_of(commune: Commune) -> Iterable[str]:
    folded = comparable_name(commune.name)
    yield folded
    arrondissement = ARRONDISSEMENT.fullmatch(folded)
    if arrondissement:
        yield f"{arrondissement[1]} {int(arrondissement[2])}"


def _town(commune: Commune, *, alone: bool) -> FoundPlace:
    """Return a town; its label has the postal code if it has a namesake in its own département."""
    told_by = commune.department if alone or not commune.postal_codes else commune.postal_codes[0]
    return FoundPlace(
        "town", commune.insee, commune.name, f"{commune.name} ({told_by})", commune.population,
        commune.lat, commune.lon, commune.department, commune.postal_codes,
    )  # fmt: skip


def _with_postal_code(town: FoundPlace, label: str) -> FoundPlace:
    return replace(town, kind="postal_code", label=label.format(town.name))


def _populations(communes: Iterable[Commune]) -> Counter[tuple[Kind, str]]:
    """Return the inhabitants of each département and region; those of arrondissements count in their towns."""
    populations: Counter[tuple[Kind, str]] = Counter()
    for commune in communes:
        if not ARRONDISSEMENT.fullmatch(comparable_name(commune.name)):
            populations["department", commune.department] += commune.population
            populations["region", commune.region] += commune.population
    return populations


def _areas(populations: Counter[tuple[Kind, str]]) -> Iterable[FoundPlace]:
    for code, name in department_labels().items():
        label = f"{name} (département {code})"
        yield FoundPlace("department", code, name, label, populations["department", code], department=code)
    for code, name in region_labels().items():
        yield FoundPlace("region", code, name, f"{name} (région)", populations["region", code])


def _fits(place: FoundPlace, hint: str) -> bool:
    """Tell whether a place matches « (81) », « (Tarn) », « (département 81) », « (région) » or a postal code."""
    folded = comparable_name(hint)
    if place.kind == "region":
        return folded == "region"
    code = place.department.lower()
    if folded == f"departement {code}":
        return place.kind == "department"
    region = region_labels().get(region_by_department().get(place.department, ""), "")
    names = {code, comparable_name(department_labels().get(place.department, "")), comparable_name(region)}
    return folded in names or hint in place.postal_codes
