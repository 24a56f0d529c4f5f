"""What is worked out for a set of facts is what each of its offers would be told."""

import asyncio
import random
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

import pytest

from funding import OWN_FUNDING, Person, check_folder
from mappings.columns.funding import NO_PERIOD, pack_period
from mappings.columns.funding_set import FACTS, index_set
from mappings.session_index import FIRST, day_number
from search_app.search.funding.fact_sets import FactSets
from search_app.search.funding.levels import Extents
from search_app.search.funding.moments import read_earliest, starts_before
from search_app.search.funding.painless.profiles import PACKED_BITS, Profiles, _said, _to_profile
from search_app.search.funding.rules import compile_rules
from tests.funding.draw import draw_person

BOOK = check_folder(OWN_FUNDING).reading.book
ON = date(2026, 11, 30)
PTP = Person(status="employee", cpf_euros=5, seniority_24_months=True)
DAYS = ([pack_period(None, None)], [NO_PERIOD], [pack_period("2026-01-01", "2026-12-31")], None)


def draw_document(chance: random.Random) -> dict[str, Any]:
    """Return the columns of a stored offer that rules ask for, in its set or beside it."""
    told = {
        "kind": chance.choice(("training", "vae", "bilan", "licence_light", None)),
        "certification_kind": chance.choice((["rncp"], ["rs", "block"], ["none"], None)),
        "contract_type": chance.choice((["apprenticeship"], ["none"], None)),
        "funding_programme": chance.choice((["prf"], ["poec", "other"], None)),
        "funder": chance.sample(["2", "4", "5", "10", "16"], chance.randint(0, 2)),
        "state_funded": chance.choice((True, False, None)),
        "certifying": chance.choice((True, False)),
        "cpf_periods": chance.choice(DAYS),
        "hours_hundredths": chance.choice((3500, 20_000, None)),
        "months_least": chance.choice((3, 20, None)),
    }
    told["months_most"] = told["session_months"] = told["months_least"]
    return {name: value for name, value in told.items() if value not in (None, [])}


