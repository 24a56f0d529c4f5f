"""Finds the single commune that postal code, name and département identify; none if they are ambiguous."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Final

from rapidfuzz.distance import OSA

from indexer.normalize.towns import alternatives, arrondissement_of, fold_town, loose_town
from mappings.communes import city_of
from mappings.reference import Commune, Reference

SHORTEST_MISSPELT: Final = 6  # letters of a name in which one slip is accepted
SHORTEST_CUT: Final = 8  # letters of a name whose end may be missing
LARGE: Final = 10_000  # inhabitants of a town that is not mistaken for a quarter of another one
Names = dict[str, set[str]]  # name -> INSEE codes
Form = Callable[[str], str]
FORMS: Final[tuple[Form, ...]] = (fold_town, loose_town)


class _Names:
    """Communes by name: exact names, former names, then both without linking words."""

    def __init__(
        self, communes: Iterable[Commune], former: Mapping[str, Sequence[str]], forms: Sequence[Form] = FORMS
    ) -> None:
        self._levels: list[tuple[Form, Names]] = []
        rows = [(commune, former.get(commune.insee, ())) for commune in communes]
        for form in forms:
            named: Names = {}
            formerly: Names = {}
            for commune, names in rows:
                named.setdefault(form(commune.name), set()).add(commune.insee)
                for name in names:
                    formerly.setdefault(form(name), set()).add(commune.insee)
            self._levels += [(form, named), (form, formerly)]

    def find(self, town: str) -> set[str]:
        """Return the communes of a name at the strictest level with matches."""
        return next((found for form, names in self._levels if (found := names.get(form(town)))), set())


class CommuneFinder:
    """Finds communes by what feeds state beside their codes."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._communes = reference.communes
        self._departments: dict[str, _Names] = {}

    def of_postal_code(self, postal_code: str | None) -> list[Commune]:
        """Return the communes with a postal code, CEDEX codes included."""
        reference = self._reference
        codes = reference.by_postal_code.get(postal_code or "") or reference.cedex.get(postal_code or "") or ()
        live = dict.fromkeys(reference.live_insee(code) for code in codes)
        return [self._communes[code] for code in live if code in self._communes]

    def named(self, postal_code: str | None, town: str) -> Commune | None:
        """Return the single commune of a postal code with this present or former name."""
        return self._named(self.of_postal_code(postal_code), town)

    def find(
        self, postal_code: str | None, town: str | None, department: str | None, code_alone: bool = True
    ) -> Commune | None:
        """Return the single commune that matches.

        The name decides: first within the postal code, then within the département, because some feeds state the code
        of the nearest city. If no commune has the name (as of a quarter), the postal code decides, if it has one
        commune and
        may be used alone.
        """
        in_code = self.of_postal_code(postal_code)
        if town is None:
            return _only(in_code)
        found = None
        for name in (town, *alternatives(town)):
            found = found or self._named(in_code, name) or self._in_department(department, name)
        found = found or self._nearly_named(in_code, town)
        if found is None and postal_code not in self._reference.by_postal_code:
            found = self._nearly_named(self._of_department(department), town)
        if found is None and code_alone and not self._is_elsewhere(town, department):
            found = _only(in_code)
        if found is None and postal_code is None and department is None:
            found = self._one(self._everywhere.find(town))
        return self._narrowed(found, town)

    # -- names --------------------------------------------------------------------------------------------------------

    @cached_property
    def _former(self) -> dict[str, list[str]]:
        """The former names of each live commune."""
        names: dict[str, list[str]] = {}
        for live, name in self._reference.former_communes.values():
            names.setdefault(live, []).append(name)
        return names

    @cached_property
    def _by_department(self) -> dict[str, list[Commune]]:
        """Communes by département; an arrondissement is found by its number, not by the name of its city."""
        found: dict[str, list[Commune]] = {}
        for commune in self._communes.values():
            if city_of(commune.insee) not in self._communes:
                found.setdefault(commune.department, []).append(commune)
        return found

    @cached_property
    def _everywhere(self) -> _Names:
        return _Names(chain.from_iterable(self._by_department.values()), self._former, FORMS[:1])

    def _named(self, communes: Sequence[Commune], town: str) -> Commune | None:
        return self._one(_Names(communes, self._former).find(town))

    def _in_department(self, department: str | None, town: str) -> Commune | None:
        if department is None:
            return None
        names = self._departments.get(department)
        if names is None:  # built on demand: most feeds state codes
            names = self._departments[department] = _Names(self._of_department(department), self._former)
        return self._one(names.find(town))

    def _of_department(self, department: str | None) -> list[Commune]:
        return self._by_department.get(department or "", [])

    def _nearly_named(self, communes: Sequence[Commune], town: str) -> Commune | None:
        """Return the single commune whose name is part of the text, or contains it, or is one slip away."""
        wanted = loose_town(town)
        for is_near in (_is_beginning, _is_part, _is_more, _is_misspelt):
            near = {
                commune.insee
                for commune in communes
                for name in (commune.name, *self._former.get(commune.insee, ()))
                if is_near(wanted, loose_town(name))
            }
            if near:
                return self._one(near)
        return None

    def _is_elsewhere(self, town: str, department: str | None) -> bool:
        """Tell whether a name is that of a large town of another département: then one of the two is wrong."""
        homonyms = self._everywhere.find(town)
        return any(
            self._communes[insee].population >= LARGE and self._communes[insee].department != department
            for insee in homonyms
        )

    # -- one of several -----------------------------------------------------------------------------------------------

    def _one(self, codes: Iterable[str]) -> Commune | None:
        return _only([self._communes[code] for code in codes])

    def _narrowed(self, found: Commune | None, town: str) -> Commune | None:
        """Return the arrondissement named beside its city; the city if the postal code is of another arrondissement."""
        told = arrondissement_of(town)
        if not found or not told or told == found.insee or told not in self._communes:
            return found
        city = city_of(told)
        if found.insee == city:
            return self._communes[told]
        return self._communes.get(city or "", found) if city_of(found.insee) == city else found


def _only(communes: Sequence[Commune]) -> Commune | None:
    """Return the only commune; an arrondissement rather than its city, the city for several of its arrondissements."""
    if len(communes) < 2:
        return communes[0] if communes else None
    cities = {city_of(commune.insee) for commune in communes}
    narrower = [commune for commune in communes if commune.insee not in cities]
    if len(narrower) == 1:
        return narrower[0]
    whole = [commune for commune in communes if commune.insee in cities]
    parts = {city_of(commune.insee) for commune in narrower}
    return whole[0] if len(whole) == 1 and parts == {whole[0].insee} else None


def _is_beginning(wanted: str, name: str) -> bool:
    """Tell whether the text is a prefix of the name: its first words, or a truncated one."""
    return name.startswith(f"{wanted} ") or (len(wanted) >= SHORTEST_CUT and name.startswith(wanted))


def _is_part(wanted: str, name: str) -> bool:
    return set(wanted.split()) <= set(name.split())


def _is_more(wanted: str, name: str) -> bool:
    return wanted.startswith(f"{name} ")


def _is_misspelt(wanted: str, name: str) -> bool:
    return len(wanted) >= SHORTEST_MISSPELT and OSA.distance(wanted, name, score_cutoff=1) <= 1
