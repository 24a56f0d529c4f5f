"""Finds a place by name or code: large towns first, then départements, regions, and the other towns."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mappings.codes import department_labels, region_by_department, region_labels
from search_app.search.places.arrondissements import with_short_number
from search_app.search.places.atlas import Atlas, Town
from search_app.search.places.found_place import (
    CITY,
    LARGE_TOWN,
    SMALL_TOWN,
    FoundPlace,
    by_likelihood,
    comparable_name,
    rank_of,
)
from search_app.search.places.typed_places import Reading, readings_of

SHORTEST_MISSPELT: Final = 5  # letters: shorter names are one slip away from too many others
SHORT_MISSPELT: Final = 4  # letters of a name that means a far larger town: « lile »
MISSPELT_TOWN: Final = 2_000  # inhabitants
FAR_LARGER: Final = 10  # times: the town that a misspelt name means rather than another one as near
LONGEST_NAME: Final = 100  # characters: the longest name in France has 45
MOST_OTHERS: Final = 9  # alternatives of the same name in an answer
POSTAL_CODE_DIGITS: Final = 5
_ABROAD: Final = frozenset((  # known cities that are no slip of a village
    "andorre", "barcelone", "berlin", "bruxelles", "geneve", "lausanne", "londres", "luxembourg", "madrid", "milan",
    "monaco", "turin",
))  # fmt: skip

ByName = dict[str, list[FoundPlace]]


@dataclass(frozen=True)
class PlaceFinder:
    """Places of the reference tables by folded name and by code, all in memory.

    ``by_short_name`` are large towns by the beginning of their name (« Cherbourg »), and large towns and areas by their
    name without its article (« Mans »).
    """

    by_name: ByName = field(default_factory=dict)
    by_short_name: ByName = field(default_factory=dict)
    by_postal_code: ByName = field(default_factory=dict)
    departments: dict[str, FoundPlace] = field(default_factory=dict)

    def prepare(self) -> None:
        """Build what the first search would otherwise wait for: 30 ms with all of France."""
        self.atlas, self._words, self._long_names, self._large_by_letter, self._first_words, self.has_populations  # noqa: B018

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for name in self.by_name for word in name.split())

    @cached_property
    def _first_words(self) -> frozenset[str]:
        return frozenset(name.partition(" ")[0] for names in (self.by_name, self.by_short_name) for name in names)

    @cached_property
    def has_populations(self) -> bool:
        """Tell whether inhabitants of any town are known: the post's file has none."""
        return any(place.population for places in self.by_name.values() for place in places if place.is_town)

    def begins_a_name(self, word: str) -> bool:
        """Tell whether a folded word is the first one of a name, or a city with the number of an arrondissement."""
        return word in self._first_words or word != with_short_number(word)

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
            if place.is_located and place.lat is not None and place.lon is not None
        )

    @cached_property
    def _long_names(self) -> tuple[str, ...]:
        return tuple(name for name in self.by_name if len(name) >= SHORT_MISSPELT)

    def nearest(self, text: str) -> FoundPlace | None:
        """Return the most populous town whose name is one slip away from ``text``; None if there is none."""
        towns = (place for place in self._one_slip_away(text, SHORTEST_MISSPELT) if place.population >= MISSPELT_TOWN)
        return next((place for place in towns if place.is_town), None)

    def only_near(self, text: str) -> list[FoundPlace]:
        """Return the places whose name is one slip away from ``text`` if the first one is meant: no other is as near,
        or it is far larger; an empty list otherwise.
        """
        near = self._one_slip_away(text, SHORT_MISSPELT)
        if not near:
            return []
        is_long = len(comparable_name(text)) >= SHORTEST_MISSPELT
        next_largest = near[1].population if near[1:] else 0
        is_far_larger = near[0].population >= max(MISSPELT_TOWN, FAR_LARGER * next_largest)
        return near if is_far_larger or (is_long and len(near) == 1) else []

    def _one_slip_away(self, text: str, shortest: int) -> list[FoundPlace]:
        """Return the first place of each name that is one slip away from ``text``, the most populous first; the text
        has at least ``shortest`` letters.
        """
        folded = comparable_name(text)
        if len(folded) < shortest or folded in _ABROAD:
            return []
        names = process.extract(folded, self._long_names, scorer=OSA.distance, score_cutoff=1, limit=None)
        near = dict.fromkeys(self.by_name[name][0] for name, _, _ in names)
        return sorted(near, key=lambda place: (-place.population, place.code))

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
            if places[0].kind == "town" and places[0].population >= LARGE_TOWN and not places[0].formerly:
                found.setdefault(name[:1], {})[name] = places[0]
        return found

    def find(self, text: str) -> list[FoundPlace]:
        """Return the places that ``text`` can mean, the most likely first; empty if there is none."""
        if len(text) > LONGEST_NAME:
            return []
        return next(filter(None, map(self._read, readings_of(text))), [])

    def _read(self, reading: Reading) -> list[FoundPlace]:
        if not reading.name:
            return self._coded(reading.hint)
        name, hint = comparable_name(reading.name), reading.hint
        if not hint:
            return self.named(name)
        if reading.is_code_first:
            return [place for place in self._coded(hint) if comparable_name(place.name) == name]
        return self.fitting(self.named(name), hint)

    def _coded(self, code: str) -> list[FoundPlace]:
        if len(code) == POSTAL_CODE_DIGITS:
            return self.by_postal_code.get(code, [])
        return [self.departments[code]] if code in self.departments else []

    def fitting(self, places: Iterable[FoundPlace], hint: str) -> list[FoundPlace]:
        """Return the places that a postal code, the number or the name of an area tells from their namesakes."""
        coded = {place.code for place in self.by_postal_code.get(hint, ())}
        return [place for place in places if place.code in coded or _fits(place, hint)]

    def exactly(self, name: str) -> list[FoundPlace]:
        """Return the places of a comparable name."""
        return self.by_name.get(with_short_number(name), [])

    def named(self, name: str) -> list[FoundPlace]:
        """Return the places of a comparable name, and those that are called so for short."""
        exact, short = self.exactly(name), self.by_short_name.get(name)
        if not short:
            return exact
        found = dict.fromkeys((*exact, *short))
        return sorted(
            found, key=lambda place: (_rank_under(place, exact), _is_aside(place, exact), by_likelihood(place))
        )


def _rank_under(place: FoundPlace, exact: Iterable[FoundPlace]) -> int:
    """Return the rank of a place under a name; a town that only begins with it precedes a village of that name from
    CITY inhabitants on, and follows it otherwise.
    """
    return rank_of(place) if place in exact or place.population >= CITY else SMALL_TOWN


def _is_aside(place: FoundPlace, exact: Iterable[FoundPlace]) -> bool:
    """Tell whether a place does not bear a name today, or only begins with it."""
    return bool(place.formerly) or place not in exact


def _fits(place: FoundPlace, hint: str) -> bool:
    """Tell whether a place matches « (81) », « (Tarn) », « (département 81) », « (région) » or a postal code."""
    folded = comparable_name(hint)
    if place.kind == "region":
        return folded == "region"
    code = place.department.lower()
    if folded == f"departement {code}":
        return place.kind == "department"
    return folded in _areas_of(place) or hint in place.postal_codes


def _areas_of(place: FoundPlace) -> Iterable[str]:
    """Return what the département and the region of a place are called."""
    region = region_labels().get(region_by_department().get(place.department, ""), "")
    names = (department_labels().get(place.department, ""), region)
    return {place.department.lower(), *map(comparable_name, names)}
