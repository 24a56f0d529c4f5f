"""A place that a name or a code can mean, and names as they are compared."""

import unicodedata
from dataclasses import dataclass, field
from typing import Final, Literal

from language.words import fold
from search_app.search.places.areas import Circle, Territory

Kind = Literal["town", "postal_code", "department", "region"]
LARGE_TOWN: Final = 10_000  # inhabitants: its name means the town before a département, and is known misspelt
CITY: Final = 40_000  # inhabitants: known by the beginning of its name, even if a village has that name
_RANKS: Final = {"postal_code": 1, "department": 2, "region": 3}
SMALL_TOWN: Final = 4


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place by its kind, name and code; ``lat``/``lon`` are the centre of a town, None for an area and for a town
    of whose département no centre is known. ``is_located``: the centre is its own, not one of its neighbours'.

    ``formerly`` is the name under which it was found, if that is the name of a commune merged into it or of a region
    that is part of it today.
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
    is_located: bool = True
    formerly: str = field(default="", compare=False)

    @property
    def is_town(self) -> bool:
        """Tell whether it is a town, not an area; a postal code is a town too."""
        return self.kind in ("town", "postal_code")

    def to_area(self, radius: float) -> Circle | Territory:
        """Return the area of a search around or in this place: without a centre, the commune itself."""
        if not self.is_town:
            return Territory(self.kind, self.code)
        if self.lat is None or self.lon is None:
            return Territory("commune", self.code)
        return Circle(self.lat, self.lon, radius, self.code)


def rank_of(place: FoundPlace) -> int:
    """Return the rank of a place among places of one name: large towns, then areas, then the other towns. Under the
    name of a former commune a town is large only if it is a city.
    """
    if place.kind == "town":
        return 0 if place.population >= (CITY if place.formerly else LARGE_TOWN) else SMALL_TOWN
    return _RANKS[place.kind]


def by_likelihood(place: FoundPlace) -> tuple[int, bool, int, str]:
    """Sort key: a commune with that name today precedes the one that a former bearer of the name was merged into."""
    return rank_of(place), bool(place.formerly), -place.population, place.code


def comparable_name(name: str) -> str:
    """Return a folded name of a place without hyphens and apostrophes, with Saint for St, for comparison.

    >>> comparable_name("St-Étienne-de-l’Isle"), comparable_name("  SAINTE  FOY "), comparable_name("L'Haÿ-les-Roses")
    ('saint etienne de l isle', 'sainte foy', 'l hay les roses')
    """
    letters = "".join(c if c.isalnum() else " " for c in fold(unicodedata.normalize("NFKC", name)))
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in letters.split())
