"""Conditions and what was found, as French sentences."""

from typing import Any, Final

from funding.facts.fact import Fact
from funding.facts.table import FACTS
from funding.facts.values import Days, Env, Span, Told
from funding.rule.condition import All, AnyOf, Compare, Condition, Has, In, Is, Not, Untold, Within

_OPERATORS: Final = {"at_least": "au moins", "at_most": "au plus", "above": "plus de"}


def describe(condition: Condition) -> str:
    """Return the words of a condition: the rule's own, or words made from the labels of its facts."""
    if condition.note.text:
        return condition.note.text
    if isinstance(condition, Is):
        return FACTS[condition.fact].values["true" if condition.value else "false"]
    if isinstance(condition, In | Has):
        fact = FACTS[condition.fact]
        return f"{fact.label} : {_either([label for code, label in fact.values.items() if code in condition.codes])}"
    if isinstance(condition, Compare):
        fact = FACTS[condition.fact]
        return f"{fact.label} : {_OPERATORS[condition.operator]} {_number(condition.threshold, fact.unit)}"
    if isinstance(condition, Within):
        since = FACTS[condition.since].label
        return f"{FACTS[condition.fact].label} : moins de {condition.months} mois après le {since}"
    if isinstance(condition, Untold):
        return condition.what
    if isinstance(condition, Not):
        return f"pas : {describe(condition.part)}"
    between = " et " if isinstance(condition, All) else " ; ou "
    return between.join(map(describe, condition.parts))


def found(condition: Condition, env: Env) -> str:
    """Return what is known of the facts of a condition, empty if nothing is; of an alternative that holds only what it
    holds by.
    """
    names: list[str] = []
    _collect(condition, env, names)
    told = [f"{FACTS[name].label} : {_value(FACTS[name], env[name])}" for name in names if env.get(name) is not None]
    return " ; ".join(told)


def _collect(condition: Condition, env: Env, names: list[str]) -> None:
    if isinstance(condition, All | AnyOf):
        parts = [part for part in condition.parts if part.result(env) is True] if isinstance(condition, AnyOf) else []
        for part in parts or condition.parts:
            _collect(part, env, names)
    elif isinstance(condition, Not):
        _collect(condition.part, env, names)
    elif not isinstance(condition, Untold):
        new = (condition.fact, condition.since) if isinstance(condition, Within) else (condition.fact,)
        names += [name for name in new if name not in names]


def _value(fact: Fact, value: Any) -> str:
    if isinstance(value, bool):
        return fact.values["true" if value else "false"]
    if isinstance(value, Told):
        codes = value.sure | value.doubtful
        return _either([label for code, label in fact.values.items() if code in codes]) or "aucun"
    if isinstance(value, Span):
        low = _number(value.low, fact.unit)
        if value.high == value.low:
            return low
        return f"au moins {low}" if value.high is None else f"de {low} à {_number(value.high, fact.unit)}"
    if isinstance(value, Days):
        if value.last == value.first:
            return f"{value.first:%d/%m/%Y}"
        return f"à partir du {value.first:%d/%m/%Y}" if value.last is None else f"{value.first:%d/%m/%Y} au plus tôt"
    return fact.values[value]


def _number(number: float, unit: str) -> str:
    text = f"{number:,.2f}".removesuffix(".00").replace(",", "\u202f").replace(".", ",")
    return f"{text}\u00a0{unit}" if unit else text


def _either(labels: list[str]) -> str:
    return " ou ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)
