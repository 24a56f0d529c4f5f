"""Random persons, offers, sessions and days."""

import random
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any, Final, NamedTuple, TypeVar

from funding.facts.offer import OfferFacts, Period, SessionFacts
from funding.facts.person import NAMES, Person
from funding.facts.table import FACTS, PERSON

FIRST_DAY: Final = date(2026, 9, 1)
DAYS: Final = 700  # until summer 2028: before and after every version and every verify_by
LISTS: Final = ("funders", "programmes", "certifications", "contract_types", "regions")
T = TypeVar("T", Person, OfferFacts)


class Case(NamedTuple):
    """One question to the rules."""

    person: Person
    offer: OfferFacts
    session: SessionFacts
    on: date


def draw_case(chance: random.Random) -> Case:
    """Return a question of which all facts are known, dates to the day."""
    on = FIRST_DAY + timedelta(chance.randrange(DAYS))
    start = on + timedelta(chance.randrange(-30, 400))
    end = start + timedelta(chance.choice((30, 100, 185, 364, 365, 1200)))
    session = SessionFacts(start, start, end, end, chance.random() < 0.1, chance.random() < 0.3)
    return Case(draw_person(chance), draw_offer(chance, start), session, on)


def draw_person(chance: random.Random) -> Person:
    """Return a person of whom everything is known."""
    return Person(**{short: draw_value(chance, short) for short in PERSON})


def to_posted(person: Person) -> dict[str, Any]:
    """Return what is known of a person as the API takes it."""
    told = {name: value for name in NAMES if (value := getattr(person, name)) is not None}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}


def draw_value(chance: random.Random, short: str) -> Any:
    """Return a value of one fact of a person."""
    fact = PERSON[short]
    if fact.kind == "bool":
        return chance.random() < 0.5
    if fact.kind == "number":
        return chance.choice((0.0, 0.01, 1.0, 103.2, 899.0, 1500.0, 5000.0))
    if fact.kind == "date":
        return date(2025, 6, 1) + timedelta(chance.randrange(1000))
    return chance.choice(list(fact.values))


def draw_offer(chance: random.Random, start: date) -> OfferFacts:
    """Return an offer that tells everything, with the values that rules compare more often than others."""
    values: dict[str, Any] = {
        name: frozenset(chance.sample(list(FACTS[f"offer.{name}"].values), chance.choice((0, 1, 1, 2))))
        for name in LISTS
    }
    if chance.random() < 0.6:
        values["funders"] = frozenset(chance.sample(["2", "4", "5", "7", "8", "11", "16"], chance.choice((1, 1, 2))))
    return OfferFacts(
        **values,
        state_funded=chance.random() < 0.8,
        kind=chance.choice(["training", *FACTS["offer.kind"].values]),
        certifying=chance.random() < 0.7,
        cpf_periods=(Period(start - timedelta(chance.randrange(-9, 9)), None),) if chance.random() < 0.5 else (),
        hours=chance.choice((20.0, 39.0, 40.0, 149.0, 150.0, 300.0, 450.0, 451.0, 2100.0, 2101.0)),
        hours_company=0.0,
        price=chance.choice((0.0, 80.0, 900.0, 2500.0)),
        remaining_fees=chance.choice((0.0, 50.0)),
        level="13",
        remote=chance.random() < 0.2,
    )


def hide(chance: random.Random, known: T, share: float) -> T:
    """Return it with a share of its facts unknown.

    Conventionnement and funders stay together: that they contradict each other is a fact, too.
    """
    hidden = {field.name for field in fields(known) if chance.random() < share}
    if hidden & {"funders", "state_funded"}:
        hidden |= {"funders", "state_funded"}
    return replace(known, **dict.fromkeys(hidden))


def blur(chance: random.Random, session: SessionFacts) -> SessionFacts:
    """Return a session whose dates are known less exactly: by some days more, or not at all."""
    if session.permanent or session.start is None or session.end is None:
        return session
    days = [timedelta(chance.randrange(25)) for _ in range(4)]
    start, end = session.start, session.end
    ends = (None, None) if chance.random() < 0.3 else (end - days[2], end + days[3])
    starts = (start - days[0], start + days[1])
    return replace(session, start=starts[0], start_last=starts[1], end=ends[0], end_last=ends[1])
