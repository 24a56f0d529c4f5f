"""The rows that the oracle counts over: one training action each, as a flat truth file tells it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.oracle.dates import Span
from tests.oracle.lines import UNTOLD, Line

# The facets that the oracle evaluates. Values of the first are codes that a truth file states as they are.
STATED = ("nsf", "rhythm", "rome", "level", "audience", "mode", "entry", "state_funded", "provider", "trainer")
ON_OFFERS = ("region", "department", "employment_zone", "domain", *STATED)
ON_SESSIONS = ("funder", "recruiting", "seats")
ON_LINES = ("programme", "market")
ON_REQUEST = frozenset(("employment_zone", "trainer", *ON_LINES))  # listed where asked for, or chosen
# The filters that take "unknown" for rows without a value.
WITH_UNTOLD = frozenset((
    *("level", "domain", "rome", "region", "department", "audience", "funder", "provider", "rncp"),
    *("employment_zone", "programme", "market", "trainer", "mode", "entry", "state_funded"),
))  # fmt: skip
UNCOUNTED = ("rncp", "training")  # filters by code without a list of counts
FREE_FUNDERS = frozenset(("2", "3", "4", "6", "7", "8", "9", "11", "12", "13", "14", "15", "16"))


@dataclass(frozen=True, slots=True)
class Session:
    """One session; ``available`` holds only figures that are known, of any funder that a statement named."""

    id: str
    start: Span | None
    end: Span | None
    recruiting: str
    available: Mapping[str, int]
    capacity: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an action takes place, as far as it can be told."""

    region: str | None = None
    department: str | None = None
    lat: float | None = None
    lon: float | None = None
    communes: frozenset[str] = frozenset()
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One action; ``values`` are what it counts for in each facet, ``answers_to`` what its filters accept.

    ``training`` is the same text for actions of one training; the key that an app made of it is in ``answers_to``.
    """

    id: str
    title: str
    values: Mapping[str, frozenset[str]]
    answers_to: Mapping[str, frozenset[str]]
    lines: tuple[Line, ...] = ()
    mode: str | None = None
    permanent: bool = False
    entry_level: int | None = None
    hours: float | None = None
    price: float | None = None
    places: tuple[Place, ...] = ()
    sessions: tuple[Session, ...] = ()
    training: str = ""

    @property
    def funders(self) -> frozenset[str]:
        """The funders of its lines."""
        return frozenset(line.funder for line in self.lines if line.funder)

    def accepts(self, name: str, wanted: frozenset[str]) -> bool:
        """Tell whether a filter holds."""
        values = self.answers_to[name]
        return not wanted.isdisjoint(values) or (UNTOLD in wanted and name in WITH_UNTOLD and not values)


def make_row(
    identifier: str,
    title: str,
    *,
    codes: Mapping[str, list[str]],
    lines: tuple[Line, ...] | None = None,
    places: tuple[Place, ...] = (),
    sessions: tuple[Session, ...] = (),
    entry_level: int | None = None,
    hours: float | None = None,
    price: float | None = None,
) -> Row:
    """Build a row; ``codes`` has lists under each of STATED, formacode, rncp and funder, an unknown one being left out.

    ``lines`` are the funder lines; without them those of the funders, which tell nothing else.

    Provider is a SIREN, state_funded ``true`` or ``false``. Title, rs, certifinfo, rncp and formacode say which
    training it is.
    """
    values = {name: frozenset(codes.get(name, ())) for name in STATED}
    values["domain"] = frozenset(code[:3] for code in codes.get("formacode", ()))
    values["region"] = frozenset(place.region for place in places if place.region)
    values["department"] = frozenset(place.department for place in places if place.department)
    values["employment_zone"] = frozenset(place.zone for place in places if place.zone)
    rncp = frozenset(code.upper().removeprefix("RNCP") for code in codes.get("rncp", ()))
    domains = values["domain"] | frozenset(codes.get("formacode", ()))
    answers_to = {**values, "domain": domains, "rncp": rncp, "training": frozenset[str]()}
    return Row(
        id=identifier,
        title=title,
        values=values,
        answers_to=answers_to,
        lines=tuple(map(Line, codes.get("funder", ()))) if lines is None else lines,
        mode=next(iter(codes.get("mode", ())), None),
        permanent="permanent" in codes.get("entry", ()),
        entry_level=entry_level,
        hours=hours,
        price=price,
        places=places,
        sessions=sessions,
        training=training_of(title, codes),
    )


def training_of(title: str, codes: Mapping[str, list[str]]) -> str:
    """Return what tells one training from another, see docs/decisions/0008-what-a-training-is.md."""
    words = " ".join(re.findall(r"[a-z0-9]+", _plain(title)))
    registers = [f"{name}:{code}" for name in ("certifinfo", "rncp", "rs") for code in sorted(codes.get(name, ()))]
    domains = sorted({code[:3] for code in codes.get("formacode", ())})
    return f"{words} / {' '.join(registers or domains)}"


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
