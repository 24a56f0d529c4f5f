"""Reads ``amounts.toml`` and ``contacts.toml``."""

from typing import Final, Literal

from funding.facts.person_facts import AGES
from funding.reading.schemes import read_source
from funding.reading.table import Document, Table
from funding.rule.scheme import Amount, Contact

PER: Final[tuple[Literal["once", "month"], ...]] = ("once", "month")
TERRITORIES: Final[tuple[Literal["national", "region", "department", "town"], ...]] = (
    *("national", "region", "department", "town"),
)


def read_amounts(document: Document) -> tuple[Amount, ...]:
    """Return the amounts of a document: ``[[amount]]``; one identifier may have several periods."""
    table = Table(document, (), document.data)
    table.allow(("amount",))
    amounts = [_amount(each) for each in table.tables("amount")]
    for number, one in enumerate(amounts):
        if any(
            one.id == other.id and one.first <= other.last and other.first <= one.last for other in amounts[:number]
        ):
            table.fault(f"amount {one.id!r} has two figures for the same days", "amount", number)
    return tuple(amounts)


def _amount(table: Table) -> Amount:
    table.allow(("id", "label", "euros", "per", "from", "to", "is_most", "source"))
    first, last = table.required_day("from"), table.required_day("to")
    if last < first:
        table.fault("to: a day not before from is expected", "to")
    euros = table.number("euros")
    if euros <= 0:
        table.fault("euros: more than 0 is expected", "euros")
    source = read_source(Table(table.document, (*table.path, "source"), table.data.get("source", {})))
    return Amount(
        table.text("id"), table.text("label"), euros, table.choice("per", PER), first, last, source,
        table.flag("is_most", False),
    )  # fmt: skip


def read_contacts(document: Document) -> tuple[Contact, ...]:
    """Return the contacts of a document: ``[[contact]]``, roles and not addresses."""
    table = Table(document, (), document.data)
    table.allow(("contact",))
    contacts: list[Contact] = []
    for row in table.tables("contact"):
        row.allow(("id", "label", "territory", "what", "url", "ages"))
        contact = Contact(
            row.text("id"),
            row.text("label"),
            row.choice("territory", TERRITORIES),
            row.text("what"),
            row.text("url", ""),
            row.texts("ages", AGES),
        )
        if any(contact.id == other.id for other in contacts):
            row.fault(f"id: {contact.id!r} is there twice", "id")
        if contact.url and not contact.url.startswith("https://"):
            row.fault("url: an address that begins with https:// is expected", "url")
        contacts.append(contact)
    return tuple(contacts)
