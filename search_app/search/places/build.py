"""Builds the place finder from the reference tables."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from mappings.codes import department_labels, region_labels
from mappings.reference import Commune, Reference
from search_app.search.places.arrondissements import is_arrondissement, with_short_number
from search_app.search.places.centres import Point, centres_of
from search_app.search.places.finder import ByName, PlaceFinder
from search_app.search.places.found_place import LARGE_TOWN, FoundPlace, Kind, by_likelihood, comparable_name
from search_app.search.places.typed_places import CEDEX

Towns = Mapping[str, FoundPlace]  # by INSEE code

# What regions of today are called for short, and regions until 2015 that are part of them
_SHORT: Final = {
    "paca": "Provence-Alpes-Côte d'Azur", "idf": "Île-de-France", "hdf": "Hauts-de-France",
    "aura": "Auvergne-Rhône-Alpes", "bfc": "Bourgogne-Franche-Comté", "region centre": "Centre-Val de Loire",
    "pays de loire": "Pays de la Loire", "haut de france": "Hauts-de-France",
}  # fmt: skip
_FORMER: Final = {
    "Midi-Pyrénées": "Occitanie", "Languedoc-Roussillon": "Occitanie", "Rhône-Alpes": "Auvergne-Rhône-Alpes",
    "Auvergne": "Auvergne-Rhône-Alpes", "Aquitaine": "Nouvelle-Aquitaine", "Limousin": "Nouvelle-Aquitaine",
    "Poitou-Charentes": "Nouvelle-Aquitaine", "Alsace": "Grand Est", "Lorraine": "Grand Est",
    "Champagne-Ardenne": "Grand Est", "Picardie": "Hauts-de-France", "Nord-Pas-de-Calais": "Hauts-de-France",
    "Haute-Normandie": "Normandie", "Basse-Normandie": "Normandie", "Bourgogne": "Bourgogne-Franche-Comté",
    "Franche-Comté": "Bourgogne-Franche-Comté",
}  # fmt: skip
# Where the rest of a long name begins: « Cherbourg-en-Cotentin », « Villeneuve-d'Ascq », « Boulogne-Billancourt »
_REST: Final = re.compile(r"[ -](?:(?:à|aux?|en|sur|sous|l[eè]s?|lez|la|de|du|des)[ -]|[dl]'|[^\W_]+$)", re.IGNORECASE)
_ARTICLE: Final = re.compile(r"^(?:les?|la|l) ")
_NO_SHORT_NAME: Final = frozenset(("le", "la", "les", "l", "saint", "sainte"))


def build_place_finder(reference: Reference) -> PlaceFinder:
    """Build the finder from the tables; without communes it still knows départements and regions."""
    towns = _towns(reference)
    areas = list(_areas(_populations(reference.communes.values())))
    by_name: ByName = defaultdict(list)
    for name, place in (*_named_towns(reference, towns), *_named_areas(areas)):
        if place not in by_name[name]:
            by_name[name].append(place)
    by_short_name: ByName = defaultdict(list)
    for name, place in (*_shortly(towns.values()), *_without_article(areas)):
        by_short_name[name].append(place)
    by_postal_code = _by_postal_code(reference, towns)
    for places in (*by_name.values(), *by_short_name.values(), *by_postal_code.values()):
        places.sort(key=by_likelihood)
    departments = {place.code: place for place in areas if place.kind == "department"}
    finder = PlaceFinder(dict(by_name), dict(by_short_name), by_postal_code, departments)
    finder.prepare()
    return finder


def _towns(reference: Reference) -> Towns:
    communes = reference.communes.values()
    centres = centres_of(communes)
    namesakes = Counter((commune.name, commune.department) for commune in communes)
    return {
        commune.insee: _town(
            commune, centres.get(commune.insee), alone=namesakes[commune.name, commune.department] == 1
        )
        for commune in communes
    }


def _town(commune: Commune, centre: Point | None, *, alone: bool) -> FoundPlace:
    """Return a town; its label has the postal code if it has a namesake in its own département."""
    told_by = commune.department if alone or not commune.postal_codes else commune.postal_codes[0]
    return FoundPlace(
        "town", commune.insee, commune.name, f"{commune.name} ({told_by})", commune.population,
        centre.lat if centre else None, centre.lon if centre else None,
        commune.department, commune.postal_codes, is_located=commune.lat is not None,
    )  # fmt: skip


def _named_towns(reference: Reference, towns: Towns) -> Iterator[tuple[str, FoundPlace]]:
    for town in towns.values():
        name = comparable_name(town.name)
        yield name, town
        yield with_short_number(name), town
    for live, name in reference.former_communes.values():
        if live in towns:
            yield comparable_name(name), replace(towns[live], formerly=name)


def _named_areas(areas: Iterable[FoundPlace]) -> Iterator[tuple[str, FoundPlace]]:
    regions = {place.name: place for place in areas if place.kind == "region"}
    for place in areas:
        name = comparable_name(place.name)
        yield name, place
        yield name.replace(" d ", " d"), place  # « val doise »
    for name, region in _SHORT.items():
        yield name, regions[region]
    for name, region in _FORMER.items():
        yield comparable_name(name), replace(regions[region], formerly=name)


def _shortly(towns: Iterable[FoundPlace]) -> Iterator[tuple[str, FoundPlace]]:
    """Yield large towns by the beginning of their name, and by their name without its article."""
    for town in towns:
        whole = comparable_name(town.name)
        if town.population < LARGE_TOWN or is_arrondissement(whole):
            continue
        rest = _REST.search(town.name)
        names = (comparable_name(town.name[: rest.start()]) if rest else "", _ARTICLE.sub("", whole))
        yield from ((name, town) for name in names if name and name != whole and name not in _NO_SHORT_NAME)


def _without_article(areas: Iterable[FoundPlace]) -> Iterator[tuple[str, FoundPlace]]:
    """Yield areas whose name has an article without it: « Réunion »."""
    for place in areas:
        name = comparable_name(place.name)
        if _ARTICLE.match(name):
            yield _ARTICLE.sub("", name), place


def _by_postal_code(reference: Reference, towns: Towns) -> ByName:
    found: ByName = {}
    for code, inseees in (*reference.by_postal_code.items(), *reference.cedex.items()):
        label = f"{code} {{}}" if code in reference.by_postal_code else f"{code} {{}} {CEDEX}"
        known = found.setdefault(code, [])
        new = (towns[insee] for insee in inseees if insee in towns)
        known += [_with_postal_code(town, label) for town in new if all(town.code != each.code for each in known)]
    for department, town in _largest_towns(towns.values()).items():
        found.setdefault(f"{department}000", [_with_postal_code(town, f"{department}000 {{}}")])
    return {code: places for code, places in found.items() if places}


def _with_postal_code(town: FoundPlace, label: str) -> FoundPlace:
    return replace(town, kind="postal_code", label=label.format(town.name))


def _largest_towns(towns: Iterable[FoundPlace]) -> Towns:
    """Return the most populous town of each département of two digits: « 75000 » is written for Paris."""
    cities = (town for town in towns if town.department.isdigit() and len(town.department) == 2)
    return {town.department: town for town in sorted(cities, key=lambda town: (town.population, town.code))}


def _populations(communes: Iterable[Commune]) -> Counter[tuple[Kind, str]]:
    """Return the inhabitants of each département and region; those of arrondissements count in their towns."""
    populations: Counter[tuple[Kind, str]] = Counter()
    for commune in communes:
        if not is_arrondissement(comparable_name(commune.name)):
            populations["department", commune.department] += commune.population
            populations["region", commune.region] += commune.population
    return populations


def _areas(populations: Counter[tuple[Kind, str]]) -> Iterator[FoundPlace]:
    for code, name in department_labels().items():
        label = f"{name} (département {code})"
        yield FoundPlace("department", code, name, label, populations["department", code], department=code)
    for code, name in region_labels().items():
        yield FoundPlace("region", code, name, f"{name} (région)", populations["region", code])
