"""What a workbook says beside its lines: labels of the values, and what the table is about."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from search_app.analytics.dimensions import DIMENSIONS
from search_app.analytics.engine.sums import to_sums
from search_app.analytics.labels import Labels
from search_app.analytics.links import search_pairs
from search_app.analytics.measures import MEASURES, Measure, values_of
from search_app.analytics.plan import TOTAL, Part
from search_app.analytics.service import Pivoting, titles_of
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import SourceState
from search_app.text.dates import french_day
from search_app.text.wording import curved, number, typeset

KNOWN: Final = (
    ("seats_known", {"capacity", "left", "filled", "left_at_least", "fill_rate"}),
    ("price_known", {"price_hour"}),
)  # a share, and the measures that speak only of it
TITLES_AT_ONCE: Final = 500
NAMES: Final = {each.param: each.label for each in DIMENSIONS.values() if not each.is_period} | {
    "q": "Mots", "place": "Lieu", "lat": "Latitude", "lon": "Longitude", "radius": "Rayon en km",
    "remote": "À distance",
    "start_from": "Début à partir du", "start_to": "Début jusqu’au", "seats": "Places restantes", "domain": "Domaine",
    "upcoming": "À venir seulement", "free": "Financée en totalité", "hours_max": "Durée au plus, en heures",
    "price_max": "Prix au plus, en euros", "entry_level": "Niveau de la personne", "nsf": "Spécialité (NSF)",
    "rhythm": "Rythme",
}  # fmt: skip
OVERLAPPING: Final = (
    "Les lignes se recouvrent : une offre de plusieurs valeurs est dans chacune. Leur somme peut dépasser l’ensemble."
)
YES: Final = {"true": "oui", "false": "non"}
Value = str | None
Told = tuple[str, str, str]  # dimension, value, label
About = tuple[str, str]  # what, and what it is


class Notes:
    """The notes of one workbook; ``values`` are collected while its lines are written."""

    def __init__(self, work: Pivoting, address: str, made_on: date, sources: Sequence[SourceState]) -> None:
        self._work = work
        self._address = address
        self._made_on = made_on
        self._sources = sources
        self._values: dict[tuple[str, Value], None] = {}

    def collect(self, lines: Iterable[Sequence[object]]) -> None:
        """Remember the values of these lines."""
        names = [each.name for each in self._work.query.dimensions]
        self._values |= {
            (name, value if isinstance(value, str) else None): None
            for line in lines
            for name, value in zip(names, line, strict=False)
        }

    async def labels(self) -> list[Told]:
        """Return the label of every value; titles of trainings are asked for, raises EngineError."""
        keys = [value for name, value in self._values if name == "training" and value]
        titles: dict[str, str] = {}
        for at in range(0, len(keys), TITLES_AT_ONCE):
            some = keys[at : at + TITLES_AT_ONCE]
            async with self._work.services.scans.steps:
                titles |= await titles_of(self._work.asking, some)
        labels = Labels(self._work.search.snapshot, self._work.periods, titles)
        rows = ((DIMENSIONS[name], value) for name, value in self._values)
        return sorted((each.name, value or "", labels.of(each, value)) for each, value in rows)

    async def about(self) -> list[About]:
        """Return what the table is about, line by line; raises EngineError."""
        query, search = self._work.query, self._work.search
        lines: list[About] = [("Adresse de ce tableau", self._address), ("Fait le", french_day(self._made_on))]
        lines += [
            (f"Catalogue de {each.name}", f"chargé le {french_day(each.loaded_at[:10])}") for each in self._sources
        ]
        lines += [("Lignes et colonnes", " × ".join(each.label for each in query.dimensions))]
        lines += list(filters_in_words(search)) or [("Filtres", "aucun : toutes les offres")]
        for measure in query.measures:
            lines.append((typeset(measure.label), typeset(measure.definition)))
        lines += await self._coverage()
        lines.append(("Cases vides", typeset("Vide : non connu. 0 : on sait que le nombre est zéro.")))
        told = (
            "Les lignes se recouvrent (une offre peut avoir plusieurs valeurs) : leur somme peut dépasser l’ensemble."
        )
        return [*lines, ("Sommes", typeset(told))]

    async def _coverage(self) -> list[About]:
        """Return the measures of the whole, and how much of it is known."""
        asked = {each.name for each in self._work.query.measures}
        known = tuple(MEASURES[name] for name, of in KNOWN if name not in asked and asked & of)
        whole = replace(self._work.query, rows=None, columns=None, measures=(*self._work.query.measures, *known))
        async with self._work.services.scans.steps:
            counted = await replace(self._work, query=whole).count(Part(TOTAL))
        values = values_of(to_sums(counted.total), whole.measures)
        return [(typeset(f"Ensemble : {each.label}"), written(values[each.name], each)) for each in whole.measures]


def written(value: float | None, measure: Measure) -> str:
    """Return a measure as text.

    >>> written(0.627, MEASURES["fill_rate"]), written(None, MEASURES["left"]), written(12, MEASURES["left"])
    ('62,7\\xa0%', 'non connu', '12')
    """
    if value is None:
        return "non connu"
    if measure.unit == "part":
        return typeset(f"{value * 100:.1f} %".replace(".", ","))
    return number(round(value, 2))


def filters_in_words(search: ResolvedSearch) -> Iterator[About]:
    """Yield the filters of a search with the labels of their values."""
    for name, value in search_pairs(search):
        label = search.snapshot.labels.get(name, {}).get(value) or YES.get(value, "")
        yield NAMES.get(name, name), curved(f"{label} ({value})" if label and value not in YES else label or value)
