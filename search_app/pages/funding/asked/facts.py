"""Which facts of a person are asked for, and in which order."""

from collections.abc import Iterable, Iterator
from typing import Final

from funding import Answer, Book, Person, Verdict
from funding.facts.table import PERSON
from funding.rule.condition import facts_of
from funding.rule.scheme import Scheme

MOST_AT_ONCE: Final = 12
# Asked only where an offer makes them matter: they are about some kinds of training, or about few people.
OF_SOME_OFFERS: Final = frozenset(
    (
        "offer_filed",
        "holds_licence",
        "third_party_100",
        "bilan_within_5_years",
        "apprenticeship_derogation",
        "former_cui",
        "agreement_2100_hours",
    )
)
CONTACTS: Final = "department"  # no rule needs it, contacts do


def answered_facts(person: Person) -> tuple[str, ...]:
    """Return the facts that are known, in the order of their table."""
    return tuple(short for short in PERSON if getattr(person, short) is not None)


def open_facts(book: Book, answer: Answer, person: Person) -> tuple[str, ...]:
    """Return the facts to ask for, the one that settles most verdicts first: then those that an amount depends on, and
    where the person lives, which decides whom to turn to.
    """
    order = dict.fromkeys((*answer.questions, *_of_amounts(book, answer, person)))
    rest = (CONTACTS,) if person.department is None else ()
    return (*tuple(each for each in order if each != CONTACTS)[: MOST_AT_ONCE - len(rest)], *rest)


def facts_of_fees(book: Book) -> tuple[str, ...]:
    """Return the facts to ask for where no offer is given: those that most schemes that pay fees depend on.

    Facts of some offers, and those that are asked after another one only, are not among them: an offer's page asks.
    """
    counts = {short: 0 for short, fact in PERSON.items() if short not in OF_SOME_OFFERS and fact.after is None}
    for scheme in book.schemes:
        if "fees" in scheme.pays:
            for short in counts.keys() & _persons(facts_of(version.when) for version in scheme.versions):
                counts[short] += 1
    asked = [short for short, count in counts.items() if count]
    return tuple(sorted(asked, key=lambda short: -counts[short])[:MOST_AT_ONCE])


def _of_amounts(book: Book, answer: Answer, person: Person) -> Iterator[str]:
    for verdict in (*answer.verdicts, *answer.income):
        scheme = book.scheme(verdict.scheme)
        if scheme and _may_pay(verdict):
            yield from (short for short in _amount_facts(scheme) if getattr(person, short) is None)


def _may_pay(verdict: Verdict) -> bool:
    return verdict.result is not False and not verdict.too_late


def _amount_facts(scheme: Scheme) -> Iterable[str]:
    found = _persons(facts_of(use.when) for use in scheme.amounts())
    return [short for short in PERSON if short in found and PERSON[short].after is None]


def _persons(names: Iterable[Iterable[str]]) -> frozenset[str]:
    return frozenset(name.removeprefix("person.") for each in names for name in each if name.startswith("person."))
