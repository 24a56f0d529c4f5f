"""The value object of a search's parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final, Literal, TypeVar

from search_app.search.facets import FACETS, Facet
from search_app.search.params.sorts import WITH_WORDS, WITHOUT_WORDS

Remote = Literal["include", "only", "exclude"]
Group = Literal["none", "training"]
Seats = int | Literal["full", "unknown"]  # a number is "at least that many left"
Class = TypeVar("Class", bound=type[Any])
_ON_REQUEST: Final = tuple(facet for facet in FACETS if facet.on_request)
_ALWAYS: Final = tuple(facet for facet in FACETS if not facet.on_request)

DEFAULT_RADIUS_KM = 30.0
DEFAULT_SIZE = 20


def _with_facets(cls: Class) -> Class:
    """Add a field for each facet that the class does not declare: its selected codes."""
    for facet in FACETS:
        if facet.param not in cls.__annotations__:
            cls.__annotations__[facet.param] = tuple[str, ...]
            setattr(cls, facet.param, ())
    return cls


@dataclass(frozen=True, slots=True)
@_with_facets
class SearchParams:
    """All parameters of a search, checked and typed; an empty tuple or None is a missing parameter.

    Only those facets are declared that code refers to by name; ``chosen`` reads all of them.
    """

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
    rncp: tuple[str, ...] = ()
    training: tuple[str, ...] = ()
    entry_level: int | None = None
    free: bool = False
    upcoming: bool = False
    hours_max: float | None = None
    price_max: float | None = None
    sort: str | None = None
    group: Group = "none"
    page: int = 1
    size: int = DEFAULT_SIZE
    facet_size: int | None = None
    facets: tuple[str, ...] = ()
    verbatim: tuple[str, ...] = ()
    explain: bool = False

    @property
    def given(self) -> frozenset[str]:
        """Return the names of the parameters that differ from their defaults."""
        return frozenset([name for name, default in _DEFAULTS.items() if getattr(self, name) != default])

    @property
    def effective_sort(self) -> str:
        """Return the effective sort: relevance with words, else by start, unless one was requested."""
        return self.sort or (WITH_WORDS if self.q else WITHOUT_WORDS)

    def counted(self) -> Sequence[Facet]:
        """Return the facets whose lists the answer has, in their order."""
        if not any(facet.param in self.facets or self.chosen(facet.param) for facet in _ON_REQUEST):
            return _ALWAYS
        return [row for row in FACETS if not row.on_request or row.param in self.facets or self.chosen(row.param)]

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return the selected values of a facet, as the parameter takes them."""
        value = getattr(self, name)
        return value if isinstance(value, tuple) else () if value is None else (str(value),)


_DEFAULTS: Final[Mapping[str, Any]] = {each.name: each.default for each in fields(SearchParams)}
