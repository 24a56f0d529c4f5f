"""What must hold of every verdict, checked over random questions; each check raises AssertionError with its seed."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any, Final

from funding.book import Book
from funding.evaluation.judge import judge
from funding.evaluation.verdict import Answer, Verdict
from funding.evaluation.versions import find_in_force
from funding.facts.person import Person, to_value
from funding.facts.table import PERSON
from funding.facts.values import Kleene
from funding.rule.condition import All, AnyOf, Compare, Not, Untold, walk
from tests.funding import oracle
from tests.funding.draw import Case, blur, draw_case, draw_value, hide

EVERYBODY: Final = {"vae"}  # schemes that may say yes to somebody of whom nothing is known
# Schemes that rest, for some people or offers, on something that no fact tells
UNTOLD: Final = {"prf", "region_aid", "state", "departement", "apprenticeship", "agefiph", "faf", "rfft"}
TRIES: Final = 4  # random values of a number or a date, beside those that thresholds need


def ask(book: Book, case: Case) -> Answer:
    return judge(book, case.person, case.offer, case.session, case.on)


def verdicts(answer: Answer) -> dict[str, Verdict]:
    return {verdict.scheme: verdict for verdict in (*answer.verdicts, *answer.income)}


def results(book: Book, case: Case, **facts: Any) -> dict[str, Kleene]:
    """Return the bare results with other facts of the person: the evaluator without trace and costs."""
    env = case.person.env() | case.offer.env() | case.session.env(case.offer, case.on)
    env |= {f"person.{name}": to_value(value) for name, value in facts.items()}
    starts = case.session.starts(case.on)
    return {scheme.id: find_in_force(scheme, starts, case.on).result(env) for scheme in book.schemes if scheme.versions}


def check_monotone(book: Book, chance: random.Random) -> None:
    """With more facts an unknown verdict becomes definite, and a definite one never changes."""
    full = draw_case(chance)
    known = full._replace(person=hide(chance, full.person, 0.4), offer=hide(chance, full.offer, 0.3))
    less = known._replace(
        person=hide(chance, known.person, 0.5),
        offer=hide(chance, known.offer, 0.3),
        session=blur(chance, known.session),
    )
    chain = [results(book, case) for case in (less, known, full)]
    for before, after in pairwise(chain):
        for scheme, result in before.items():
            assert result is None or after[scheme] is result, (scheme, less, known, full)


def check_missing(book: Book, chance: random.Random) -> None:
    """A fact is missing if, and only if, one value of it alone changes the verdict; and questions follow from that."""
    full = draw_case(chance)
    case = full._replace(
        person=hide(chance, full.person, chance.choice((0.2, 0.6, 1.0))), offer=hide(chance, full.offer, 0.2)
    )
    answer = ask(book, case)
    found = verdicts(answer)
    changing: dict[str, set[str]] = {scheme: set() for scheme in found}
    for short in PERSON:
        if getattr(case.person, short) is None:
            for value in _values(chance, short, case):
                for scheme, result in results(book, case, **{short: value}).items():
                    if result is not found[scheme].result:
                        changing[scheme].add(short)
    assert {scheme: set(verdict.missing) for scheme, verdict in found.items()} == changing, case
    counts = [sum(short in each for each in changing.values()) for short in answer.questions]
    assert counts == sorted(counts, reverse=True), case
    assert all(counts), case
    askable = {short for each in changing.values() for short in each if _is_asked(short, case.person)}
    assert set(answer.questions) == askable, case


def _values(chance: random.Random, short: str, case: Case) -> Iterator[Any]:
    fact = PERSON[short]
    if fact.kind == "bool":
        yield from (True, False)
    elif fact.kind == "code":
        yield from fact.values if len(fact.values) < 20 else list(fact.values)[:3]
    elif fact.kind == "number":
        yield from (0.0, 0.01, 1.0, 10_000.0)
        yield from (draw_value(chance, short) for _ in range(TRIES))
    else:
        yield from (date(1990, 1, 1), case.session.start or case.on, case.on)
        yield from (draw_value(chance, short) for _ in range(TRIES))


def _is_asked(short: str, person: Person) -> bool:
    after = {"allowance_outlasts": ("allowance", "are"), "csp_since": ("status", "csp")}.get(short)
    return after is None or getattr(person, after[0]) == after[1]


def check_order(book: Book, chance: random.Random) -> None:
    """The order of schemes, versions and conditions never matters."""
    full = draw_case(chance)
    case = full._replace(person=hide(chance, full.person, 0.4), offer=hide(chance, full.offer, 0.2))
    schemes = [
        replace(
            scheme,
            versions=tuple(
                replace(version, when=_shuffled(version.when, chance), amounts=_mixed(version.amounts, chance))
                for version in _mixed(scheme.versions, chance)
            ),
        )
        for scheme in _mixed(book.schemes, chance)
    ]
    one, other = ask(book, case), ask(replace(book, schemes=tuple(schemes)), case)
    assert _essence(one) == _essence(other), case


def _essence(answer: Answer) -> Any:
    rows = {
        name: (each.result, each.missing, each.too_late, each.remaining, set(each.amounts), each.deadlines)
        for name, each in verdicts(answer).items()
    }  # fmt: skip
    return rows, answer.remaining, answer.questions, set(answer.contradictions)


def _mixed(items: tuple[Any, ...], chance: random.Random) -> tuple[Any, ...]:
    return tuple(chance.sample(items, len(items)))


def _shuffled(condition: Any, chance: random.Random) -> Any:
    if isinstance(condition, All | AnyOf):
        return replace(condition, parts=_mixed(tuple(_shuffled(part, chance) for part in condition.parts), chance))
    return replace(condition, part=_shuffled(condition.part, chance)) if isinstance(condition, Not) else condition


def check_versions(book: Book, chance: random.Random) -> None:
    """Nothing is yes outside the dates of its versions, past their verify_by, or under a text that was not read."""
    full = draw_case(chance)
    case = full._replace(session=blur(chance, full.session) if chance.random() < 0.5 else full.session)
    starts = case.session.starts(case.on)
    for name, result in results(book, case).items():
        scheme = book.scheme(name)
        assert scheme is not None
        day = scheme.versions[0].by == "day"
        dates = (case.on,) if day else (starts.first, starts.last)
        for each in dates:
            holding = [
                version
                for version in scheme.versions
                if each is not None
                and version.first <= each <= (version.last or date.max)
                and not version.unread
                and (version.verify_by is None or case.on <= version.verify_by)
            ]
            assert result is not True or holding, (name, case)


def check_all_known(book: Book, chance: random.Random) -> None:
    """All facts known: nothing is unknown but what is marked, contradictory, or rests on what no fact tells."""
    full = draw_case(chance)
    case = full._replace(session=replace(full.session, permanent=False))
    for name, verdict in verdicts(ask(book, case)).items():
        if verdict.result is None and not verdict.doubt:
            scheme = book.scheme(name)
            assert scheme is not None
            untold = any(isinstance(each, Untold) for version in scheme.versions for each in walk(version.when))
            assert (untold and name in UNTOLD) or case.offer.is_doubtful(), (name, case)


def check_nothing_known(book: Book, chance: random.Random) -> None:
    """Of somebody of whom nothing is known nothing is yes, but what everybody may ask for."""
    case = draw_case(chance)._replace(person=Person())
    said = {name for name, result in results(book, case).items() if result is True}
    assert said <= EVERYBODY, case


def check_costs(book: Book, chance: random.Random) -> None:
    """What remains is a range from nothing to the price, and what is known of it does not grow with more facts."""
    full = draw_case(chance)
    case = full._replace(person=hide(chance, full.person, 0.4))
    answer, price = ask(book, case), case.offer.price or 0.0
    for cost in (answer.remaining, *(each.remaining for each in answer.verdicts)):
        assert cost is None or 0 <= cost.least <= cost.most <= max(price, case.offer.remaining_fees or 0.0), case
    known = verdicts(ask(book, full))
    for name, verdict in verdicts(answer).items():
        after = known[name].remaining
        if verdict.remaining and after:
            assert verdict.remaining.least <= after.least, (name, case)
            assert after.most <= max(verdict.remaining.most, full.offer.remaining_fees or 0.0), (name, case)


def check_oracle(book: Book, chance: random.Random) -> None:
    """The evaluator says what an independent reading of the files says, just below, on and above each threshold too."""
    full = draw_case(chance)
    offer = hide(chance, full.offer, chance.choice((0.0, 0.3)))
    if chance.random() < 0.5 and offer.hours is not None:
        offer = replace(offer, hours=chance.choice(thresholds(book)) + chance.choice((-1, -0.01, 0, 0.01, 1)))
    case = full._replace(person=hide(chance, full.person, chance.choice((0.0, 0.3, 0.7))), offer=offer)
    expected = {name: {0.0: False, 1.0: True}.get(value) for name, value in oracle.results(case).items()}
    assert results(book, case) == expected, case


def thresholds(book: Book) -> tuple[float, ...]:
    """Return the numbers that rules compare the hours of an offer with."""
    return tuple(
        each.threshold
        for scheme in book.schemes
        for version in scheme.versions
        for each in walk(version.when)
        if isinstance(each, Compare) and each.fact == "offer.hours"
    )


CHECKS: Final = (
    check_oracle, check_monotone, check_missing, check_order, check_versions, check_all_known, check_nothing_known,
    check_costs,
)  # fmt: skip


def run(book: Book, draws: int, first: int = 0) -> Iterator[tuple[str, int, str]]:
    """Yield check, seed and message of each failure; every seed runs every check."""
    for seed in range(first, first + draws):
        for check in CHECKS:
            try:
                check(book, random.Random(seed))
            except AssertionError as error:
                yield check.__name__, seed, str(error)[:2000]
