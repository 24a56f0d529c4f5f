"""The schemes of the stored rules as sheets on a day, for API, files and pages."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from funding import Book
from funding.evaluation.words import describe
from funding.rule.condition import All, AnyOf, Condition, Not, facts_of, parts_of
from funding.rule.scheme import Amount, AmountUse, Contact, Role, Scheme, Source, Version
from mappings.codes import FUNDER_LABELS
from search_app.base.errors import NotFound
from search_app.funding.due import DueView, due_by_scheme
from search_app.funding.views import (
    About,
    ConditionView,
    ContactView,
    DeadlineView,
    FigureView,
    FunderView,
    Join,
    SchemeView,
    SourceView,
    State,
    VersionView,
)

PATH: Final = "/financements"
CURRENT: Final = frozenset(("in_force", "to_verify", "unread"))
LEGIFRANCE: Final = "https://www.legifrance.gouv.fr/codes/article_lc/"


def current_of(scheme: SchemeView) -> VersionView | None:
    """Return the version of the sheet's day, None if there is none."""
    return next((each for each in scheme.versions if each.state in CURRENT), None)


def to_schemes(book: Book, on: date) -> list[SchemeView]:
    """Return all sheets on a day, in the order of the payers."""
    due = due_by_scheme(book, on)
    return [_scheme(book, scheme, on, due[scheme.id]) for scheme in book.schemes]


def to_scheme(book: Book, identifier: str, on: date) -> SchemeView:
    """Return the sheet of a scheme on a day; raises NotFound."""
    scheme = book.scheme(identifier)
    if scheme is None:
        raise NotFound("Aucun financement n’a de fiche sous ce nom.")
    return _scheme(book, scheme, on, due_by_scheme(book, on)[identifier])


def _scheme(book: Book, scheme: Scheme, on: date, due: list[DueView]) -> SchemeView:
    versions = [_version(book, each, on) for each in scheme.versions]
    state = next((each.state for each in versions if each.state in CURRENT), None)
    return SchemeView(
        id=scheme.id,
        label=scheme.label,
        kind=scheme.kind,
        url=f"{PATH}/{scheme.id}",
        state=state or _state_without(scheme, on),
        summary=scheme.summary,
        starts=scheme.starts or None,
        decides=scheme.decides,
        pays=list(scheme.pays),
        covers=scheme.covers,
        funders=[FunderView(code, FUNDER_LABELS[code]) for code in scheme.funders],
        contacts=[_contact(book.contacts[name]) for name in scheme.contacts if name in book.contacts],
        versions=versions,
        sources=list(map(_source, scheme.sources)),
        due=due,
    )


def _state_without(scheme: Scheme, on: date) -> State:
    if not scheme.versions:
        return "sheet"
    return "not_yet" if any(version.first > on for version in scheme.versions) else "ended"


def _state(version: Version, on: date) -> State:
    if not version.first <= on <= version.end:
        return "not_yet" if version.first > on else "ended"
    if version.unread:
        return "unread"
    return "to_verify" if version.doubt(on) else "in_force"


def _version(book: Book, version: Version, on: date) -> VersionView:
    return VersionView(
        state=_state(version, on),
        from_=version.first,
        to=version.last,
        verify_by=version.verify_by,
        by=version.by,
        unread=version.unread or None,
        judged=list(version.judged),
        conditions=list(map(to_condition, version.when.parts)),
        deadlines=[
            DeadlineView(each.what, each.days, each.long_absence_days, each.opens_days) for each in version.deadlines
        ],
        documents=list(version.documents),
        figures=[view for use in version.amounts for view in _figures(book, use, version)],
        sources=list(map(_source, version.sources)),
    )


def to_condition(condition: Condition) -> ConditionView:
    """Return a condition in words, with those inside it."""
    note = condition.note
    join: Join | None = None
    if isinstance(condition, All | AnyOf | Not):
        join = "all" if isinstance(condition, All) else "any" if isinstance(condition, AnyOf) else "not"
    return ConditionView(
        text=describe(condition),
        has_own_text=bool(note.text),
        about=_about(condition),
        source=note.source or None,
        remedy=note.remedy or None,
        join=join,
        parts=[to_condition(part) for part in parts_of(condition)],
    )


def _about(condition: Condition) -> About:
    sides = {name.startswith("person.") for name in facts_of(condition)}
    if not sides:
        return "untold"
    return "both" if len(sides) > 1 else "person" if True in sides else "offer"


def _figures(book: Book, use: AmountUse, version: Version) -> Iterator[FigureView]:
    """Yield the figures of an amount that hold on some day of a version."""
    when = [describe(part) for part in use.when.parts]
    for amount in book.amounts.get(use.amount, ()):
        if amount.first <= version.end and version.first <= amount.last:
            yield _figure(amount, use.role, when)


def _figure(amount: Amount, role: Role, when: list[str]) -> FigureView:
    return FigureView(
        id=amount.id,
        label=amount.label,
        role=role,
        euros=amount.euros,
        per=amount.per,
        is_most=amount.is_most,
        from_=amount.first,
        to=amount.last,
        when=when,
        source=_source(amount.source),
    )


def _source(source: Source) -> SourceView:
    return SourceView(
        text=source.text,
        id=source.id or None,
        url=f"{LEGIFRANCE}{source.id}" if source.id else None,
        read_on=source.read_on,
        as_of=source.as_of,
        verified=source.verified,
    )


def _contact(contact: Contact) -> ContactView:
    return ContactView(contact.id, contact.label, contact.territory, contact.what, contact.url or None)
