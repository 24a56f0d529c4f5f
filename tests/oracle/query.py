"""What a request asks, read from its parameters by code of the tests' own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tests.oracle.lines import PARTS
from tests.oracle.places import Area, Circle, Gazetteer, resolve
from tests.oracle.rows import ON_LINES, ON_OFFERS, ON_SESSIONS, UNCOUNTED

Parameters = Mapping[str, Sequence[str]]
CODE_FILTERS = (*ON_OFFERS, *UNCOUNTED)
OTHERS = frozenset((
    "q", "place", "lat", "lon", "radius", "remote", "start_from", "start_to", *ON_SESSIONS, *ON_LINES, "upcoming",
    "entry_level", "free", "hours_max", "price_max", "sort", "page", "size", "group", "facet_size", "facets",
))  # fmt: skip


@dataclass(frozen=True)
class Query:
    """The conditions of one request; None and empty sets mean that there is no such condition."""

    codes: Mapping[str, frozenset[str]]
    where: Circle | Area | None = None
    radius: float = 30.0
    remote: str = "include"
    start_from: date | None = None
    start_to: date | None = None
    lines: Mapping[str, frozenset[str]] = field(default_factory=dict)
    seats: int | str | None = None
    recruiting: frozenset[str] = frozenset()
    upcoming: bool = False
    entry_level: int | None = None
    free: bool = False
    hours_max: float | None = None
    price_max: float | None = None
    sort: str = "start"

    @property
    def funders(self) -> frozenset[str]:
        """The funders asked for."""
        return self.lines.get("funder", frozenset())

    @property
    def about_sessions(self) -> bool:
        """True if an action without sessions cannot match."""
        return bool(self.start_from or self.start_to or self.seats or self.recruiting or self.upcoming)

    @property
    def parted(self) -> bool:
        """True if on-site offers come first, then remote ones."""
        return self.where is not None and self.remote == "include"


def read_query(parameters: Parameters, gazetteer: Gazetteer) -> Query:
    """Read parameters as API.md words them.

    Raises ValueError for a place that is unknown or has no centre, and for a parameter that is not evaluated.
    """
    unread = sorted(parameters.keys() - OTHERS - {*CODE_FILTERS})
    if unread:
        raise ValueError(f"the oracle does not evaluate {', '.join(unread)}: see docs/adding-a-facet.md")
    one = {name: values[-1] for name, values in parameters.items() if values}
    codes = {name: frozenset(parameters[name]) for name in CODE_FILTERS if parameters.get(name)}
    if "rncp" in codes:
        codes["rncp"] = frozenset(code.removeprefix("RNCP") for code in codes["rncp"])
    return Query(
        codes=codes,
        where=_where(one, gazetteer),
        radius=float(one.get("radius", 30)),
        remote=one.get("remote", "include"),
        start_from=_date(one.get("start_from")),
        start_to=_date(one.get("start_to")),
        lines={part: frozenset(parameters[part]) for part in PARTS if parameters.get(part)},
        seats=_seats(one.get("seats")),
        recruiting=frozenset(parameters.get("recruiting", ())),
        upcoming=one.get("upcoming") == "true",
        entry_level=int(one["entry_level"]) if "entry_level" in one else None,
        free=one.get("free") == "true",
        hours_max=_number(one.get("hours_max")),
        price_max=_number(one.get("price_max")),
        sort=one.get("sort", "relevance" if one.get("q") else "start"),
    )


def _where(one: Mapping[str, str], gazetteer: Gazetteer) -> Circle | Area | None:
    if "lat" in one:
        return Circle(float(one["lat"]), float(one["lon"]))
    if "place" not in one:
        return None
    found = resolve(gazetteer, one["place"])
    if found is None:
        raise ValueError(f"no such place, or no centre known: {one['place']!r}")
    return found


def _seats(text: str | None) -> int | str | None:
    return text if text in (None, "full", "unknown") else int(text)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str | None) -> float | None:
    return float(text) if text else None
