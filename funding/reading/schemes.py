"""Reads the file of one scheme."""

from typing import Final

from funding.reading.conditions import read_all
from funding.reading.table import Document, Table
from funding.rule.condition import All, walk
from funding.rule.scheme import (
    BY,
    COVERS,
    PAYS,
    ROLES,
    AmountUse,
    Deadline,
    Pays,
    Scheme,
    Source,
    Version,
)
from mappings.codes import FUNDER_LABELS

KINDS: Final = ("verdict", "income")
SCHEME_KEYS: Final = (
    *("id", "label", "kind", "funders", "pays", "covers", "order", "decides", "summary", "starts", "contacts"),
    *("judged", "documents", "version", "source"),
)
VERSION_KEYS: Final = (
    *("from", "to", "verify_by", "on", "all", "source", "deadlines", "documents", "amount", "judged", "unread"),
)
ID_START: Final = "LEGIARTI"


def read_scheme(document: Document) -> Scheme:
    """Return the scheme of a document; its faults are noted there."""
    table = Table(document, (), document.data)
    table.allow(SCHEME_KEYS)
    stem = document.name.rsplit("/", 1)[-1].removesuffix(".toml")
    if table.text("id") != stem:
        table.fault(f"id: the name of the file is expected, {stem!r}", "id")
    pays = table.texts("pays", PAYS)
    if not pays:
        table.fault(f"pays: one or more of {', '.join(PAYS)} are expected", "pays")
    versions = tuple(_version(each, table) for each in table.tables("version"))
    sources = tuple(map(read_source, table.tables("source")))
    if not versions and not sources:
        table.fault("a source is expected: in each version, or of a sheet without versions")
    return Scheme(
        id=stem,
        label=table.text("label"),
        kind=table.choice("kind", KINDS, "verdict"),
        funders=table.texts("funders", FUNDER_LABELS),
        pays=tuple(each for each in PAYS if each in pays) or _FEES,
        covers=table.choice("covers", COVERS),
        order=table.whole("order"),
        decides=table.text("decides"),
        summary=table.text("summary"),
        starts=table.text("starts", ""),
        contacts=table.texts("contacts"),
        versions=versions,
        sources=sources,
    )


_FEES: Final[tuple[Pays, ...]] = ("fees",)


def read_source(table: Table) -> Source:
    """Return one source."""
    table.allow(("text", "id", "read_on", "as_of", "verified"))
    identifier = table.text("id", "")
    if identifier and not identifier.startswith(ID_START):
        table.fault(f"id: an identifier of Légifrance is expected, {ID_START}…; leave it out if it is not known", "id")
    read_on, as_of = table.required_day("read_on"), table.day("as_of")
    if as_of is not None and as_of > read_on:
        table.fault("as_of: a day not after read_on is expected", "as_of")
    return Source(table.text("text"), read_on, identifier, as_of, table.flag("verified", True))


def _version(table: Table, scheme: Table) -> Version:
    table.allow(VERSION_KEYS)
    first, last, verify_by = table.required_day("from"), table.day("to"), table.day("verify_by")
    if last is None and verify_by is None:
        table.fault("a version has an end (to) or a day by which it is read again (verify_by)")
    if last is not None and last < first:
        table.fault("to: a day not before from is expected", "to")
    sources = tuple(map(read_source, table.tables("source")))
    if not sources:
        table.fault("a source is expected: [[version.source]]")
    when = read_all(table)
    if not when.parts:
        table.fault("all: at least one condition is expected", "all")
    _check_sources(table, when, {source.text for source in sources})
    return Version(
        first=first,
        last=last,
        verify_by=verify_by,
        by=table.choice("on", BY, BY[0]),
        when=when,
        sources=sources,
        deadlines=tuple(map(_deadline, table.tables("deadlines"))),
        documents=table.texts("documents") or scheme.texts("documents"),
        amounts=tuple(map(_amount, table.tables("amount"))),
        judged=table.texts("judged") or scheme.texts("judged"),
        unread=table.text("unread", ""),
    )


def _check_sources(table: Table, when: All, known: set[str]) -> None:
    for condition in walk(when):
        if condition.note.source and condition.note.source not in known:
            table.fault(f"source {condition.note.source!r} of a condition is none of the version’s", "all")


def _deadline(table: Table) -> Deadline:
    table.allow(("what", "days", "long_absence_days", "opens_days"))
    days = table.whole("days")
    longer = table.whole("long_absence_days") if "long_absence_days" in table.data else None
    opens = table.whole("opens_days") if "opens_days" in table.data else None
    if longer is not None and longer <= days:
        table.fault("long_absence_days: more than days are expected", "long_absence_days")
    if opens is not None and opens <= days:
        table.fault("opens_days: more than days are expected", "opens_days")
    return Deadline(table.text("what"), days, longer, opens)


def _amount(table: Table) -> AmountUse:
    table.allow(("amount", "role", "all"))
    return AmountUse(table.text("amount"), table.choice("role", ROLES), read_all(table))
