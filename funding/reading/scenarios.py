"""Reads the scenarios of one scheme: a person, an offer and a session, and the verdict that the law gives.

The tables ``person``, ``offer`` and ``session`` of a file hold for all of its scenarios; each scenario changes facts of
them, and ``"?"`` makes a fact unknown. ``each`` repeats a scenario for several values of one fact.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
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
_LISTS: Final = ("funders", "programmes", "certifications", "contract_types", "regions")
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
        expected = {key: row.data[key] for key in EXPECTED if key in row.data}
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
        if name == "cpf_periods":
            values[name] = tuple(Period(each.get("from"), each.get("to")) for each in value)
        elif name in _LISTS or name in ("kind", "level"):
            codes = value if isinstance(value, list) else [value]
            for code in codes:
                if code not in FACTS[f"offer.{name}"].values:
                    row.fault(f"unknown value {str(code)[:40]!r} of {name}", "offer", name)
            values[name] = frozenset(codes) if name in _LISTS else value
        else:
            values[name] = value
    return OfferFacts(**values)


def _session(row: Table, facts: Mapping[str, Any]) -> SessionFacts:
    values = {name: value for name, value in facts.items() if value != UNKNOWN}
    for name, value in values.items():
        if not isinstance(value, bool if name in ("permanent", "part_time") else date):
            row.fault(f"{name}: a date, or true or false, is expected", "session", name)
            return SessionFacts()
    return SessionFacts(**values)
