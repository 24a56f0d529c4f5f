"""Reads conditions: ``{fact = "person.status", in = ["employee"]}`` and groups of them."""

from typing import Final

from funding.facts.fact import Fact
from funding.facts.table import FACTS
from funding.reading.table import Table
from funding.rule.condition import All, AnyOf, Compare, Condition, Has, In, Is, Not, Note, Operator, Untold, Within

GROUPS: Final = ("all", "any", "not", "untold")
NUMBERS: Final[tuple[Operator, ...]] = ("at_least", "at_most", "above")
OPERATORS: Final = {
    "bool": ("is",),
    "code": ("in",),
    "codes": ("has",),
    "number": NUMBERS,
    "date": ("within_months",),
}
NOTES: Final = ("text", "source", "remedy", "remedy_for")
_NOTHING: Final = Untold("")


def read_all(table: Table, key: str = "all") -> All:
    """Return the conditions of a list, all of which must hold; one that cannot be read is a noted fault."""
    return All(tuple(map(read_condition, table.tables(key))))


def read_condition(table: Table) -> Condition:
    """Return the condition of one table."""
    heads = [key for key in ("fact", *GROUPS) if key in table.data]
    if len(heads) != 1:
        table.fault("a condition has one of fact, all, any, not, untold")
        return _NOTHING
    head = heads[0]
    if head == "fact":
        return _on_fact(table)
    table.allow((head, *NOTES))
    note = _note(table, None)
    if head == "untold":
        return Untold(table.text("untold"), note)
    if head == "not":
        return Not(read_condition(Table(table.document, (*table.path, "not"), table.data["not"])), note)
    parts = tuple(map(read_condition, table.tables(head)))
    if len(parts) < 2:
        table.fault(f"{head}: at least two conditions are expected; a single one needs no group", head)
    return All(parts, note) if head == "all" else AnyOf(parts, note)


def _note(table: Table, fact: Fact | None) -> Note:
    allowed = fact.values if fact is not None and fact.kind == "code" else ()
    values = table.texts("remedy_for", allowed)
    if values and not table.data.get("remedy"):
        table.fault("remedy_for: a remedy is expected beside it", "remedy_for")
    return Note(table.text("text", ""), table.text("source", ""), table.text("remedy", ""), frozenset(values))


def _on_fact(table: Table) -> Condition:
    name = table.text("fact")
    fact = FACTS.get(name)
    if fact is None:
        table.fault(f"unknown fact {name!r}; known are {', '.join(FACTS)}", "fact")
        return _NOTHING
    known = OPERATORS[fact.kind]
    used = [key for key in table.data if key not in ("fact", "since", *NOTES)]
    if len(used) != 1 or used[0] not in known:
        table.fault(f"{name} is compared with one of {', '.join(known)}")
        return _NOTHING
    note = _note(table, fact)
    if fact.kind == "bool":
        return Is(name, table.flag("is", False), note)
    if fact.kind in ("code", "codes"):
        codes = table.texts(used[0], fact.values)
        if not codes or (fact.kind == "code" and len(set(codes)) == len(fact.values)):
            table.fault(f"{used[0]}: one value at least is expected, and not all of them", used[0])
        return In(name, frozenset(codes), note) if fact.kind == "code" else Has(name, frozenset(codes), note)
    if fact.kind == "number":
        operator = next(each for each in NUMBERS if each == used[0])
        return Compare(name, operator, table.number(operator), note)
    return _within(table, name, note)


def _within(table: Table, name: str, note: Note) -> Condition:
    since = table.text("since")
    if since not in FACTS or FACTS[since].kind != "date" or since == name:
        dates = ", ".join(fact.name for fact in FACTS.values() if fact.kind == "date" and fact.name != name)
        table.fault(f"since: another date is expected: {dates}", "since")
    return Within(name, table.whole("within_months"), since, note)
