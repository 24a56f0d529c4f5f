"""What is to be done and by when, what is to be handed in, and whom to turn to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, groupby, repeat
from typing import Final

from funding import Answer, Book, Person, SessionFacts, Step, Verdict, find_contacts
from funding.evaluation.deadlines import NOT_BEFORE
from funding.facts.values import Days
from funding.rule.scheme import Scheme
from search_app.pages.funding.dossier.deadline_rules import rules_of
from search_app.pages.funding.dossier.lead import find_lead
from search_app.pages.funding.dossier.payers import in_order
from search_app.pages.funding.dossier.words import tone_of
from search_app.pages.offer.facts import Value
from search_app.pages.offer.sessions import SessionRow
from search_app.text import wording
from search_app.text.dates import french_day

_SUFFIX: Final = f" ({NOT_BEFORE})"
WHOSE: Final = f"{wording.NBSP}; "  # between the schemes that need one and the same step
_LAST: Final = date.max
_NO_DAY: Final = date.min
_BEFORE: Final = "avant le début"  # a step whose own words are the rule


@dataclass(frozen=True, slots=True, repr=False)
class StepRow:
    """One step; ``when`` is its day or a rule in words, or empty, ``who`` names the schemes that need it."""

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

    Those that an answer is told by, the first one first; and beside them what the person would live on.
    """
    verdicts = in_order((*answer.verdicts, *answer.income))
    lead = find_lead(answer)
    payers = (lead.first, *lead.others) if lead else ()
    living = [each for each in verdicts if "fees" not in each.pays and tone_of(each) in ("paid", "possible")]
    return (*payers, *living)


def build_steps(
    book: Book, verdicts: Iterable[Verdict], session: SessionFacts | None, row: SessionRow | None, on: date
) -> tuple[StepRow, ...]:
    """Return the steps of a session (its facts and its row), those without a date first: they are how to begin."""
    # The dates of a session whose start is not known to the day are those of its first possible day.
    start = session.start if session and session.start != session.start_last and not session.permanent else None
    if_first = f", si la session commence le {french_day(start)}" if start else ""
    starts = session.starts(on) if session else Days(on, on)
    rows: dict[tuple[str, str], StepRow] = {}
    for verdict in verdicts:
        scheme = book.scheme(verdict.scheme)
        for step in _steps(verdict, scheme, rules_of(scheme, starts, on), on, if_first) if scheme else ():
            same = rows.get((step.when, step.what))
            rows[step.when, step.what] = replace(step, who=f"{same.who}{WHOSE}{step.who}") if same else step
    return tuple(sorted((*rows.values(), *_enrolment(row)), key=lambda step: step.day))


def _steps(verdict: Verdict, scheme: Scheme, rules: Sequence[str], on: date, if_first: str) -> Iterator[StepRow]:
    """Yield the steps of one scheme: what turns its verdict into a yes, how to begin, deadlines."""
    label, begins = wording.typeset(verdict.label), wording.typeset(scheme.starts)
    if verdict.remedy and tone_of(verdict) == "check":
        yield StepRow("", wording.typeset(verdict.remedy), label, _NO_DAY, passed=False)
    steps = [_dated(step, rule, label, on, if_first) for step, rule in _with_rules(verdict.deadlines, rules)]
    steps = [*_joined(steps, if_first)]
    first = next((step for step in steps if begins.startswith(step.what)), None)
    if first:  # how to begin has a deadline: one step
        steps[steps.index(first)] = replace(first, what=begins)
    elif begins:
        yield StepRow("", begins, label, _NO_DAY, passed=False)
    yield from steps


def _joined(steps: Iterable[StepRow], if_first: str) -> Iterator[StepRow]:
    """Yield steps, the first and the last day of one and the same as one."""
    for _, group in groupby(steps, key=lambda step: step.what):
        first, *rest = group
        last = rest[-1] if rest else first
        whens = [first.when.removesuffix(if_first) if rest else first.when, *(step.when for step in rest)]
        told = [when for when in whens if when]
        yield replace(last, when=", ".join((*told[:1], *(f"{when[:1].lower()}{when[1:]}" for when in told[1:]))))


def _with_rules(steps: Iterable[Step], rules: Sequence[str]) -> Iterator[tuple[Step, str]]:
    return zip(steps, chain(rules, repeat("")), strict=False)


def _enrolment(row: SessionRow | None) -> Iterator[StepRow]:
    if row and row.enrolment and not row.closed:
        yield StepRow(row.enrolment, "Inscription auprès de l’organisme", "", _LAST, passed=False)


def _dated(step: Step, rule: str, label: str, on: date, if_first: str) -> StepRow:
    """Return a step with its day, or with the ``rule`` in words where none can be computed."""
    opens, what = step.what.endswith(_SUFFIX), wording.typeset(step.what.removesuffix(_SUFFIX))
    if step.day is None or (if_first and step.day < on):
        when = "" if _BEFORE in what else wording.typeset(rule)
        return StepRow(when, what, label, _NO_DAY, passed=False)
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
