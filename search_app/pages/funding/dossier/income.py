"""What a person lives on during the training, by period, and the aids beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from funding import Answer, Book, Person, Verdict
from funding.facts.values import Env
from funding.rule.scheme import Scheme
from search_app.pages.funding.dossier.payers import in_order, judged_words, sheet_path
from search_app.pages.funding.dossier.words import Tone, amount_text, income_words, tone_of
from search_app.text import wording

DURING: Final = "Pendant la formation"
# Periods of schemes that do not pay from the first day to the last one.
PERIODS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "are": "Pendant la formation, tant que l’ARE dure",
        "rff": "De la fin de l’ARE à la fin de la formation",
        "csp": "Pendant les 12 mois du CSP",
        "demissionnaire": "Après la démission",
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class IncomeRow:
    """One income or aid; ``amounts`` are empty where no figure is known."""

    period: str
    label: str
    href: str
    tone: Tone
    words: str
    judged: str
    amounts: tuple[str, ...]


def build_income(book: Book, answer: Answer, person: Person) -> tuple[IncomeRow, ...]:
    """Return the incomes that are not excluded, the surest first in each period."""
    return _rows(book, answer, person, "income")


def build_aids(book: Book, answer: Answer, person: Person) -> tuple[IncomeRow, ...]:
    """Return the aids that are not excluded."""
    return _rows(book, answer, person, "aid")


def _rows(book: Book, answer: Answer, person: Person, what: str) -> tuple[IncomeRow, ...]:
    known = person.env()
    verdicts = [
        each
        for each in _that_pay((*answer.income, *answer.verdicts), what)
        if tone_of(each) != "no" and not _is_for_others(book.scheme(each.scheme), known)
    ]
    ordered = sorted(in_order(verdicts), key=lambda each: (each.result is None, each.too_late))
    return tuple(map(_row, ordered))


def _that_pay(verdicts: Sequence[Verdict], what: str) -> Iterator[Verdict]:
    return (each for each in verdicts if what in each.pays)


def _is_for_others(scheme: Scheme | None, known: Env) -> bool:
    """Tell whether what is known of the person meets no version of a scheme, in force or not: outside all versions a
    verdict is unknown, but the CSP of last year was for no employee either.
    """
    if scheme is None or not scheme.versions:
        return False
    return all(any(part.result(known) is False for part in version.when.parts) for version in scheme.versions)


def _row(verdict: Verdict) -> IncomeRow:
    return IncomeRow(
        PERIODS.get(verdict.scheme, DURING),
        wording.typeset(verdict.label),
        sheet_path(verdict.scheme),
        tone_of(verdict),
        income_words(verdict),
        judged_words(verdict),
        tuple(wording.typeset(amount_text(amount)) for amount in verdict.amounts),
    )
