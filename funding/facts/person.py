"""The facts of one person, as they were posted: parsed with faults that never repeat what was posted."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final, NamedTuple

from funding.facts.fact import Fact
from funding.facts.table import PERSON
from funding.facts.values import Days, Span

MOST_EUROS: Final = 1_000_000
MOST_LISTED: Final = 20  # values that a message lists: a hundred départements explain nothing
EARLIEST, LATEST = date(1950, 1, 1), date(2200, 12, 31)
_NUMBER: Final = re.compile(r"\d{1,7}(?:[.,]\d{1,2})?", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Fault(NamedTuple):
    """What is wrong: ``where`` is ``person`` or the name of a known fact, ``allowed`` what is expected there."""

    where: str
    allowed: str


class BadPerson(Exception):
    """A person cannot be read; the message repeats nothing that was posted."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.where}: {fault.allowed}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a person; None is unknown. The names and values are those of ``facts.person_facts``."""

    status: str | None = None
    age: str | None = None
    cpf_euros: float | None = None
    allowance: str | None = None
    allowance_outlasts: bool | None = None
    contract: str | None = None
    employer: str | None = None
    seniority_24_months: bool | None = None
    disabled: bool | None = None
    child_under_12: bool | None = None
    level: str | None = None
    department: str | None = None
    csp_since: date | None = None
    offer_filed: str | None = None
    holds_licence: bool | None = None
    third_party_100: bool | None = None
    bilan_within_5_years: bool | None = None
    apprenticeship_derogation: bool | None = None
    former_cui: bool | None = None
    agreement_2100_hours: bool | None = None

    def env(self) -> dict[str, Any]:
        """Return the known facts under their names in rules."""
        known = ((name, getattr(self, name)) for name in NAMES)
        return {f"person.{name}": to_value(value) for name, value in known if value is not None}

    def __repr__(self) -> str:
        """Name the class only: a situation never gets into a log by accident."""
        return "Person(…)"


NAMES: Final = tuple(field.name for field in fields(Person))


def to_value(value: Any) -> Any:
    """Return a fact of a person as conditions compare it: numbers and dates as spans."""
    if isinstance(value, date):
        return Days(value, value)
    return Span.of(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def allowed_values(fact: Fact) -> str:
    """Return what a fact of a person may be, in French, for messages."""
    if fact.kind == "bool":
        return "true, false ou null"
    if fact.kind == "number":
        return f"un nombre de 0 à {MOST_EUROS} ou null"
    if fact.kind == "date":
        return "une date comme 2026-11-28 ou null"
    if len(fact.values) > MOST_LISTED:
        return "un code de département français, comme 81 ou 2A, ou null"
    return ", ".join(fact.values) + " ou null"


def parse_person(posted: Any) -> Person:
    """Return the person of a JSON object; raises BadPerson with every fault."""
    return _parse(posted, _from_json)


def parse_form(posted: Mapping[str, str]) -> Person:
    """Return the person of a form's fields, which are named as the facts; empty is unknown; raises BadPerson."""
    return _parse({name: text for name, text in posted.items() if text.strip()}, _from_form)


def _parse(posted: Any, read: Any) -> Person:
    if not isinstance(posted, Mapping):
        raise BadPerson([Fault("person", "un objet de faits")])
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    if any(name not in PERSON for name in posted):
        faults.append(Fault("person", f"les faits {', '.join(NAMES)}"))
    for name, fact in PERSON.items():
        given = posted.get(name)
        if given is None:
            continue
        value = read(fact, given)
        if value is None:
            faults.append(Fault(name, allowed_values(fact)))
        values[name] = value
    if faults:
        raise BadPerson(faults)
    return Person(**values)


def _from_form(fact: Fact, text: str) -> Any:
    text = text.strip()
    if fact.kind == "bool":
        return {"true": True, "false": False}.get(text)
    if fact.kind == "number":
        plain = re.sub(r"[\s\u00a0\u202f€]", "", text)
        return _from_json(fact, float(plain.replace(",", "."))) if _NUMBER.fullmatch(plain) else None
    return _from_json(fact, text)


def _from_json(fact: Fact, value: Any) -> Any:
    """Return the value of a fact, None if it is not one of those allowed."""
    if fact.kind == "bool":
        return value if isinstance(value, bool) else None
    if fact.kind == "number":
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return float(value) if is_number and math.isfinite(value) and 0 <= value <= MOST_EUROS else None
    if not isinstance(value, str):
        return None
    if fact.kind == "date":
        return _read_date(value)
    return value if value in fact.values else None


def _read_date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None
    return day if day and EARLIEST <= day <= LATEST else None
