"""Finds conditions that change nothing: without them every combination of facts gets the same result."""

import random
from collections.abc import Iterator
from datetime import date
from itertools import islice, product
from typing import Any, Final

from funding.facts.table import FACTS
from funding.facts.values import Days, Span, Told
from funding.rule.changes import Path, deletions
from funding.rule.condition import All, Compare, Condition, Has, In, Within, facts_of, walk

MOST_COMBINATIONS: Final = 20_000
_STARTS: Final = Days(date(2026, 12, 1), date(2026, 12, 1))


def find_useless(when: All) -> Iterator[Path]:
    """Yield the path of each condition that can be deleted without any effect."""
    environments = list(find_environments(when))
    results = [when.result(env) for env in environments]
    for change in deletions(when):
        if [change.condition.result(env) for env in environments] == results:
            yield change.path


def find_environments(when: All) -> Iterator[dict[str, Any]]:
    """Yield combinations of values: all of them, or as many as can be tried, drawn at random with a fixed seed."""
    names = list(dict.fromkeys(facts_of(when)))
    choices = [list(representatives(name, when)) for name in names]
    size = 1
    for each in choices:
        size *= len(each)
    if size <= MOST_COMBINATIONS:
        drawn: Iterator[tuple[Any, ...]] = product(*choices)
    else:
        chance = random.Random(1)
        drawn = islice(iter(lambda: tuple(map(chance.choice, choices)), None), MOST_COMBINATIONS)
    for values in drawn:
        yield dict(zip(names, values, strict=True))


def representatives(name: str, condition: Condition) -> Iterator[Any]:
    """Yield one value of a fact for each way in which conditions tell its values apart."""
    on_it = [each for each in walk(condition) if not isinstance(each, All) and getattr(each, "fact", None) == name]
    kind = FACTS[name].kind
    if kind == "bool":
        yield from (True, False)
    elif kind == "code":
        yield from _distinct(name, [each.codes for each in on_it if isinstance(each, In)])
    elif kind == "codes":
        singles = _distinct(name, [each.codes for each in on_it if isinstance(each, Has)])
        yield Told()
        yield from (Told(frozenset({code})) for code in singles)
        yield Told(frozenset(singles))
    elif kind == "number":
        for each in on_it:
            if isinstance(each, Compare):
                yield from (Span.of(each.threshold + step) for step in (-1, 0, 1))
    elif any(isinstance(each, Within) for each in on_it):
        yield _STARTS
    else:
        yield from (Days(day, day) for day in (date(1950, 1, 1), date(2026, 11, 1)))


def _distinct(name: str, sets: list[frozenset[str]]) -> list[str]:
    """Return one code for each combination of sets that holds it."""
    by_signature = {tuple(code in codes for codes in sets): code for code in reversed(list(FACTS[name].values))}
    return list(by_signature.values())
