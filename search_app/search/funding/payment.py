"""What pays for one person, as conditions and counts of a search: the facet ``funding``.

The value of an offer is the best one over its sessions that meet the conditions of the search, with a condition on
seats under a funder of the scheme that pays; so it changes with these conditions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

from funding.book import Book
from funding.evaluation.facet import VALUES, FundingValue
from funding.facts.person import Person
from mappings.session_index import FIRST
from search_app.search.facets import UNTOLD
from search_app.search.funding.clauses import EVERY, NONE, Clause, all_of, any_of, but, joined, not_, size
from search_app.search.funding.counting import OPEN_VALUE, TOTAL, apart, counted
from search_app.search.funding.program import to_program
from search_app.search.funding.rules import LEVELS, NOT_NO, PAID, YES, Rule, Rules, compile_rules
from search_app.search.funding.script import COUNT_ROWS, COUNT_VALUES, IS_WORTH
from search_app.search.funding.sessions import Sessions
from search_app.search.funding.values import Valuer
from search_app.search.query.counts import PAYMENT
from search_app.search.query.request import SearchRequest
from search_app.search.query.session_counts import OPEN
from search_app.search.query.sessions import SessionConditions

WORTH: Final[Mapping[FundingValue, int]] = {"no": 0, "unknown": 1, "possible": 2, "paid": 3}  # of the scripts
# Funders, states and intervals multiply: the engine takes 1,024 clauses of a query. Beyond these a script decides.
MOST_CLAUSES: Final = 300
MOST_OF_ROWS: Final = 900
_LEVELS_OF: Final = {"paid": (PAID,), "possible": (PAID, YES), "unknown": (YES, NOT_NO), "no": (NOT_NO,)}


@dataclass(frozen=True)
class Situation:
    """A person as posted, and the values of the facet that are chosen; none: all."""

    person: Person
    values: tuple[FundingValue, ...] = ()


@dataclass(frozen=True, eq=False)
class Payment:
    """The rules for one person, and the chosen values; ``few`` if the search leaves few offers of a country's."""

    rules: Rules = field(repr=False)
    person: Person = field(repr=False)
    values: tuple[FundingValue, ...] = ()
    few: bool = False

    @cached_property
    def valuer(self) -> Valuer:
        """Return what values stored offers."""
        return Valuer(self.rules, self.person)

    @property
    def narrows(self) -> bool:
        """Tell whether values are chosen that leave offers out."""
        return bool(self.values) and {*self.values} != {*VALUES}

    def chosen(self, conditions: SessionConditions) -> list[Clause]:
        """Return the clause of the chosen values as a list of one, for offers with a session that meets the conditions;
        empty if no offer is left out.
        """
        if not self.narrows:
            return []
        parts = self._parts(conditions)
        decided = self._script(IS_WORTH, self._params([conditions], self.values))
        return [any_of([but(self._of_chosen(parts), parts.open), all_of([parts.open, decided])])]

    def counts(self, conditions: SessionConditions) -> dict[str, Any]:
        """Return the aggregations that count the levels of the offers that clauses tell, the values of the others, and
        all offers.
        """
        parts = self._parts(conditions, LEVELS)
        told = {PAYMENT: apart(parts.open, {"filters": {"filters": {**parts.levels, TOTAL: EVERY}}})}
        if parts.open == NONE:
            return told
        names = {"names": [OPEN_VALUE + value for value in WORTH]}
        return told | {PAYMENT + OPEN: counted(parts.open, COUNT_VALUES, self._params([conditions], VALUES) | names)}

    def count_rows(self, name: str, rows: Mapping[str, SessionConditions]) -> dict[str, Any]:
        """Return the aggregations, by that name, that count the offers with a chosen value by sessions that meet the
        conditions of each row; these have the same days.
        """
        parts = {row: self._parts(conditions) for row, conditions in rows.items()}
        if sum(each.size for each in parts.values()) > MOST_OF_ROWS:
            parts = dict.fromkeys(parts, _Parts({}, EVERY))
        asked = any_of(each.open for each in parts.values())
        chosen = {row: self._of_chosen(each) for row, each in parts.items()}
        first = next(iter(chosen.values()))
        same = first if all(each == first for each in chosen.values()) else EVERY
        told = {row: all_of([*rows[row].query(), EVERY if same == each else each]) for row, each in chosen.items()}
        params = self._params([*rows.values()], self.values) | {"names": [*rows]}
        return {
            name: apart(asked, {"filters": {"filters": told}}, same),
            name + OPEN: counted(asked, COUNT_ROWS, params),
        }

    def _of_chosen(self, parts: "_Parts") -> Clause:
        """Return the clause of the chosen values for the offers that are not open."""
        paid, yes, not_no = (parts.levels.get(name, NONE) for name in LEVELS)
        by_value = {"paid": paid, "possible": but(yes, paid), "unknown": but(not_no, yes), "no": not_(not_no)}
        return any_of(by_value[value] for value in self.values)

    def _parts(self, conditions: SessionConditions, levels_asked: Iterable[str] = ()) -> "_Parts":
        """Return what clauses tell of offers with a session that meets the conditions, and the offers left open; of the
        levels that the chosen values need, or of others.
        """
        if (self.few and conditions.seats is not None) or is_crossed(conditions):
            # To look at the sessions of few offers takes less than a dozen ranges over the whole catalogue.
            return _Parts({}, all_of(conditions.query()))
        asked = [Sessions(self.rules.moments, conditions).unclear]
        levels: dict[str, Clause] = {}
        for level in levels_asked or sorted({level for value in self.values for level in _LEVELS_OF[value]}):
            surely: list[Clause] = []
            between: list[Clause] = []
            for funders, rules in self._by_funders(level, conditions).items():
                under = paying(conditions, funders)
                if under is None:
                    continue
                sessions = Sessions(self.rules.moments, under, is_met=under == conditions)
                paid = paid_by(conditions, funders)
                told = [(all_of([clause, paid]), sessions.reached & intervals) for intervals, clause in rules.surely]
                surely += [all_of([clause, sessions.start_in(intervals)]) for intervals, clause in joined(told)]
                between += [clause for intervals, clause in rules.between if intervals & sessions.reached]
            levels[level] = any_of(surely)
            asked += between if levels[level] != EVERY else []
        parts = _Parts(levels, any_of(asked))
        return parts if parts.size <= MOST_CLAUSES else _Parts({}, EVERY)

    def _by_funders(self, level: str, conditions: SessionConditions) -> "Mapping[tuple[str, ...], _Rules]":
        """Return the rules by the funders whose seats count; without a condition on seats whoever pays."""
        key = level, conditions.seats is not None
        if key not in self._grouped:
            found: dict[tuple[str, ...], list[Rule]] = {}
            for rule in self.rules.levels[level]:
                found.setdefault(rule.funders if key[1] else (), []).append(rule)
            self._grouped[key] = {
                funders: _Rules(
                    joined([(rule.bounds.surely, rule.intervals) for rule in rules]),
                    joined([(rule.bounds.between, rule.intervals) for rule in rules]),
                )
                for funders, rules in found.items()
            }
        return self._grouped[key]

    @cached_property
    def _grouped(self) -> "dict[tuple[str, bool], Mapping[tuple[str, ...], _Rules]]":
        return {}

    @staticmethod
    def _script(source: str, params: dict[str, Any]) -> Clause:
        return {"script": {"script": {"source": source, "params": params}}}

    def _params(self, rows: Sequence[SessionConditions], wanted: Iterable[FundingValue]) -> dict[str, Any]:
        """Return the parameters of the scripts, for rows of conditions that have the same days."""
        told = [each.script_params() for each in rows]
        days = {name: told[0][name] for name in ("first", "last", "first2", "last2")} if told else {}
        seats = any(each.seats is not None for each in rows)
        return {
            **(self._program_beside_seats if seats else self._program),
            **days,
            "rows": [
                [row["states"], row["funders"], row["least"], row["most"], int(UNTOLD in each.funders)]
                for row, each in zip(told, rows, strict=True)
            ],
            "seats": seats,
            "without": not any(each.any_set for each in rows),
            "wanted": sum(1 << WORTH[value] for value in wanted),
        }

    @cached_property
    def _program(self) -> dict[str, Any]:
        return to_program(self.rules, self.person.env(), beside_seats=False)

    @cached_property
    def _program_beside_seats(self) -> dict[str, Any]:
        return to_program(self.rules, self.person.env(), beside_seats=True)


