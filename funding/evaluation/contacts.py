"""Whom to ask about a verdict: roles, with the territory of the person where it is known."""

from collections.abc import Iterator
from dataclasses import dataclass

from funding.book import Book
from funding.evaluation.verdict import Verdict
from funding.facts.person import Person
from funding.rule.scheme import Contact
from mappings.codes import department_labels, region_by_department, region_labels


@dataclass(frozen=True, slots=True)
class Asked:
    """One contact; ``where`` is the region or the département of the person, empty if it is not known or not needed."""

    contact: Contact
    where: str


def find_contacts(book: Book, verdict: Verdict, person: Person) -> Iterator[Asked]:
    """Yield the contacts of a verdict's scheme in the order of its rule, but those for persons of another age."""
    for name in verdict.contacts:
        contact = book.contacts.get(name)
        if contact is not None and (person.age is None or not contact.ages or person.age in contact.ages):
            yield Asked(contact, _where(contact, person.department))


def _where(contact: Contact, department: str | None) -> str:
    if department is None or contact.territory == "national":
        return ""
    if contact.territory == "region":
        return region_labels()[region_by_department()[department]]
    return department_labels()[department]
