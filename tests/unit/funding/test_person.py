"""A posted person: closed values, every fault at once, and nothing of what was posted in a message."""

import json
from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from funding import BadPerson, Person, parse_form, parse_person
from funding.facts.table import FACTS, PERSON
from funding.facts.values import Days, Span

CONTRACT_FACTS = (
    "status contract age allowance allowance_outlasts disabled level department seniority_24_months cpf_euros employer "
    "child_under_12 csp_since holds_licence third_party_100 bilan_within_5_years apprenticeship_derogation former_cui "
    "agreement_2100_hours offer_filed"
)
CANARY = "zq9canary"


def test_facts_are_those_of_the_contract() -> None:
    assert set(PERSON) == set(CONTRACT_FACTS.split()) == {field.name for field in fields(Person)}


def test_known_values_are_read_and_null_is_unknown() -> None:
    posted = {"status": "employee", "cpf_euros": 1200, "disabled": None, "csp_since": "2026-03-02", "department": "2A"}
    person = parse_person(posted)
    assert person == Person(status="employee", cpf_euros=1200.0, csp_since=date(2026, 3, 2), department="2A")
    assert person.env() == {
        "person.status": "employee",
        "person.cpf_euros": Span.of(1200),
        "person.department": "2A",
        "person.csp_since": Days(date(2026, 3, 2), date(2026, 3, 2)),
    }
    assert Person().env() == {}


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("status", CANARY, "job_seeker, unregistered"),
        ("status", ["employee"], "job_seeker"),
        ("disabled", "true", "true, false ou null"),
        ("disabled", 1, "true, false ou null"),
        ("cpf_euros", CANARY, "un nombre de 0 à 1000000"),
        ("cpf_euros", True, "un nombre de 0"),
        ("cpf_euros", -1, "un nombre de 0"),
        ("cpf_euros", float("nan"), "un nombre de 0"),
        ("cpf_euros", 1e300, "un nombre de 0"),
        ("csp_since", "2026-02-30", "une date comme"),
        ("csp_since", "20260228", "une date comme"),
        ("csp_since", "0001-01-01", "une date comme"),
        ("department", "99", "un code de département français"),
        ("age", "26", "15, 16-17, 18-25"),
    ],
)
def test_fault_names_fact_and_what_is_allowed_and_never_the_value(name: str, value: Any, allowed: str) -> None:
    with pytest.raises(BadPerson) as told:
        parse_person({name: value})
    (fault,) = told.value.faults
    assert fault.where == name
    assert fault.allowed.startswith(allowed)
    assert CANARY not in str(told.value)


def test_unknown_fact_is_a_fault_of_the_person_and_is_not_repeated() -> None:
    with pytest.raises(BadPerson) as told:
        parse_person({CANARY: "x", "status": CANARY, "other" + CANARY: 1})
    assert [fault.where for fault in told.value.faults] == ["person", "status"]
    assert CANARY not in str(told.value)
    assert CANARY not in repr(told.value)


@pytest.mark.parametrize("posted", [[], "x", 3, None])
def test_person_that_is_no_object_is_a_fault(posted: Any) -> None:
    with pytest.raises(BadPerson, match=r"^person: un objet"):
        parse_person(posted)


def test_form_reads_what_people_type() -> None:
    form = {"status": "csp", "disabled": "false", "cpf_euros": "1 234,50 €", "csp_since": "2026-03-02", "age": " "}
    person = parse_form(form)
    assert person == Person(status="csp", disabled=False, cpf_euros=1234.5, csp_since=date(2026, 3, 2))
    with pytest.raises(BadPerson) as told:
        parse_form({"disabled": "oui", "cpf_euros": "beaucoup"})
    assert [fault.where for fault in told.value.faults] == ["cpf_euros", "disabled"]


def test_situation_is_not_in_the_representation() -> None:
    assert repr(Person(status="detainee")) == str(Person(status="detainee")) == "Person(…)"


def test_each_fact_has_its_words() -> None:
    for fact in FACTS.values():
        assert fact.label
        assert set(fact.values) == {"true", "false"} or fact.kind != "bool"
        assert bool(fact.values) == (fact.kind in ("bool", "code", "codes"))
        assert bool(fact.question) == (fact.side == "person")
        assert bool(fact.fields and fact.told) == (fact.side != "person"), fact.name
    assert "éligible " not in json.dumps([fact.question for fact in FACTS.values()], ensure_ascii=False)
