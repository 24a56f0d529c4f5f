"""Judges all schemes for a person, an offer and a session on a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from funding.book import Book
from funding.evaluation.contradictions import find_contradictions
from funding.evaluation.costs import Case, find_amounts, find_remaining, total
from funding.evaluation.deadlines import find_steps, is_too_late
from funding.evaluation.missing import find_missing, order_questions
from funding.evaluation.verdict import Answer, Met, Verdict
from funding.evaluation.versions import InForce, find_in_force
from funding.evaluation.words import describe, found
from funding.facts.offer import OfferFacts, SessionFacts
from funding.facts.person import Person
from funding.facts.values import Days, Env, Kleene
from funding.rule.condition import All, AnyOf, Condition, In, parts_of
from funding.rule.scheme import Scheme, Version


@dataclass(frozen=True, slots=True)
class _Question:
    """One question to the rules; ``starts`` are the days that choose the version."""

    book: Book
    offer: OfferFacts
    session: SessionFacts
    starts: Days
    on: date
    env: dict[str, Any]


def judge(book: Book, person: Person, offer: OfferFacts, session: SessionFacts | None, on: date) -> Answer:
    """Return a verdict for each scheme that has a version or had one.

    Without a session (``None``) the day of the question chooses the version; the caller looks for the earliest session
    that can still be joined first.
    """
    given = session or SessionFacts()
    starts = given.starts(on) if session else Days(on, on)
    env = person.env() | offer.env() | given.env(offer, on)
    question = _Question(book, offer, given, starts, on, env)
    verdicts = [(scheme, _judge(scheme, question)) for scheme in book.schemes if scheme.versions]
    payers = tuple(verdict for scheme, verdict in verdicts if scheme.kind == "verdict")
    income = tuple(verdict for scheme, verdict in verdicts if scheme.kind == "income")
    return Answer(
        payers,
        income,
        total(payers, offer.price),
        order_questions((*payers, *income), env),
        tuple(find_contradictions(person, offer)),
        book.version,
    )


def _judge(scheme: Scheme, question: _Question) -> Verdict:
    in_force = find_in_force(scheme, question.starts, question.on)
    result = in_force.result(question.env)
    version = in_force.versions[0] if in_force.versions else _nearest(scheme, question.starts.first)
    doubt = in_force.gap or next(filter(None, in_force.doubts), "")
    case = Case(question.book, scheme, version, result, question.offer, question.env, question.starts)
    return Verdict(
        scheme=scheme.id,
        label=scheme.label,
        result=result,
        judged=version.judged,
        too_late=is_too_late(version.deadlines, question.session, question.on),
        decides=scheme.decides,
        conditions=tuple(_trace(in_force, version, doubt, question.env)),
        missing=find_missing(in_force, question.env) if result is None else (),
        remedy=None if result else _remedy(version.when, question.env),
        remaining=find_remaining(case),
        pays=scheme.pays,
        covers=scheme.covers,
        documents=version.documents,
        deadlines=find_steps(version.deadlines, question.session, question.on),
        amounts=find_amounts(case),
        funders=scheme.funders,
        contacts=scheme.contacts,
        order=scheme.order,
        doubt=doubt,
    )


def _nearest(scheme: Scheme, day: date) -> Version:
    """Return the last version that began before a day, else the first one: what is shown where none is in force."""
    before = [version for version in scheme.versions if version.first <= day]
    return max(before, key=lambda each: each.first) if before else min(scheme.versions, key=lambda each: each.first)


def _trace(in_force: InForce, version: Version, doubt: str, env: Env) -> Iterator[Met]:
    """Yield the conditions of a version, and the doubt about it as a condition that is not known."""
    known = bool(in_force.versions)
    for part in version.when.parts:
        result: Kleene = part.result(env) if known else None
        yield Met(describe(part), result, part.note.source or version.sources[0].text, found(part, env))
    if doubt:
        yield Met(doubt, None, None)


def _remedy(when: All, env: Env) -> str | None:
    """Return what can be done about the conditions that are not met, each remedy once; None if nothing is known, or if
    one of them has none: what is done about the others then changes nothing.
    """
    told: list[str] = []
    for part in when.parts:
        remedies = list(_remedies(part, env))
        if not remedies and part.result(env) is False:
            return None
        told += remedies
    return " ; ".join(dict.fromkeys(told)) or None


def _remedies(condition: Condition, env: Env) -> Iterator[str]:
    if condition.result(env) is True:
        return
    note = condition.note
    if note.remedy and condition.result(env) is False:
        fits = not note.remedy_for or (isinstance(condition, In) and env.get(condition.fact) in note.remedy_for)
        if fits:
            yield note.remedy
    if isinstance(condition, All | AnyOf):
        for part in parts_of(condition):
            yield from _remedies(part, env)
