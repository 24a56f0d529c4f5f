"""What is to be done and by when, what is to be handed in, and whom to turn to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from funding import Answer, Book, Person, SessionFacts, Step, Verdict, find_contacts
from funding.evaluation.deadlines import NOT_BEFORE
from search_app.pages.funding.dossier.payers import in_order
from search_app.pages.funding.dossier.words import pays_all, tone_of
from search_app.pages.offer.facts import Value
from search_app.pages.offer.sessions import SessionRow
from search_app.text import wording
from search_app.text.dates import french_day

_SUFFIX: Final = f" ({NOT_BEFORE})"
_LAST: Final = date.max


@dataclass(frozen=True, slots=True, repr=False)
class StepRow:
    """One step; ``when`` is empty where no date can be computed, ``who`` names the scheme that needs it."""

    when: str
    what: str
    who: str
    day: date
    passed: bool


@dataclass(frozen=True, slots=True, repr=False)
class ContactRow:
    """Whom to turn to: a role, in the territory of the person where it is known."""

    label: str
    where: str
    what: str
    link: Value | None


def that_matter(answer: Answer) -> tuple[Verdict, ...]:
    """Return the verdicts that steps, documents and contacts are about.

    Those that surely pay all, else those that may pay, else those to be checked; and beside them what the
    person would live on.
    """
    verdicts = in_order((*answer.verdicts, *answer.income))
    payers = [each for each in verdicts if "fees" in each.pays]
    groups = (
        [each for each in payers if pays_all(each)],
        [each for each in payers if tone_of(each) in ("paid", "possible")],
        [each for each in payers if tone_of(each) == "check"],
    )
    living = [each for each in verdicts if "fees" not in each.pays and tone_of(each) in ("paid", "possible")]
    return (*next(filter(None, groups), []), *living)


def build_steps(
    book: Book, verdicts: Iterable[Verdict], session: SessionFacts | None, row: SessionRow | None, on: date
) -> tuple[StepRow, ...]:
    """Return the steps of a session (its facts and its row), those without a date first: they are how to begin."""
    # The dates of a session whose start is not known to the day are those of its first possible day.
    start = session.start if session and session.start != session.start_last and not session.permanent else None
    if_first = f", si la session commence le {french_day(start)}" if start else ""
    steps = dict.fromkeys(_steps(book, verdicts, row, on, if_first))
    return tuple(sorted(steps, key=lambda step: step.day))


def _steps(
    book: Book, verdicts: Iterable[Verdict], row: SessionRow | None, on: date, if_first: str
) -> Iterator[StepRow]:
    for verdict in verdicts:
        scheme = book.scheme(verdict.scheme)
        label = wording.typeset(verdict.label)
        if scheme and scheme.starts:
            yield StepRow("", wording.typeset(scheme.starts), label, date.min, passed=False)
        for step in verdict.deadlines:
            yield _dated(step, label, on, if_first)
    if row and row.enrolment and not row.closed:
        yield StepRow(row.enrolment, "Inscription auprès de l’organisme", "", _LAST, passed=False)


def _dated(step: Step, label: str, on: date, if_first: str) -> StepRow:
    opens, what = step.what.endswith(_SUFFIX), wording.typeset(step.what.removesuffix(_SUFFIX))
    if step.day is None or (if_first and step.day < on):
        return StepRow("", what, label, date.min, passed=False)
    when = f"{'À partir du' if opens else 'Au plus tard le'} {french_day(step.day)}{if_first}"
    return StepRow(when, what, label, step.day, passed=step.day < on and not opens)


def build_documents(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Return each document once."""
    return tuple(dict.fromkeys(wording.typeset(text) for verdict in verdicts for text in verdict.documents))


def build_contacts(book: Book, verdicts: Sequence[Verdict], person: Person) -> tuple[ContactRow, ...]:
    """Return each role once, in the order of the schemes."""
    asked = dict.fromkeys(each for verdict in verdicts for each in find_contacts(book, verdict, person))
    return tuple(
        ContactRow(
            wording.typeset(each.contact.label),
            each.where,
            wording.typeset(each.contact.what),
            Value(each.contact.url.removeprefix("https://"), each.contact.url) if each.contact.url else None,
        )
        for each in asked
    )
