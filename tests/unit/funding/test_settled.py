"""What the facts of an offer settle is what each of its sessions would be told, with seats under any funder or one."""

import random
from collections.abc import Collection
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from funding import OWN_FUNDING, Person, check_folder
from funding.evaluation.facet import VALUES, FundingValue
from funding.facts.offer import SessionFacts
from funding.facts.stored import indexed_facts
from mappings.columns.funding_set import FACTS, NAME, index_set
from mappings.session_index import FIRST
from search_app.search.funding.fact_sets import FactSets
from search_app.search.funding.payment import Payment
from search_app.search.funding.rules import compile_rules
from search_app.search.query.sessions import ANY_FUNDER
from tests.funding.draw import draw_person
from tests.unit.funding.test_fact_sets import draw_document

BOOK = check_folder(OWN_FUNDING).reading.book
ON = date(2026, 12, 1)
FUNDERS = ("2", "4", "5", "10", "16")


def payment_of(person: Person, sets: FactSets, *values: FundingValue, since: date = FIRST) -> Payment:
    return Payment(partial(compile_rules, BOOK, person, ON, since), person, values, sets=sets)


def draw_session(chance: random.Random) -> SessionFacts:
    start = ON + timedelta(days=chance.randint(-400, 500))
    last = start + timedelta(days=chance.choice((0, 0, 30, 365)))
    end = chance.choice((None, last + timedelta(days=chance.randint(1, 700))))
    first, last_start = (start, last) if chance.random() < 0.7 else (None, None)
    return SessionFacts(first, last_start, end, end, permanent=chance.random() < 0.2)


def has_seats(under: str, chance: random.Random, funders: Collection[str]) -> bool:
    """Tell whether a session with seats under a funder has them under those of a scheme: of ANY_FUNDER that is open."""
    if not funders:
        return True
    return chance.random() < 0.5 if under == ANY_FUNDER else under in funders


@pytest.mark.parametrize("seed", range(40))
def test_what_facts_settle_is_what_every_session_is_told(seed: int) -> None:
    chance = random.Random(seed)
    documents: list[dict[str, Any]] = [draw_document(chance) for _ in range(60)]
    sets = FactSets({index_set(each)[FACTS] for each in documents})
    payment = payment_of(draw_person(chance), sets)
    seen = 0
    for document in documents:
        valuer = payment.valuer.of(indexed_facts(document))
        for under in (None, ANY_FUNDER, *FUNDERS):
            settled = payment.worth_of_set(index_set(document)[NAME], under)
            for session in (None, *(draw_session(chance) for _ in range(3))):
                asks = None if under is None else partial(has_seats, under, chance)
                assert settled in (None, valuer.value(session, asks)), (document, under, session)
                seen += settled is not None
    assert seen


def test_offers_of_unknown_facts_are_not_settled() -> None:
    sets = FactSets([index_set({"kind": "training"})[FACTS]])
    payment = payment_of(Person(status="job_seeker"), sets)
    assert payment.worth_of_set("", None) is None
    assert payment_of(Person(), FactSets()).worth_of_set(index_set({"kind": "training"})[NAME], None) is None


def test_values_by_seats_under_a_funder_say_nothing_of_all_sessions() -> None:
    # Before 2027 somebody decides on this training, after it nothing is known; the Region does not pay this employee.
    told = {"kind": "training", "funder": ["2"], "certification_kind": ["rncp"], "certifying": True}
    sets = FactSets([index_set(told)[FACTS]])
    payment = payment_of(Person(status="employee", seniority_24_months=True), sets, "possible", since=ON)
    assert payment.valuer.of(indexed_facts(told)).value(SessionFacts(date(2026, 12, 15)))[0] == "possible"
    assert payment.worth_of_set(sets.names[0], "2") is not None
    assert [payment.is_settled(under) for under in (None, ANY_FUNDER, "2")] == [False, False, False]


@pytest.mark.parametrize("seed", range(30))
def test_no_funder_settles_what_is_open_without_seats(seed: int) -> None:
    chance = random.Random(seed)
    sets = FactSets({index_set(draw_document(chance))[FACTS] for _ in range(chance.randint(1, 6))})
    values = chance.sample(VALUES, chance.randint(1, 3))
    payment = payment_of(draw_person(chance), sets, *values)
    for under in (ANY_FUNDER, *FUNDERS):
        assert payment.is_settled(None) or not payment.is_settled(under)
