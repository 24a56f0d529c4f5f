"""What pays for one person, as conditions and counts of a search: the facet ``funding``.

The value of an offer is the best one over its sessions that meet the conditions of the search, with a condition on
seats under a funder of the scheme that pays; so it changes with these conditions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from funding.evaluation.facet import VALUES, FundingValue
from funding.facts.person import Person
from mappings.columns.funding_set import NAME
from mappings.session_index import FIRST
from search_app.search.facets import UNTOLD
from search_app.search.funding.clauses import EVERY, NONE, Clause, all_of, any_of, but
from search_app.search.funding.fact_sets import MOST_SETS, FactSets, Mask
from search_app.search.funding.level_clauses import LevelClauses, Parts, Share
from search_app.search.funding.moments import starts_before
from search_app.search.funding.painless.scripts import TOTAL, Scripts, apart, by_clauses
from search_app.search.funding.rules import LEVELS, Rules
from search_app.search.funding.sessions import is_implied, seats_under
from search_app.search.funding.values import Valuer, Worth
from search_app.search.funding.worths import EVERY_LEVEL, NO_LEVEL, Chosen, bands, to_chosen
from search_app.search.query.counts import EARLIER, PAYMENT, SETS
from search_app.search.query.session_counts import OPEN, REST, TOLD
from search_app.search.query.sessions import SessionConditions, under_of


@dataclass(frozen=True, eq=False)
class Payment:
    """The rules for one person, and the chosen values; ``few`` if the search leaves few offers of a country's.

    ``sets`` are those of all offers. While none are known a script decides alone. No session starts before the day
    ``earliest``: an answer with lists checks both. ``compile_since`` makes the rules for sessions from such a day on.
    """

    compile_since: Callable[[date], Rules] = field(repr=False)
    person: Person = field(repr=False)
    values: tuple[FundingValue, ...] = ()
    few: bool = False
    sets: FactSets = field(default_factory=FactSets, repr=False)
    earliest: date = FIRST

    @cached_property
    def rules(self) -> Rules:
        """Return the rules for sessions that start on the earliest day or later."""
        return self.compile_since(self.earliest)

    @cached_property
    def valuer(self) -> Valuer:
        """Return what values stored offers."""
        return Valuer(self.rules, self.person)

    @property
    def narrows(self) -> bool:
        """Tell whether values are chosen that leave offers out."""
        return bool(self.values) and {*self.values} != {*VALUES}

    def from_first_day(self) -> "Payment":
        """Return the same without the assumption that no session starts before a day."""
        return replace(self, earliest=FIRST)

    def without_sets(self) -> "Payment":
        """Return the same by a script alone."""
        return replace(self, sets=FactSets(), earliest=FIRST)

    def checks(self) -> dict[str, Any]:
        """Return the aggregation that counts the offers of which ``earliest`` is wrong, if any can be."""
        if self.earliest == FIRST:
            return {}
        return {EARLIER: {"filters": {"filters": {EARLIER: starts_before(self.earliest)}}}}

    def chosen(self, conditions: SessionConditions) -> list[Clause]:
        """Return the clause of the chosen values as a list of one, for offers with a session that meets the conditions;
        empty if no offer is left out.
        """
        if not self.narrows:
            return []
        picked = self._picked(conditions.funder_of_seats)
        within = self._paid_by(conditions.funders)
        parts = self._parts(conditions, picked.rest & within, self._levels)
        # Clauses of levels hold for offers of these sets alone, but for what is on no level.
        of_sets = self._clause_of(picked.rest & within)
        told = all_of([of_sets if "no" in self.values else EVERY, but(self._of_chosen(parts.levels), parts.open)])
        found = [self.sets.clause(picked.always & within), told]
        if parts.open != NONE:
            asked = of_sets if parts.open == EVERY else parts.open
            found.append(all_of([asked, self._scripts.is_worth(conditions, self.values, parts.among)]))
        return [any_of(found)]

    def counts(self, conditions: SessionConditions) -> dict[str, Any]:
        """Return the aggregations that count the offers of each set, and of those that are not worth the same for all
        sessions the levels that clauses tell and the values of the others.
        """
        told: dict[str, Any] = {PAYMENT + SETS: {"terms": {"field": NAME, "size": MOST_SETS}}}
        worth = self._clauses.worths(conditions.funder_of_seats)
        rest = self._clause_of(worth.rest)
        if rest == NONE:
            return told
        # One pass of a script tells all values sooner than clauses of each level beside seats.
        by_script = Parts({}, EVERY, worth.rest)
        parts = by_script if conditions.seats is not None else self._parts(conditions, worth.rest, LEVELS)
        told[PAYMENT] = apart(parts.open, {"filters": {"filters": {**parts.levels, TOTAL: EVERY}}}, rest)
        if parts.open == NONE:
            return told
        return told | {PAYMENT + OPEN: self._scripts.count_values(all_of([rest, parts.open]), conditions, parts.among)}

    def is_settled(self, under: str | None) -> bool:
        """Tell whether each offer has a chosen value by all of its sessions, or by none, and the same by those with
        seats under a funder.
        """
        if not self.narrows:
            return True
        picked = self._picked(None)
        return bool(self.sets.terms) and not picked.rest and self._picked(under) == picked

    def count_rows(self, name: str, rows: Mapping[str, SessionConditions], told: dict[str, Any]) -> dict[str, Any]:
        """Return the aggregations, by that name, that count the offers with a chosen value by sessions that meet the
        conditions of each row; these have the same days. ``told`` counts the same, whatever pays.
        """
        picked = self._picked(under_of(rows.values()))
        settled = {name: {"filter": self.sets.clause(picked.always), "aggs": {TOLD: told}}}
        return settled | (self._count_rest(name, rows, picked.rest) if self._clause_of(picked.rest) != NONE else {})

    def _count_rest(self, name: str, rows: Mapping[str, SessionConditions], among: Mask) -> dict[str, Any]:
        """Return the aggregations of the offers of some sets, whose sessions tell whether they have a chosen value."""
        if any(self._is_told_by_script(each) or each.seats is None for each in rows.values()):
            return self._count_by_parts(name, rows, among)
        implied = {row: conditions for row, conditions in rows.items() if is_implied(conditions)}
        shares, left = self._clauses.shares(among, self._levels) if implied else ((), among)
        blind = any_of(all_of(conditions.query()) for row, conditions in rows.items() if row not in implied)
        of_left = all_of([self.sets.clause(left), any_of(all_of(conditions.query()) for conditions in rows.values())])
        asked = any_of([blind, of_left])
        found = {
            f"{name}{REST}{number}": apart(
                blind, by_clauses(self._told_of_share(implied, share)), self.sets.clause(share.mask)
            )
            for number, share in enumerate(shares)
        }
        if asked == NONE:
            return found
        return found | {
            name + OPEN: self._scripts.count_rows(all_of([self._clause_of(among), asked]), rows, self.values, among)
        }

    def _told_of_share(self, rows: Mapping[str, SessionConditions], share: Share) -> dict[str, Clause]:
        """Return the clause of each row, of the offers of a share with a chosen value.

        A session that a scheme pays meets the row; of one that none pays nothing says so.
        """
        return {
            row: all_of([
                *(conditions.query() if "no" in self.values else []),
                self._of_chosen(self._levels_of(share, conditions)),
            ])
            for row, conditions in rows.items()
        }  # fmt: skip

    def _count_by_parts(self, name: str, rows: Mapping[str, SessionConditions], among: Mask) -> dict[str, Any]:
        rest = self._clause_of(among)
        parts = {row: self._parts(conditions, among, self._levels) for row, conditions in rows.items()}
        asked = any_of(each.open for each in parts.values())
        chosen = {row: self._of_chosen(each.levels) for row, each in parts.items()}
        first = next(iter(chosen.values()))
        same = first if all(each == first for each in chosen.values()) else EVERY
        told = {row: all_of([*rows[row].query(), EVERY if same == each else each]) for row, each in chosen.items()}
        return {
            name + REST: apart(asked, by_clauses(told), all_of([rest, same])),
            name + OPEN: self._scripts.count_rows(all_of([rest, asked]), rows, self.values, among),
        }

    def known(self, conditions: SessionConditions) -> Mapping[str, FundingValue | None]:
        """Return the value of the offers of each known set, None if it depends on their sessions."""
        told: dict[str, FundingValue | None] = dict.fromkeys(self.sets.names)
        for value, mask in self._clauses.worths(conditions.funder_of_seats).by_value.items():
            told |= dict.fromkeys(self.sets.names_of(mask), value)
        return told

    def worth_of_set(self, name: str, under: str | None) -> Worth | None:
        """Return what the offers of the set of this name are worth by every session with seats under a funder; None if
        that can differ, or if the set is not known.
        """
        mask = self.sets.mask_of(name)
        told = self._clauses.settled(under)
        return next((worth for worth, those in told.items() if those & mask), None)

    def _picked(self, under: str | None) -> Chosen:
        """Return the sets whose offers have a chosen value by every session, or by none."""
        return to_chosen(self.values, *self._clauses.bounds(under), self.sets.every)

    def _paid_by(self, funders: Sequence[str]) -> Mask:
        """Return the sets whose offers one of some funders pays: no others have a session with seats under them."""
        if not funders or UNTOLD in funders:
            return self.sets.every
        return self.sets.extent({"terms": {"funder": funders}}).possible

    def _clause_of(self, among: Mask) -> Clause:
        """Return the clause of the offers of some sets; of all while no sets are known."""
        return self.sets.clause(among) if self.sets.terms else EVERY

    @cached_property
    def _levels(self) -> Sequence[str]:
        """Return the levels that tell the chosen values from the others."""
        return sorted({level for band in bands(self.values) for level in band if level in LEVELS})

    def _of_chosen(self, told: Mapping[str, Clause]) -> Clause:
        """Return the clause of the chosen values from those of levels."""
        levels = {**told, EVERY_LEVEL: EVERY, NO_LEVEL: NONE}
        return any_of(but(levels.get(on, NONE), levels.get(off, NONE)) for on, off in bands(self.values))

    def _parts(self, conditions: SessionConditions, among: Mask, levels: Sequence[str]) -> Parts:
        """Return what clauses tell of offers of some sets with a session that meets the conditions.

        Of few offers a script tells sooner than ranges over the whole catalogue.
        """
        if self._is_told_by_script(conditions) or not is_implied(conditions):
            return Parts({}, EVERY, among)
        if conditions.seats is None:
            return self._clauses.parts(conditions, among, levels)
        shares, left = self._clauses.shares(among, [*levels])
        of_shares = [(self.sets.clause(share.mask), self._levels_of(share, conditions)) for share in shares]
        told = {level: any_of(all_of([of_share, each[level]]) for of_share, each in of_shares) for level in levels}
        return Parts(told, self.sets.clause(left), left)

    def _levels_of(self, share: Share, conditions: SessionConditions) -> dict[str, Clause]:
        """Return by level the clause of the offers of a share with seats under a funder that pays them."""
        return {
            level: any_of(seats_under(conditions, each) for each in funders) for level, funders in share.funders.items()
        }

    def _is_told_by_script(self, conditions: SessionConditions) -> bool:
        """Tell whether clauses tell nothing, or later than a script; that of a rare number of seats is one itself."""
        is_rare = conditions.seats is not None and not conditions.has_a_combination()
        return not self.sets.terms or self.few or is_rare

    @cached_property
    def _clauses(self) -> LevelClauses:
        return LevelClauses(self.rules, self.sets)

    @cached_property
    def _scripts(self) -> Scripts:
        return Scripts(self.rules, self.person, self._clauses.extents)
