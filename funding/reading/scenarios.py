"""Reads the scenarios of one scheme: a person, an offer and a session, and the verdict that the law gives.

The tables ``person``, ``offer`` and ``session`` of a file hold for all of its scenarios; each scenario changes facts of
them, and ``"?"`` makes a fact unknown. ``each`` repeats a scenario for several values of one fact.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from funding.facts.offer import OfferFacts, Period, SessionFacts
from funding.facts.person import NAMES, BadPerson, Person, parse_person
from funding.facts.table import FACTS
from funding.reading.table import Document, Table

UNKNOWN: Final = "?"
SIDES: Final = ("person", "offer", "session")
VERDICTS: Final = ("yes", "no", "unknown")
EXPECTED: Final = ("verdict", "missing", "remedy", "remaining", "too_late", "deadlines", "amounts")
OFFER_KEYS: Final = tuple(field.name for field in fields(OfferFacts))
SESSION_KEYS: Final = tuple(field.name for field in fields(SessionFacts))
_EUROS: Final = ("price", "remaining_fees")  # of the offer: costs, which no condition compares
_EXPECTED_FACT: Final = {
    "bool": "true or false is expected",
    "number": "a number is expected",
    "code": "a known value is expected",
    "codes": "a list of known values is expected",
    "periods": "a list of {from = …, to = …} is expected",
}
_EXPECTED_VALUE: Final = {
    "verdict": "yes, no or unknown is",
    "missing": "a list of facts of the person is",
    "remedy": "a text is",
    "remaining": "two numbers or unknown are",
    "too_late": "true or false is",
    "deadlines": "a list of dates, or unknown, is",
    "amounts": "a list of amounts is",
}
_KEYS: Final = {"person": NAMES, "offer": OFFER_KEYS, "session": SESSION_KEYS}


@dataclass(frozen=True, slots=True)
class Scenario:
    """One case; ``expected`` holds the verdict and whatever else the scenario says."""

    scheme: str
    title: str
    place: str
    person: Person
    offer: OfferFacts
    session: SessionFacts
    on: date
    expected: Mapping[str, Any]


def read_scenarios(document: Document) -> tuple[Scenario, ...]:
    """Return the scenarios of a document, those with ``each`` once for each value."""
    table = Table(document, (), document.data)
    table.allow(("on", *SIDES, "scenario"))
    base = {side: _side(table, side) for side in SIDES}
    scheme = document.name.rsplit("/", 1)[-1].removesuffix(".toml")
    on = table.required_day("on")
    found: list[Scenario] = []
    titles: set[str] = set()
    for row in table.tables("scenario"):
        row.allow(("title", "on", "each", *SIDES, *EXPECTED))
        title = row.text("title")
        if title in titles:
            row.fault(f"title {title!r} is there twice", "title")
        titles.add(title)
        row.choice("verdict", VERDICTS)
        expected = _expected(row)
        facts = {side: base[side] | _side(row, side) for side in SIDES}
        for name, each in _expand(row, facts):
            person = _person(row, each["person"])
            offer, session = _offer(row, each["offer"]), _session(row, each["session"])
            shown = f"{title} ({name})" if name else title
            place = document.place(row.path)
            found.append(Scenario(scheme, shown, place, person, offer, session, row.day("on") or on, expected))
    return tuple(found)


def _side(table: Table, side: str) -> dict[str, Any]:
    given = table.data.get(side, {})
    if not isinstance(given, Mapping):
        table.fault(f"{side}: a table of facts is expected", side)
        return {}
    for key in given:
        if key not in _KEYS[side]:
            table.fault(f"unknown fact {key!r} of {side}; known are {', '.join(_KEYS[side])}", side, key)
    return {key: value for key, value in given.items() if key in _KEYS[side]}


def _expand(row: Table, facts: dict[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    each = row.data.get("each")
    if each is None:
        yield "", facts
        return
    side, _, name = str(each.get("fact", "")).partition(".") if isinstance(each, Mapping) else ("", "", "")
    if side not in SIDES or name not in _KEYS[side] or not isinstance(each.get("of"), list):
        row.fault('each: {fact = "person.status", of = ["…", "…"]} is expected', "each")
        return
    for value in each["of"]:
        yield str(value), facts | {side: facts[side] | {name: value}}


def _person(row: Table, facts: Mapping[str, Any]) -> Person:
    posted = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in facts.items()
        if value != UNKNOWN
    }
    try:
        return parse_person(posted)
    except BadPerson as error:
        row.fault(str(error), "person")
        return Person()


def _offer(row: Table, facts: Mapping[str, Any]) -> OfferFacts:
    values: dict[str, Any] = {}
    for name, value in facts.items():
        if value == UNKNOWN:
            continue
        kind = "periods" if name == "cpf_periods" else "number" if name in _EUROS else FACTS[f"offer.{name}"].kind
        codes = () if kind in ("periods", "number") else FACTS[f"offer.{name}"].values
        if _fits(kind, value, codes):
            values[name] = _to_fact(kind, value)
        else:
            row.fault(f"{name}: {_EXPECTED_FACT[kind]}, not {str(value)[:40]!r}", "offer", name)
    return OfferFacts(**values)


def _fits(kind: str, value: Any, codes: Collection[str]) -> bool:
    """Tell whether a value is one of a fact of the offer."""
    if kind == "bool":
        return isinstance(value, bool)
    if kind == "number":
        return _is_number(value) and value >= 0
    if kind == "code":
        return isinstance(value, str) and value in codes
    if not isinstance(value, list):
        return False
    if kind == "codes":
        return all(isinstance(each, str) and each in codes for each in value)
    return all(
        isinstance(each, Mapping) and set(each) <= {"from", "to"} and all(map(_is_day, each.values())) for each in value
    )


def _to_fact(kind: str, value: Any) -> Any:
    if kind == "periods":
        return tuple(Period(each.get("from"), each.get("to")) for each in value)
    return frozenset(value) if kind == "codes" else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _session(row: Table, facts: Mapping[str, Any]) -> SessionFacts:
    values = {name: value for name, value in facts.items() if value != UNKNOWN}
    for name, value in values.items():
        is_sound = isinstance(value, bool) if name in ("permanent", "part_time") else _is_day(value)
        if not is_sound:
            row.fault(f"{name}: a date, or true or false, is expected", "session", name)
            return SessionFacts()
    return SessionFacts(**values)


def _expected(row: Table) -> dict[str, Any]:
    """Return what a scenario expects; a value of another type is a fault."""
    expected = {key: row.data[key] for key in EXPECTED if key in row.data}
    for key, value in expected.items():
        if not _may_be_expected(key, value):
            row.fault(f"{key}: {_EXPECTED_VALUE[key]} expected, not {str(value)[:40]!r}", key)
    return expected


def _may_be_expected(key: str, value: Any) -> bool:
    if key == "too_late":
        return isinstance(value, bool)
    if key in ("verdict", "remedy"):
        return isinstance(value, str)
    if key == "remaining" and value == "unknown":
        return True
    if not isinstance(value, list):
        return False
    if key == "remaining":
        return len(value) == len(("least", "most")) and all(map(_is_number, value))
    if key == "deadlines":
        return all(each == "unknown" or _is_day(each) for each in value)
    return all(isinstance(each, str) and (key != "missing" or each in NAMES) for each in value)
