"""A person as posted, and what pays for them in one search."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from funding.book import Book
from funding.evaluation.facet import FundingValue
from funding.facts.person import Person
from mappings.session_index import FIRST
from search_app.search.funding.fact_sets import FactSets
from search_app.search.funding.payment import Payment
from search_app.search.funding.rules import compile_rules
from search_app.search.query.request import SearchRequest


@dataclass(frozen=True)
class Situation:
    """A person as posted, and the values of the facet that are chosen; none: all."""

    person: Person
    values: tuple[FundingValue, ...] = ()


def to_payment(situation: Situation, book: Book, sets: FactSets, earliest: date, request: SearchRequest) -> Payment:
    """Return what pays for a person in a search among offers of these sets, of which none starts before a day."""
    conditions = request.conditions
    since = [date.fromisoformat(day) for day in (conditions.start_from, conditions.upcoming_on) if day]
    compile_since = partial(compile_rules, book, situation.person, request.today, max(since, default=FIRST))
    return Payment(compile_since, situation.person, situation.values, request.leaves_few, sets, earliest)
