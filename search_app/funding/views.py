"""What is shown of a scheme on a day: the types of answers, files and pages."""

from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, field

from funding.rule.scheme import By, Covers, Pays, Role
from search_app.funding.due import DueView

State = Literal["in_force", "to_verify", "unread", "not_yet", "ended", "sheet"]
About = Literal["person", "offer", "both", "untold"]
Territory = Literal["national", "region", "department", "town"]
Join = Literal["all", "any", "not"]
STATE: Final = (
    "in_force; to_verify: its sources should have been read again before that day; unread: its text changed and was "
    "not read; not_yet, ended: no version on that day; sheet: no rule at all. Only under in_force is a verdict yes."
)


class FunderView(Struct):
    """One funder by its code of LHEO."""

    code: str
    label: str


class SourceView(Struct):
    """Where a rule or a figure comes from; without ``verified`` the text itself was not read."""

    text: str
    id: str | None
    url: str | None
    read_on: date
    as_of: date | None
    verified: bool


class ConditionView(Struct):
    """One condition in words; ``about`` says which facts it compares, ``join`` how its parts hold together.

    With ``has_own_text`` the rule has words for it, else they are made from those of its facts or parts.
    """

    text: str
    has_own_text: bool
    about: About
    source: str | None
    remedy: str | None
    join: Join | None
    parts: "list[ConditionView]"


class FigureView(Struct):
    """One figure in euros and its days; ``when`` are the conditions under which a scheme uses it."""

    id: str
    label: str
    role: Role
    euros: float
    per: Literal["once", "month"]
    is_most: bool
    from_: date = field(name="from")
    to: date
    when: list[str]
    source: SourceView


class DeadlineView(Struct):
    """What is to be done at least ``days`` before the session starts, at the earliest ``opens_days`` before."""

    what: str
    days: int
    long_absence_days: int | None
    opens_days: int | None


class VersionView(Struct):
    """What holds for sessions that start (or for questions asked: ``by``) between two days; ``to`` null has no end."""

    state: Annotated[State, Meta(description=STATE)]
    from_: date = field(name="from")
    to: date | None
    verify_by: date | None
    by: By
    unread: str | None
    judged: list[str]
    conditions: list[ConditionView]
    deadlines: list[DeadlineView]
    documents: list[str]
    figures: list[FigureView]
    sources: list[SourceView]


class ContactView(Struct):
    """A role that a person turns to; ``territory`` says how the right one is found."""

    id: str
    label: str
    territory: Territory
    what: str
    url: str | None


class SchemeView(Struct):
    """One scheme on a day; at most one of its versions is then in force, to be verified or unread."""

    id: str
    label: str
    kind: Annotated[Literal["verdict", "income"], Meta(description="the list of an offer's answer in which it is")]
    url: str
    state: Annotated[State, Meta(description=STATE)]
    summary: str
    starts: str | None
    decides: str
    pays: list[Pays]
    covers: Covers
    funders: list[FunderView]
    contacts: list[ContactView]
    versions: list[VersionView]
    sources: Annotated[list[SourceView], Meta(description="of a sheet without rule")]
    due: Annotated[list[DueView], Meta(description="what must be verified within 60 days of that day, or is overdue")]


class SchemesView(Struct):
    """All schemes on a day, in the order of the payers."""

    schemes: list[SchemeView]
    on: date
    rules_version: str


class OneSchemeView(Struct):
    """One scheme on a day."""

    scheme: SchemeView
    on: date
    rules_version: str
