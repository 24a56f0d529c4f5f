"""The dossier: who pays, what remains, what one lives on, what is to be done and by when; printed on two pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from funding import Answer, Book, Person, SessionFacts
from funding.facts.fact import Fact as PersonFact
from funding.facts.table import PERSON
from search_app.pages.funding.asked.facts import answered_facts
from search_app.pages.funding.dossier.entering import entering_text
from search_app.pages.funding.dossier.income import IncomeRow, build_aids, build_income
from search_app.pages.funding.dossier.lead import find_lead
from search_app.pages.funding.dossier.payers import Group, build_groups
from search_app.pages.funding.dossier.sources import SourceLine, build_sources
from search_app.pages.funding.dossier.steps import (
    ContactRow,
    StepRow,
    build_contacts,
    build_documents,
    build_steps,
    that_matter,
)
from search_app.pages.funding.dossier.summary import Summary, build_summary
from search_app.pages.offer.sessions import SessionRow
from search_app.text import wording
from search_app.text.dates import french_day

MOST_ROWS: Final = 16  # payers and incomes that fit two printed pages in letters of the usual size
NOTHING_KNOWN: Final = "Aucune réponse"


@dataclass(frozen=True, slots=True, repr=False)
class Dossier:
    """One answer; ``told`` are the answers that it rests on, in words, ``refusals`` the schemes that do not pay."""

    summary: Summary
    told: tuple[str, ...]
    contradictions: tuple[str, ...]
    payers: tuple[Group, ...]
    refusals: tuple[Group, ...]
    income: tuple[IncomeRow, ...]
    aids: tuple[IncomeRow, ...]
    steps: tuple[StepRow, ...]
    documents: tuple[str, ...]
    contacts: tuple[ContactRow, ...]
    sources: tuple[SourceLine, ...]
    day: str
    rules_version: str

    @property
    def is_long(self) -> bool:
        """Tell whether it needs smaller letters to fit two printed pages."""
        return sum(len(group.rows) for group in self.payers) + len(self.income) > MOST_ROWS


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """What was asked and answered: a person, a session of an offer (its facts and its row), a day."""

    book: Book
    person: Person
    answer: Answer
    session: SessionFacts | None
    row: SessionRow | None
    on: date


def build_dossier(case: Case) -> Dossier:
    """Return the dossier of an answer."""
    book, answer = case.book, case.answer
    lead, matter = find_lead(answer), that_matter(answer)
    groups = build_groups(answer.verdicts, lead.first.scheme if lead else "")
    steps = build_steps(book, matter, case.session, case.row, case.on)
    return Dossier(
        summary=build_summary(answer, steps, case.on, entering_text(case.session, case.row, case.on)),
        told=tuple(_told(case.person)) or (NOTHING_KNOWN,),
        contradictions=tuple(map(wording.typeset, answer.contradictions)),
        payers=tuple(group for group in groups if not group.folded),
        refusals=tuple(group for group in groups if group.folded),
        income=build_income(book, answer, case.person),
        aids=build_aids(book, answer, case.person),
        steps=steps,
        documents=build_documents(matter),
        contacts=build_contacts(book, matter, case.person),
        sources=build_sources(book, matter, case.session, case.on),
        day=french_day(case.on),
        rules_version=answer.rules_version,
    )


def _told(person: Person) -> Iterator[str]:
    for short in answered_facts(person):
        yield wording.typeset(_words(PERSON[short], getattr(person, short)))


def _words(fact: PersonFact, value: Any) -> str:
    if fact.kind == "bool":
        return fact.values["true" if value else "false"]
    text = wording.euros(value) if fact.kind == "number" else f"{value:%d/%m/%Y}" if fact.kind == "date" else ""
    return f"{fact.label} : {text or fact.values[value]}"
