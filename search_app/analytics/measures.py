"""The measures, one row each; docs/analytics.md has their definitions in words that can be quoted.

The engine returns sums (``sums.SUMS``), never measures: a measure is one of these sums, or the ratio of two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. ``additive`` tells whether values of disjoint parts may be added up; a share or a count of
    different things may not.

    Its value is the sum ``of``, divided by the sum ``over`` if there is one. It is null where ``told``, the number of
    figures behind it, is 0; of an empty cell only counts have a value, 0.
    """

    name: str
    label: str  # French
    unit: str  # French: offres, sessions, formations, organismes, places, part (0 to 1), €/heure
    additive: bool
    definition: str  # French, one sentence
    of: str
    told: str = ""  # empty for counts, which are never null
    over: str = ""
    about_sessions: bool = False  # made from the sessions that meet the conditions


_SEATS: Final = "places par financeur, additionnées"
_ROWS: Final = (
    Measure("offers", "Offres", "offres", True, "Offres trouvées : c’est le total de la recherche.", "offers"),
    Measure("sessions", "Sessions", "sessions", True,
            "Sessions de ces offres qui remplissent toutes les conditions de session.", "sessions",
            about_sessions=True),
    Measure("trainings", "Formations", "formations", False, "Formations différentes, comptées exactement.",
            "trainings"),
    Measure("providers", "Organismes", "organismes", False,
            "Organismes responsables différents (SIREN), comptés exactement.", "providers"),
    Measure("bought", "Places achetées", "places", True,
            "Nombre de places financées annoncé par le catalogue, une fois par offre et ligne de financeur ; jamais "
            "réparti par session ni par période ; 0 vaut « non dit ».", "bought", "bought_told"),
    Measure("capacity", "Places ouvertes", "places", True, f"Capacités déclarées ({_SEATS}).", "capacity",
            "capacity_told", about_sessions=True),
    Measure("left", "Places restantes", "places", True, f"Places restantes déclarées ({_SEATS}).", "left", "left_told",
            about_sessions=True),
    Measure("filled", "Places occupées", "places", True,
            f"Capacité moins places restantes, là où les deux sont connues et cohérentes ({_SEATS}).", "filled",
            "filled_told", about_sessions=True),
    Measure("left_at_least", "Places restantes au moins", "places", True,
            "Par session, le plus grand nombre de places restantes d’un financeur ; puis la somme : ce dont on est sûr "
            "même si les financeurs déclarent les mêmes places.", "left_at_least", "seats_known",
            about_sessions=True),
    Measure("fill_rate", "Taux de remplissage", "part", False,
            "Places occupées divisées par les capacités des mêmes déclarations.", "filled", "filled_capacity",
            "filled_capacity", about_sessions=True),
    Measure("seats_known", "Part des sessions aux places connues", "part", False,
            "Sessions dont au moins un nombre de places restantes est connu, divisées par les sessions.", "seats_known",
            "sessions", "sessions", about_sessions=True),
    Measure("price_hour", "Prix affiché par heure", "€/heure", False,
            "Somme des prix affichés divisée par la somme des heures, là où les deux sont connus ; ce n’est pas celui "
            "d’un marché.", "price", "hours", "hours"),
    Measure("price_known", "Part des offres au prix horaire connu", "part", False,
            "Offres dont le prix et la durée sont connus, divisées par les offres.", "priced", "offers", "offers"),
)  # fmt: skip
MEASURES: Final[Mapping[str, Measure]] = {row.name: row for row in _ROWS}
DEFAULT: Final = ("offers", "sessions", "left", "fill_rate")
# The other sums: each is told only by measures, see ``Measure``.
SUMS: Final = tuple(dict.fromkeys(name for row in _ROWS for name in (row.of, row.told, row.over) if name))
DIFFERENT: Final = ("trainings", "providers")  # sums that count different values


def values_of(sums: Mapping[str, int], measures: Sequence[Measure]) -> dict[str, int | float | None]:
    """Return the measures of a cell from its sums; without offers, counts are 0 and all others null.

    >>> values_of({"offers": 2, "sessions": 0, "filled": 0, "filled_capacity": 0}, [MEASURES["fill_rate"]])
    {'fill_rate': None}
    """
    return {measure.name: _value(sums, measure) for measure in measures}


def _value(sums: Mapping[str, int], measure: Measure) -> int | float | None:
    if measure.told and not sums.get(measure.told):
        return None
    value = sums.get(measure.of, 0)
    return value / sums[measure.over] if measure.over else value
