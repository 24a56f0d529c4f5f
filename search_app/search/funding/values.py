"""The value of one stored offer for one person: by the rules themselves, not by clauses.

What a person settles for all offers is known from the compiled clauses; only the other schemes are asked.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, NamedTuple

from funding.evaluation.facet import FundingValue, best_value
from funding.evaluation.versions import InForce, find_in_force
from funding.facts.offer import OfferFacts, SessionFacts
from funding.facts.person import Person
from funding.facts.values import Days, Kleene
from funding.rule.scheme import FOREVER
from search_app.search.funding.clauses import EVERY, NONE
from search_app.search.funding.rules import Rules, Stretch


class Worth(NamedTuple):
    """The value of an offer, and whether a scheme that gives it covers all fees; False also where it is not told."""

    value: FundingValue
    whole: bool


class _Said(NamedTuple):
    """What a scheme says of the sessions that start in some intervals; ``known`` if the offer does not matter."""

    funders: tuple[str, ...]
    in_force: InForce
    known: bool
    result: Kleene
    whole: bool

    @property
    def is_judged(self) -> bool:
        return bool(self.in_force.versions and self.in_force.versions[0].judged)


_NO: Final = Worth("no", False)


class Valuer:
    """Values the sessions of offers for one person, on the day of the rules."""

    def __init__(self, rules: Rules, person: Person) -> None:
        self._rules = rules
        self._env: dict[str, Any] = person.env()
        self._said: dict[tuple[int, int], Sequence[_Said]] = {}

    def value(
        self,
        offer: OfferFacts,
        session: SessionFacts | None,
        has_seats: Callable[[Collection[str]], bool] | None = None,
    ) -> Worth:
        """Return what an offer is worth by one session, or on the day of the question without one.

        ``has_seats`` tells whether it has the seats that are asked for under the funders of a scheme, None if none are.
        """
        on, given = self._rules.moments.on, session or SessionFacts()
        starts = given.starts(on) if session else Days(on, on)
        env = {**self._env, **offer.env(), **given.env(offer, on)}
        best, whole = _NO
        for said in self._schemes(starts):
            if has_seats is not None and not has_seats(said.funders):
                continue
            result = said.result if said.known else said.in_force.result(env)
            if result is not False:
                value: FundingValue = "unknown" if result is None else "possible" if said.is_judged else "paid"
                if best_value((best, value)) != best:
                    best, whole = value, False
                whole |= said.whole and value == best
            if whole and best == "paid":
                break
        return Worth(best, whole)

    def _schemes(self, starts: Days) -> Sequence[_Said]:
        """Return what the schemes say of a session that starts in some days, but those that say no of all offers."""
        moments = self._rules.moments
        between = moments.interval(starts.first), moments.interval(starts.last or FOREVER)
        if between not in self._said:
            rows = []
            for scheme, stretches in self._rules.schemes:
                in_force = find_in_force(scheme, starts, moments.on)
                known, result = _known(stretches, *between)
                if not known or result is not False:
                    rows.append(_Said(scheme.funders, in_force, known, result, scheme.covers == "full"))
            self._said[between] = rows
        return self._said[between]


def _known(stretches: Sequence[Stretch], first: int, last: int) -> tuple[bool, Kleene]:
    """Return whether a scheme says the same of every offer between two intervals, and what."""
    met = [each for each in stretches if each.intervals[0] <= last and first <= each.intervals[-1]]
    if len(met) > 1 or len(met[0].cases) > 1:
        return False, None
    (true, false), _ = met[0].cases[0]
    if true not in (EVERY, NONE) or false not in (EVERY, NONE):
        return False, None
    return True, True if true == EVERY else False if false == EVERY else None
