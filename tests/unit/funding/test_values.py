"""The value of an offer for a person: a valuer that has seen other offers says what every scheme's rules say."""

import random
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from funding import OWN_FUNDING, read_book, read_texts
from funding.book import Book
from funding.evaluation.facet import VALUES, FundingValue
from funding.evaluation.versions import find_in_force
from funding.facts.offer import OfferFacts, SessionFacts
from funding.facts.person import Person
from funding.facts.values import Days
from search_app.search.funding.rules import compile_rules
from search_app.search.funding.values import Valuer, Worth
from tests.funding.draw import blur, draw_case, draw_person, hide

ON: Final = date(2026, 11, 30)
PERSONS, OFFERS = 60, 15


def own_book() -> Book:
    book = read_book(read_texts(OWN_FUNDING)).book
    assert book is not None
    return book


def worth_of(
    book: Book, person: Person, offer: OfferFacts, session: SessionFacts | None, closed: Collection[str] | None
) -> Worth:
    """Return the worth by asking every scheme; ``closed`` are the funders without a seat."""
    given = session or SessionFacts()
    env: dict[str, Any] = {**person.env(), **offer.env(), **given.env(offer, ON)}
    starts = session.starts(ON) if session else Days(ON, ON)
    found = [Worth("no", False)]
    for scheme in book.schemes:
        if "fees" not in scheme.pays or not scheme.versions:
            continue
        if closed is not None and not has_seats(closed, scheme.funders):
            continue
        in_force = find_in_force(scheme, starts, ON)
        result = in_force.result(env)
        if result is not False:
            judged = bool(in_force.versions and in_force.versions[0].judged)
            value: FundingValue = "unknown" if result is None else "possible" if judged else "paid"
            found.append(Worth(value, scheme.covers == "full"))
    best = min((value for value, _ in found), key=VALUES.index)
    return Worth(best, any(whole for value, whole in found if value == best))


def test_a_valuer_that_has_seen_other_offers_says_what_the_rules_say() -> None:
    chance, own = random.Random(19), own_book()
    seen: set[Worth] = set()
    repeated = 0
    for _ in range(PERSONS):
        book = replace(own, schemes=tuple(chance.sample(own.schemes, len(own.schemes))))
        person = hide(chance, draw_person(chance), chance.choice((0, 0.3, 0.8)))
        valuer = Valuer(compile_rules(book, person, ON), person)
        for _ in range(OFFERS):
            case = draw_case(chance)
            offer = hide(chance, case.offer, chance.choice((0, 0.2, 0.5)))
            of_offer = valuer.of(offer)
            for session in sessions_like(chance, case.session):
                closed = chance.sample(["2", "4", "5", "7", "8", "11", "16"], 4) if chance.random() < 0.3 else None
                seats = None if closed is None else partial(has_seats, {*closed})
                before = len(valuer.known)
                told = of_offer.value(session, seats)
                assert told == worth_of(book, person, offer, session, closed), (person, offer, session, closed)
                repeated += len(valuer.known) == before
                seen.add(told)
    assert {value for value, _ in seen} == {*VALUES}
    assert repeated > PERSONS * OFFERS / 2


def has_seats(closed: Collection[str], funders: Collection[str]) -> bool:
    """Tell whether one of the funders of a scheme has a seat; a scheme without one pays any."""
    return not funders or not {*funders} <= {*closed}


def sessions_like(chance: random.Random, session: SessionFacts) -> list[SessionFacts | None]:
    """Return sessions that rules hardly tell apart: by length, by some days, by what is not known."""
    start, end = session.start, session.end
    assert start
    found = [None, session, session, SessionFacts(start, start), SessionFacts(ON, ON), SessionFacts()]
    found += [SessionFacts(day, day, end, end, permanent=True) for day in (start, ON)]
    found += [SessionFacts(start, start, last, last) for last in (start + timedelta(days) for days in (30, 300, 500))]
    found += [SessionFacts(day, day, end, end) for day in (start + timedelta(days) for days in (-5, 5))]
    found += [blur(chance, session) for _ in range(3)]
    return chance.sample(found, len(found))
