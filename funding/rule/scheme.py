"""A scheme: who pays what for whom, in versions of the law with their sources."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, get_args

from funding.rule.condition import All, Condition, facts_of, walk

Pays = Literal["fees", "income", "aid"]
Covers = Literal["full", "capped", "part", "complement"]
By = Literal["session_start", "day"]  # what chooses the version: the start of the session, or the day of the question
Role = Literal["cap", "share", "pays"]  # most that is paid of the fees, the person's own share, what a person receives

PAYS: Final[tuple[Pays, ...]] = get_args(Pays)
COVERS: Final[tuple[Covers, ...]] = get_args(Covers)
BY: Final[tuple[By, ...]] = get_args(By)
ROLES: Final[tuple[Role, ...]] = get_args(Role)
FOREVER: Final = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule or an amount comes from.

    ``read_on`` is the day on which somebody read it, ``as_of`` the state of the text then; ``verified`` is false for an
    excerpt or a report: the text itself was not read.
    """

    text: str
    read_on: date
    id: str = ""
    as_of: date | None = None
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something to do at least ``days`` before the session starts; ``long_absence_days`` if it lasts six months or
    more. ``opens_days`` is how early it can be done, if there is a first day.
    """

    what: str
    days: int
    long_absence_days: int | None = None
    opens_days: int | None = None


@dataclass(frozen=True, slots=True)
class AmountUse:
    """An amount of ``amounts.toml`` that applies where the conditions hold."""

    amount: str
    role: Role
    when: All


@dataclass(frozen=True, slots=True)
class Version:
    """What holds for sessions that start between two days, or for questions of these days; both days are inclusive.

    ``unread`` says why nobody can say yes under this version: its text changes and was not read. Past ``verify_by`` a
    yes is unknown, too, until somebody has read the sources again. ``conditions`` are all those inside ``when``, and
    ``facts`` the names of what they compare: each search for a person asks for them.
    """

    first: date
    last: date | None
    verify_by: date | None
    by: By
    when: All
    sources: tuple[Source, ...]
    deadlines: tuple[Deadline, ...] = ()
    documents: tuple[str, ...] = ()
    amounts: tuple[AmountUse, ...] = ()
    judged: tuple[str, ...] = ()
    unread: str = ""
    conditions: tuple[Condition, ...] = field(init=False, repr=False, compare=False)
    facts: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Take the conditions apart."""
        object.__setattr__(self, "conditions", tuple(walk(self.when)))
        object.__setattr__(self, "facts", frozenset(facts_of(self.when)))

    @property
    def end(self) -> date:
        """Return the last day, FOREVER if there is none."""
        return self.last or FOREVER

    def doubt(self, on: date) -> str:
        """Return why this version cannot say yes on a day; empty if it can."""
        if self.unread:
            return self.unread
        if self.verify_by is not None and on > self.verify_by:
            return f"Règle à relire : ses sources devaient être vérifiées avant le {self.verify_by:%d/%m/%Y}"
        return ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way of paying; without a version it is a sheet only, and no verdict is given on it."""

    id: str
    label: str
    kind: Literal["verdict", "income"]
    funders: tuple[str, ...]
    pays: tuple[Pays, ...]
    covers: Covers
    order: int
    decides: str
    summary: str
    starts: str
    contacts: tuple[str, ...]
    versions: tuple[Version, ...]
    sources: tuple[Source, ...] = ()  # of a sheet without versions

    @property
    def has_conditions(self) -> bool:
        """Tell whether any version has a condition."""
        return any(version.when.parts for version in self.versions)

    def amounts(self) -> Iterator[AmountUse]:
        """Yield the amounts of all versions."""
        for version in self.versions:
            yield from version.amounts


@dataclass(frozen=True, slots=True)
class Amount:
    """One figure in euros between two days; ``per`` is what it is paid for: once, or for a month."""

    id: str
    label: str
    euros: float
    per: Literal["once", "month"]
    first: date
    last: date
    source: Source
    is_most: bool = False  # « jusqu’à »

    def holds(self, first: date, last: date | None) -> bool:
        """Tell whether it is the figure of every day of a period."""
        return self.first <= first and last is not None and last <= self.last


@dataclass(frozen=True, slots=True)
class Contact:
    """A role that a person turns to; ``territory`` says how the right one is found.

    ``ages`` are the values of that fact of the persons whom it is for, none: everybody.
    """

    id: str
    label: str
    territory: Literal["national", "region", "department", "town"]
    what: str
    url: str = ""
    ages: tuple[str, ...] = ()
