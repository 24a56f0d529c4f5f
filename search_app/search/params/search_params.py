"""The value object that a search is built from."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Remote = Literal["include", "only", "exclude"]
Sort = Literal["relevance", "start", "distance", "seats"]
Group = Literal["none", "training"]
Seats = int | Literal["full", "unknown"]  # a number is "at least so many left"

DEFAULT_RADIUS_KM = 30.0
DEFAULT_SIZE = 20


@dataclass(frozen=True, slots=True)
class SearchParams:
    """All parameters of a search, checked and typed; an empty tuple or None is a parameter that was not given."""

    q: str = ""
    place: str | None = None
    lat: float | None = None
    lon: float | None = None
    radius: float = DEFAULT_RADIUS_KM
    remote: Remote = "include"
    start_from: date | None = None
    start_to: date | None = None
    funder: tuple[str, ...] = ()
    seats: Seats | None = None
    recruiting: tuple[str, ...] = ()
    state_funded: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    rome: tuple[str, ...] = ()
    rncp: tuple[str, ...] = ()
    training: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    provider: tuple[str, ...] = ()
    entry_level: int | None = None
    free: bool = False
    upcoming: bool = False
    hours_max: float | None = None
    price_max: float | None = None
    sort: Sort | None = None
    group: Group = "none"
    page: int = 1
    size: int = DEFAULT_SIZE
    facet_size: int | None = None
    verbatim: tuple[str, ...] = ()
    explain: bool = False

    @property
    def effective_sort(self) -> Sort:
        """Return the sort that applies: relevance with words, else by start, unless one was asked for."""
        return self.sort or ("relevance" if self.q else "start")

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return what is chosen in a count list, as the parameter takes it."""
        value = getattr(self, name)
        return value if isinstance(value, tuple) else () if value is None else (str(value),)
