"""What pays for one person, as conditions and counts of a search: the facet ``funding``.

The value of an offer is the best one over its sessions that meet the conditions of the search, with a condition on
seats under a funder of the scheme that pays; so it changes with these conditions.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final, TypeVar

from funding.book import Book
from funding.evaluation.facet import VALUES, FundingValue
from funding.facts.person import Person
from mappings.session_index import FIRST
from search_app.search.funding.clauses import EVERY, NONE, Clause, all_of, any_of, but, not_
from search_app.search.funding.rules import NOT_NO, PAID, YES, Rule, Rules, compile_rules
from search_app.search.funding.sessions import Sessions
from search_app.search.funding.values import Valuer
from search_app.search.query.sessions import SessionConditions

Member = TypeVar("Member")
FACET: Final = "funding"
TOTAL: Final = "total"  # the row of all offers, beside the levels


@dataclass(frozen=True)
class Situation:
    """A person as posted, and the values of the facet that are chosen; none: all."""

    person: Person
    values: tuple[FundingValue, ...] = ()


@dataclass(frozen=True, eq=False)
class Payment:
    """The rules for one person, and the chosen values."""

    rules: Rules = field(repr=False)
    values: tuple[FundingValue, ...] = ()
    person: Person = field(default_factory=Person, repr=False)

    @cached_property
    def valuer(self) -> Valuer:
        """Return what values stored offers."""
        return Valuer(self.rules, self.person)

    @property
    def narrows(self) -> bool:
        """Tell whether values are chosen that leave offers out."""
        return bool(self.values) and {*self.values} != {*VALUES}

    def chosen(self, conditions: SessionConditions) -> list[Clause]:
        """Return the clause of the chosen values as a list of one; empty if no offer is left out."""
        if not self.narrows:
            return []
        return [any_of(self._value(value, conditions) for value in self.values)]

    def counts(self, conditions: SessionConditions) -> dict[str, Any]:
        """Return the aggregation that counts the levels, and all offers."""
        levels = {level: self._level(level, conditions) for level in (PAID, YES, NOT_NO)}
        return {"filters": {"filters": {**levels, TOTAL: {"match_all": {}}}}}

    def _value(self, value: FundingValue, conditions: SessionConditions) -> Clause:
        if value == "paid":
            return self._level(PAID, conditions)
        if value == "possible":
            return but(self._level(YES, conditions), self._level(PAID, conditions))
        if value == "unknown":
            return but(self._level(NOT_NO, conditions), self._level(YES, conditions))
        return not_(self._level(NOT_NO, conditions))

    def _level(self, level: str, conditions: SessionConditions) -> Clause:
        """Return the clause that an offer is on a level by a session that meets the conditions."""
        whole = Sessions(self.rules.moments, conditions)
        clear: list[Clause] = []
        unclear: list[Clause] = []
        others: list[Clause] = []
        for funders, rules in _by_funders(self.rules.levels[level], conditions).items():
            under = paying(conditions, funders)
            if under is None:
                continue
            sessions = Sessions(self.rules.moments, under)
            others += [
                all_of([rule.clause, sessions.decided(rule.starts, rule.extras)])
                for rule in rules
                if rule.extras is not None
            ]
            told = [(rule.clause, rule.starts) for rule in rules if rule.extras is None]
            inside = [
                (clause, sessions.reached.intersection(i for i, j in starts if i == j)) for clause, starts in told
            ]
            clear += [all_of([clause, sessions.clear(intervals)]) for intervals, clause in _joined(inside)]
            if whole.unclear != NONE:
                unclear += [all_of([clause, sessions.decided(starts, None)]) for starts, clause in _joined(told)]
        return any_of([but(any_of(clear), whole.unclear), all_of([whole.unclear, any_of(unclear)]), *others])


def to_payment(situation: Situation, book: Book, conditions: SessionConditions, on: date) -> Payment:
    """Return what pays for a person in a search with these conditions, on a day."""
    since = [date.fromisoformat(day) for day in (conditions.start_from, conditions.upcoming_on) if day]
    rules = compile_rules(book, situation.person, on, max(since, default=FIRST))
    return Payment(rules, situation.values, situation.person)


def _by_funders(rules: Iterable[Rule], conditions: SessionConditions) -> dict[tuple[str, ...], list[Rule]]:
    """Return the rules by the funders whose seats count; without a condition on seats whoever pays."""
    found: dict[tuple[str, ...], list[Rule]] = {}
    for rule in rules:
        found.setdefault(() if conditions.seats is None else rule.funders, []).append(rule)
    return found


def _joined(rules: Iterable[tuple[Clause, frozenset[Member]]]) -> list[tuple[frozenset[Member], Clause]]:
    """Return few rules that say the same as some: one for each set of sessions, none that another one implies.

    >>> _joined([({"a": 1}, frozenset({1})), ({"a": 1}, frozenset({2})), ({"b": 1}, frozenset({1, 2}))])
    [(frozenset({1, 2}), {'bool': {'should': [{'a': 1}, {'b': 1}]}})]
    >>> _joined([(EVERY, frozenset({1})), ({"b": 1}, frozenset({1})), ({"b": 1}, frozenset())])
    [(frozenset({1}), {'match_all': {}})]
    """
    by_clause: dict[str, tuple[Clause, frozenset[Member]]] = {}
    for clause, members in rules:
        known = by_clause.get(key := repr(clause), (clause, frozenset()))[1]
        by_clause[key] = clause, known | members
    by_members: dict[frozenset[Member], list[Clause]] = {}
    for clause, members in by_clause.values():
        if members:
            by_members.setdefault(members, []).append(clause)
    joined = {members: any_of(found) for members, found in by_members.items()}
    whole = [members for members, clause in joined.items() if clause == EVERY]
    return [(members, clause) for members, clause in joined.items() if not any(members < each for each in whole)]


def paying(conditions: SessionConditions, funders: Iterable[str]) -> SessionConditions | None:
    """Return the conditions with seats under these funders, if there are any; None if none of them was chosen.

    A scheme without a funder of the code table (a person's own account, say) pays any seat.
    """
    under = tuple(funders)
    if conditions.seats is None or not under:
        return conditions
    if conditions.funders:
        under = tuple(code for code in under if code in conditions.funders)
    return replace(conditions, funders=under) if under else None


def count_values(levels: dict[str, int]) -> dict[FundingValue, int]:
    """Return the offers of each value from those of the levels, each of which holds the one before.

    >>> count_values({"paid": 2, "yes": 5, "not_no": 9, "total": 10})
    {'paid': 2, 'possible': 3, 'unknown': 4, 'no': 1}
    """
    paid, yes, not_no, total = (levels[name] for name in (PAID, YES, NOT_NO, TOTAL))
    return {"paid": paid, "possible": yes - paid, "unknown": not_no - yes, "no": total - not_no}
