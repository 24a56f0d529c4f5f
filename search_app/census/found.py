"""Why a body is in a list: the other name that the words mean, and its site nearest to the typed town."""

from dataclasses import dataclass
from typing import Final

from language.names import fold_name
from language.words import STOP_WORDS
from mappings.census.name_index import joined, without_form
from mappings.distance import distance_km
from search_app.census.answer import BodyView, Found, NearestSite
from search_app.census.typed import Typed
from search_app.search.places.found_place import FoundPlace

# How well a name fits, in the order of the tiers of the name search.
EXACTLY: Final = 5
INITIALS: Final = 4
ALL_WORDS: Final = 3
BEGINNING: Final = 2
BEGINNINGS: Final = 1
NOT: Final = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed: name, and the town at its end, if there is one."""

    name: Typed | None
    town: FoundPlace | None


def to_found(view: BodyView, wanted: Wanted) -> Found:
    """Return what of a body the words mean; both parts are None where its own name and town say it."""
    name = _meant_name(view, wanted.name) if wanted.name and not wanted.name.number else None
    return Found(view.siren, name, nearest_site(view, wanted.town) if wanted.town else None)


def _meant_name(view: BodyView, typed: Typed) -> str | None:
    """Return the other name that fits the words better than the shown one, the first of several; None if none does."""
    own = fits(view.name, typed) if view.name else NOT
    best = max(view.also, key=lambda other: fits(other.name, typed), default=None)
    return best.name if best is not None and fits(best.name, typed) > own else None


def fits(name: str, typed: Typed) -> int:
    """Return how well a name is what was typed, in the order of the name search; slips are not considered.

    >>> from search_app.census.typed import read_typed
    >>> [fits(name, read_typed("greta")) for name in ("GRETA", "Greta du Tarn", "Lycée Rascol", "Gretas")]
    [5, 3, 0, 2]
    >>> fits("Association pour la formation professionnelle des adultes", read_typed("afpa"))
    4
    """
    folded = fold_name(name)
    words = folded.split()
    if {joined(folded), joined(without_form(folded))} & {*typed.forms}:
        return EXACTLY
    if "".join(word[0] for word in words if word not in STOP_WORDS) in typed.forms:
        return INITIALS
    if typed.words and {*typed.words} <= {*words}:
        return ALL_WORDS
    if any(joined(folded).startswith(form) for form in typed.forms):
        return BEGINNING
    begun = typed.words and all(any(word.startswith(start) for word in words) for start in typed.words)
    return BEGINNINGS if begun else NOT


def nearest_site(view: BodyView, town: FoundPlace) -> NearestSite | None:
    """Return the open site nearest to a town, at 0 km if it is in it; None if no site is located."""
    if town.lat is None or town.lon is None:
        return None
    located = [
        NearestSite(site.siret, site.town, town.name, 0.0 if site.insee == town.code else round(distance, 1))
        for site in view.sites
        if not site.closed and site.lat is not None and site.lon is not None
        for distance in [distance_km(town.lat, town.lon, site.lat, site.lon)]
    ]
    return min(located, key=lambda site: site.distance_km, default=None)
