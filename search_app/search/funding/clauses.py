"""A small algebra of engine clauses: constants disappear, so that most of what a person settles leaves no query."""

from collections.abc import Iterable
from typing import Any, Final, TypeVar

Member = TypeVar("Member")
Clause = dict[str, Any]
EVERY: Final[Clause] = {"match_all": {}}
NONE: Final[Clause] = {"match_none": {}}


def all_of(clauses: Iterable[Clause]) -> Clause:
    """Return the clause that all of some hold; each once.

    >>> all_of([EVERY, EVERY]), all_of([EVERY, {"a": 1}, {"a": 1}]), all_of([{"a": 1}, NONE])
    ({'match_all': {}}, {'a': 1}, {'match_none': {}})
    """
    kept: list[Clause] = []
    for clause in clauses:
        if clause == NONE:
            return NONE
        if clause != EVERY and clause not in kept:
            kept.append(clause)
    if len(kept) < 2:
        return kept[0] if kept else EVERY
    return {"bool": {"filter": kept}}


def any_of(clauses: Iterable[Clause]) -> Clause:
    """Return the clause that one of some holds at least; each once.

    >>> any_of([NONE, {"a": 1}]), any_of([{"a": 1}, EVERY]), any_of([])
    ({'a': 1}, {'match_all': {}}, {'match_none': {}})
    """
    kept: list[Clause] = []
    for clause in clauses:
        if clause == EVERY:
            return EVERY
        if clause != NONE and clause not in kept:
            kept.append(clause)
    if len(kept) < 2:
        return kept[0] if kept else NONE
    return {"bool": {"should": kept}}


def not_(clause: Clause) -> Clause:
    """Return the clause that another one does not hold.

    >>> not_(EVERY), not_(not_({"a": 1}))
    ({'match_none': {}}, {'a': 1})
    """
    if clause in (EVERY, NONE):
        return NONE if clause == EVERY else EVERY
    inner = clause.get("bool", {})
    if inner.keys() == {"must_not"}:
        (denied,) = inner["must_not"]
        return {**denied}
    return {"bool": {"must_not": [clause]}}


def but(clause: Clause, excluded: Clause) -> Clause:
    """Return the clause that one holds and another one does not."""
    if excluded == NONE:
        return clause
    return NONE if clause == excluded else all_of([clause, not_(excluded)])


def joined(rules: Iterable[tuple[Clause, frozenset[Member]]]) -> list[tuple[frozenset[Member], Clause]]:
    """Return few pairs that say the same as some, each a clause for the members of a set: one for each set, none that
    another one implies.

    >>> joined([({"a": 1}, frozenset({1})), ({"a": 1}, frozenset({2})), ({"b": 1}, frozenset({1, 2}))])
    [(frozenset({1, 2}), {'bool': {'should': [{'a': 1}, {'b': 1}]}})]
    >>> joined([(EVERY, frozenset({1})), ({"b": 1}, frozenset({1})), ({"b": 1}, frozenset())])
    [(frozenset({1}), {'match_all': {}})]
    """
    by_clause: dict[str, tuple[Clause, frozenset[Member]]] = {}
    for clause, members in rules:
        known = by_clause.get(key := repr(clause), (clause, frozenset()))[1]
        by_clause[key] = clause, known | members
    by_members: dict[frozenset[Member], list[Clause]] = {}
    for clause, members in by_clause.values():
        if members and clause != NONE:
            by_members.setdefault(members, []).append(clause)
    joined = {members: any_of(found) for members, found in by_members.items()}
    whole = [members for members, clause in joined.items() if clause == EVERY]
    return [(members, clause) for members, clause in joined.items() if not any(members < each for each in whole)]
