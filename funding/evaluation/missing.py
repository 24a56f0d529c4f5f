"""Which facts of the person would settle a verdict, and in which order to ask for them."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from funding.evaluation.verdict import Verdict
from funding.evaluation.versions import InForce
from funding.facts.fact import Fact
from funding.facts.table import FACTS, PERSON
from funding.facts.values import Days, Env, Span
from funding.rule.condition import Compare, facts_of, walk

# A day before, and a day after, every session: what a date of the person can change is settled by one of the two.
LONG_AGO, FAR_AHEAD = date(1950, 1, 1), date(2190, 1, 1)
_DATES: Final = (Days(LONG_AGO, LONG_AGO), Days(FAR_AHEAD, FAR_AHEAD))


def find_missing(in_force: InForce, env: dict[str, Any]) -> tuple[str, ...]:
    """Return the unknown facts of the person one value of which alone changes an unknown verdict.

    ``env`` is changed while it runs, and restored.
    """
    if in_force.gap:
        return ()
    names = dict.fromkeys(name for version in in_force.versions for name in facts_of(version.when))
    unknown = (FACTS[name] for name in names if name.startswith("person.") and env.get(name) is None)
    settling = {fact.short for fact in unknown if _settles(fact, in_force, env)}
    return tuple(short for short in PERSON if short in settling)


def _settles(fact: Fact, in_force: InForce, env: dict[str, Any]) -> bool:
    try:
        for value in values_to_try(fact, in_force):
            env[fact.name] = value
            if in_force.result(env) is not None:
                return True
        return False
    finally:
        del env[fact.name]


def values_to_try(fact: Fact, in_force: InForce) -> Iterator[Any]:
    """Yield values of a fact, one at least for each way in which the conditions tell values apart."""
    if fact.kind == "bool":
        yield from (True, False)
    elif fact.kind == "code":
        yield from fact.values
    elif fact.kind == "date":
        yield from _DATES
    else:
        thresholds = (
            each.threshold
            for version in in_force.versions
            for each in walk(version.when)
            if isinstance(each, Compare) and each.fact == fact.name
        )
        for threshold in thresholds:
            yield from (Span.of(max(number, 0)) for number in (threshold - 1, threshold, threshold + 1))


def order_questions(verdicts: Sequence[Verdict], env: Env) -> tuple[str, ...]:
    """Return the facts to ask for, the one that can settle most verdicts first; ties keep the order of the table.

    A fact that depends on another one is asked after it only.
    """
    counts = dict.fromkeys(PERSON, 0)
    for verdict in verdicts:
        for short in verdict.missing:
            counts[short] += 1
    asked = (short for short, count in counts.items() if count and _may_ask(PERSON[short], env))
    return tuple(sorted(asked, key=lambda short: -counts[short]))


def _may_ask(fact: Fact, env: Env) -> bool:
    return fact.after is None or env.get(fact.after[0]) in fact.after[1]