def holds(clause: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """Tell whether a clause holds for a document, as the engine reads it."""
    ((kind, body),) = clause.items()
    if kind == "bool":
        return (
            all(holds(each, document) for each in body.get("filter", ()))
            and ("should" not in body or any(holds(each, document) for each in body["should"]))
            and not any(holds(each, document) for each in body.get("must_not", ()))
        )
    if kind in ("match_all", "match_none"):
        return kind == "match_all"
    if kind == "exists":
        return body["field"] in document
    ((field, asked),) = body.items()
    stored = document.get(field, [])
    values = stored if isinstance(stored, list) else [stored]
    if kind == "range":
        signs = {
            "lte": lambda v, x: v <= x,
            "lt": lambda v, x: v < x,
            "gte": lambda v, x: v >= x,
            "gt": lambda v, x: v > x,
        }
        return any(all(signs[sign](value, limit) for sign, limit in asked.items()) for value in values)
    return not {*values}.isdisjoint(asked if kind == "terms" else [asked])


@pytest.mark.parametrize("seed", range(12))
def test_extents_are_what_clauses_say_of_each_offer(seed: int) -> None:
    chance = random.Random(seed)
    documents = [draw_document(chance) for _ in range(150)]
    sets = FactSets({index_set(each)[FACTS] for each in documents})
    rules = compile_rules(BOOK, draw_person(chance), ON)
    settled = 0
    for bounds in [rule.bounds for level in rules.levels.values() for rule in level]:
        sure, possible = Extents(sets).of(bounds)
        for document in documents:
            bit = 1 << sets.terms.index(index_set(document)[FACTS])
            is_on, between = holds(bounds.surely, document), holds(bounds.between, document)
            assert not sure & bit or is_on
            assert possible & bit or not (is_on or between)
            settled += bool(sure & bit or not possible & bit)
    assert settled > 0.7 * len(documents) * sum(map(len, rules.levels.values()))


def test_a_clause_names_the_sets_of_a_mask() -> None:
    sets = FactSets(["training||||2|||", "vae||||4|||", "bilan||||5|||"])
    assert sets.terms == ("bilan||||5|||", "training||||2|||", "vae||||4|||")
    assert sets.clause(0b101) == {"terms": {"funding_set": [sets.names[0], sets.names[2]]}}
    assert sets.clause(0b111) == {"match_all": {}}
    assert sets.clause(0) == {"match_none": {}}
    assert FactSets().clause(0) == {"match_none": {}}


def test_a_text_that_is_no_term_is_no_set() -> None:
    assert FactSets(["x", "", "vae||||4|||", "|" * 40]).terms == ("vae||||4|||",)


def value_by(rows: list[tuple[int, tuple[int, ...]]], first: int, last: int, paying: int) -> int:
    """Return the best value of schemes whose funders pay, by a session that starts in one of some intervals."""
    best = 0
    for bits, row in rows:
        if bits and not bits & paying:
            continue
        said = row[first : last + 1]
        worth = said[0] if len({min(value, 2) for value in said}) == 1 else 1
        best = max(best, worth)
    return best


@pytest.mark.parametrize("seed", range(200))
def test_a_profile_leaves_out_only_what_cannot_be_the_best(seed: int) -> None:
    chance = random.Random(seed)
    count = chance.randint(1, 4)
    rows = [
        (chance.choice((0, 0, 1, 2)), tuple(chance.choice((0, 0, 1, 2, 3)) for _ in range(count)))
        for _ in range(chance.randint(1, 6))
    ]
    least = seed % 3 + 1
    told, asking = _to_profile([_said(bits, row) for bits, row in rows], least)
    kept = [(packed >> PACKED_BITS, tuple(packed >> 2 * at & 3 for at in range(count))) for packed in told]
    assert not asking
    for first, last in [(at, at) for at in range(count)] + [*combinations(range(count), 2)]:
        for paying in range(4):
            found, expected = value_by(kept, first, last, paying), value_by(rows, first, last, paying)
            assert found == expected if expected >= least else found < least, rows


def test_every_set_has_a_profile() -> None:
    chance = random.Random(7)
    sets = FactSets({index_set(draw_document(chance))[FACTS] for _ in range(100)})
    rules = compile_rules(BOOK, draw_person(chance), ON)
    told = Profiles(rules, Extents(sets)).of(sets.every, 1, beside_seats=True)
    assert {*told["known"]} == {*sets.names}
    assert {*told["known"].values()} == {*range(len(told["profiles"]))}


def earliest(begun: Collection[str]) -> date:
    """Return what is read of offers with sessions that start just before some days."""

    async def count_by(clauses: Sequence[Any]) -> list[int]:
        days = [day_number(day) for day in begun]
        return [sum(day < each["bool"]["filter"][0]["range"]["starts"]["lt"] for day in days) for each in clauses]

    return asyncio.run(read_earliest(BOOK, count_by))


def test_rules_that_ended_before_all_sessions_are_not_told_apart() -> None:
    assert earliest(["2026-03-02"]) == date(2026, 2, 26)  # the version of the CPF is the last that began before
    assert earliest(["2026-02-25", "2026-03-02"]) == date(2026, 2, 1)
    assert earliest(["1900-01-01"]) == FIRST
    since = compile_rules(BOOK, PTP, ON, FIRST, date(2026, 2, 26)).moments
    assert since.first == date(2026, 2, 26)
    assert since.edges[:1] == (date(2027, 1, 1),)
    assert compile_rules(BOOK, PTP, ON).moments.edges[0] < since.first


def test_permanent_entry_that_began_long_ago_starts_on_the_day_of_the_question() -> None:
    clause = starts_before(date(2026, 2, 26))
    begun = {"starts": 46_000, "entry": "permanent"}
    assert [holds(clause, each) for each in (begun, begun | {"entry": "fixed"}, {"starts": 46_077})] == [0, 1, 0]
