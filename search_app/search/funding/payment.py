"""What pays for one person, as conditions and counts of a search: the facet ``funding``.

The value of an offer is the best one over its sessions that meet the conditions of the search, with a condition on
seats under a funder of the scheme that pays; so it changes with these conditions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final, TypeVar

from funding.book import Book
from funding.evaluation.facet import VALUES, FundingValue
from funding.facts.person import Person
from mappings.session_index import FIRST, day_number
from search_app.search.facets import UNTOLD
from search_app.search.funding.clauses import EVERY, NONE, Clause, all_of, any_of, but, not_
from search_app.search.funding.program import to_program
from search_app.search.funding.rules import LEVELS, NOT_NO, PAID, YES, Rule, Rules, compile_rules
from search_app.search.funding.script import ALL_COUNTERS, COUNT_ROWS, IS_WORTH, NAMED, NEW_COUNTERS
from search_app.search.funding.sessions import Sessions
from search_app.search.funding.values import Valuer
from search_app.search.query.sessions import SessionConditions

Member = TypeVar("Member")
FACET: Final = "funding"
WORTH: Final[Mapping[FundingValue, int]] = {"no": 0, "unknown": 1, "possible": 2, "paid": 3}  # of the scripts
_ON_LEVEL: Final[Mapping[str, tuple[FundingValue, ...]]] = {
    PAID: ("paid",),
    YES: ("paid", "possible"),
    NOT_NO: ("paid", "possible", "unknown"),
}
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
    person: Person = field(repr=False)
    values: tuple[FundingValue, ...] = ()

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
        level = {name: self._level(name, conditions) for name in LEVELS}
        by_value: dict[FundingValue, Clause] = {
            "paid": level[PAID],
            "possible": but(level[YES], level[PAID]),
            "unknown": but(level[NOT_NO], level[YES]),
            "no": not_(level[NOT_NO]),
        }
        return [any_of(by_value[value] for value in self.values)]

    def counts(self, conditions: SessionConditions) -> dict[str, Any]:
        """Return the aggregation that counts the levels, and all offers."""
        levels = {name: self._level(name, conditions) for name in LEVELS}
        return {"filters": {"filters": {**levels, TOTAL: EVERY}}}

    def count_rows(self, rows: Mapping[str, SessionConditions]) -> dict[str, Any]:
        """Return the aggregation that counts, by name, the offers with a chosen value by sessions that meet conditions;
        these have the same days.
        """
        return {
            "scripted_metric": {
                "init_script": NEW_COUNTERS,
                "map_script": COUNT_ROWS,
                "combine_script": ALL_COUNTERS,
                "reduce_script": NAMED,
                "params": self._params([*rows.values()], self.values or VALUES) | {"names": [*rows]},
            }
        }

    def _level(self, level: str, conditions: SessionConditions) -> Clause:
        """Return the clause that an offer is on a level by a session that meets the conditions."""
        unclear = Sessions(self.rules.moments, conditions).unclear
        surely: list[Clause] = []
        between: list[Clause] = []
        for funders, rules in _by_funders(self.rules.levels[level], conditions).items():
            under = paying(conditions, funders)
            if under is None:
                continue
            sessions = Sessions(self.rules.moments, under)
            told = [(rule.bounds.surely, sessions.reached & rule.intervals) for rule in rules]
            surely += [all_of([clause, sessions.start_in(intervals)]) for intervals, clause in _joined(told)]
            between += [
                but(rule.bounds.perhaps, rule.bounds.surely) for rule in rules if rule.intervals & sessions.reached
            ]
        asked = any_of([unclear, *between])
        if asked == NONE:
            return any_of(surely)
        params = self._params([conditions], _ON_LEVEL[level])
        decided: Clause = {"script": {"script": {"source": IS_WORTH, "params": params}}}
        return any_of([but(any_of(surely), unclear), all_of([asked, decided])])

    def _params(self, rows: Sequence[SessionConditions], wanted: Iterable[FundingValue]) -> dict[str, Any]:
        """Return the parameters of the scripts, for rows of conditions that have the same days."""
        told = [each.script_params() for each in rows]
        days = {name: told[0][name] for name in ("first", "last", "first2", "last2")} if told else {}
        return {
            **self._program,
            **days,
            "rows": [
                [row["states"], row["funders"], row["least"], row["most"], int(UNTOLD in each.funders)]
                for row, each in zip(told, rows, strict=True)
            ],
            "seats": any(each.seats is not None for each in rows),
            "without": not any(each.any_set for each in rows),
            "wanted": sum(1 << WORTH[value] for value in wanted),
        }

    @cached_property
    def _program(self) -> dict[str, Any]:
        moments = self.rules.moments
        on = day_number(moments.on.isoformat())
        return {**to_program(self.rules, self.person.env()), "on": on, "edges": moments.axis()}


def to_payment(situation: Situation, book: Book, conditions: SessionConditions, on: date) -> Payment:
    """Return what pays for a person in a search with these conditions, on a day."""
    since = [date.fromisoformat(day) for day in (conditions.start_from, conditions.upcoming_on) if day]
    rules = compile_rules(book, situation.person, on, max(since, default=FIRST))
    return Payment(rules, situation.person, situation.values)


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
