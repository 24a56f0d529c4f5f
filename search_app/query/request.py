"""What a search body is built from: the parameters, the place as it was understood, and today."""

from dataclasses import dataclass
from datetime import date

from search_app.params.search_params import SearchParams
from search_app.settings import SEATS_OLD_AFTER_DAYS
from search_app.understand import Understanding


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within ``radius`` km of a point (WGS 84, degrees)."""

    lat: float
    lon: float
    radius: float


@dataclass(frozen=True, slots=True)
class Territory:
    """A département or a region, by its INSEE code; ``field`` is the property that holds such codes."""

    field: str
    code: str


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search, with all that is not in the address: where the place is, what the words mean, which day it is in
    France, settings.
    """

    params: SearchParams
    area: Circle | Territory | None
    today: date
    timeout: float = 5.0
    seats_old_after_days: int = SEATS_OLD_AFTER_DAYS
    meant: Understanding | None = None  # None without words