class _Rules(NamedTuple):
    """The clauses of some rules by their intervals: of offers that are surely on the level, and of open ones."""

    surely: Sequence[tuple[frozenset[int], Clause]]
    between: Sequence[tuple[frozenset[int], Clause]]


class _Parts(NamedTuple):
    """The clauses of the levels, and the offers of which they do not tell."""

    levels: Mapping[str, Clause]
    open: Clause

    @property
    def size(self) -> int:
        """Return how many clauses these are."""
        return sum(map(size, (*self.levels.values(), self.open)))


def to_payment(situation: Situation, book: Book, request: SearchRequest) -> Payment:
    """Return what pays for a person in a search."""
    conditions = request.conditions
    since = [date.fromisoformat(day) for day in (conditions.start_from, conditions.upcoming_on) if day]
    rules = compile_rules(book, situation.person, request.today, max(since, default=FIRST))
    return Payment(rules, situation.person, situation.values, request.leaves_few)


def paying(conditions: SessionConditions, funders: Iterable[str]) -> SessionConditions | None:
    """Return the conditions with seats under these funders, if there are any; None if none of them was chosen.

    A scheme without a funder of the code table (a person's own account, say) pays any seat.
    """
    under = tuple(funders)
    if conditions.seats is None or not under or (conditions.seats == "unknown" and not conditions.funders):
        return conditions
    if conditions.funders:
        under = tuple(code for code in under if code in conditions.funders)
    return replace(conditions, funders=under) if under else None


def is_crossed(conditions: SessionConditions) -> bool:
    """Tell whether seats under the funders of a scheme are another condition on the session, which no range joins.

    Full under one funder says nothing of the others. Unknown under any is unknown under each.
    """
    return conditions.seats == "full" or (conditions.seats == "unknown" and bool(conditions.funders))


def paid_by(conditions: SessionConditions, funders: tuple[str, ...]) -> Clause:
    """Return the offers whose seats can be under these funders; figures that are not known are none of a funder's."""
    return {"terms": {"funder": list(funders)}} if conditions.seats == "unknown" and funders else EVERY
