"""The value of one stored offer for one person: by the rules themselves, not by clauses.

What a person settles for all offers is known from the compiled clauses; only the other schemes are asked, and once for
all sessions of an offer that they cannot tell apart.
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

from funding.evaluation.facet import VALUES, FundingValue
from funding.evaluation.versions import InForce, find_in_force
from funding.facts.offer import OfferFacts, SessionFacts
from funding.facts.person import Person
from funding.facts.values import Days, Kleene
from funding.rule.scheme import FOREVER
from search_app.search.funding.clauses import EVERY, NONE
from search_app.search.funding.moments import START, tells
from search_app.search.funding.rules import Rules, Stretch

HasSeats = Callable[[Collection[str]], bool]  # whether a session has the seats asked for under the funders of a scheme


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


class _Asked(NamedTuple):
    """The schemes that say something but no of a session that starts in some intervals, and what they ask of it beside
    its start.
    """

    said: Sequence[_Said]
    facts: frozenset[str]


_NO: Final = Worth("no", False)


@dataclass(frozen=True)
class Valuer:
    """Values offers for one person, on the day of the rules."""

    rules: Rules
    person: Person
    _asked: dict[tuple[int, int], _Asked] = field(default_factory=dict, init=False, repr=False)

    def of(self, offer: OfferFacts) -> "OfferValuer":
        """Return what values the sessions of an offer."""
        return OfferValuer(self, offer)

    @cached_property
    def env(self) -> dict[str, Any]:
        """Return what is known of the person, under its names in rules."""
        return self.person.env()

    @property
    def on(self) -> date:
        """Return the day of the question."""
        return self.rules.moments.on

    def asked(self, starts: Days) -> tuple[Hashable, _Asked]:
        """Return what is asked for a session that starts in some days, and what is the same for all starts of which the
        schemes say the same: the intervals, or the days themselves if they are several.
        """
        moments = self.rules.moments
        first = moments.interval(starts.first)
        is_a_day = starts.first == starts.last
        between = first, first if is_a_day else moments.interval(starts.last or FOREVER)
        if between not in self._asked:
            self._asked[between] = self._ask(starts, between)
        return between if is_a_day else starts, self._asked[between]

    def _ask(self, starts: Days, between: tuple[int, int]) -> _Asked:
        found, facts = [], frozenset[str]()
        for scheme, stretches in self.rules.schemes:
            known, result = _known(stretches, *between)
            if not known or result is not False:
                in_force = find_in_force(scheme, starts, self.on)
                found.append(_Said(scheme.funders, in_force, known, result, scheme.covers == "full"))
                facts |= frozenset[str]() if known else tells(scheme)
        return _Asked(found, facts)


@dataclass(frozen=True)
class OfferValuer:
    """Values the sessions of one offer for one person."""

    by: Valuer
    offer: OfferFacts
    _known: dict[Hashable, Worth] = field(default_factory=dict, init=False, repr=False)

    def value(self, session: SessionFacts | None, has_seats: HasSeats | None = None) -> Worth:
        """Return what the offer is worth by one session, or on the day of the question without one.

        ``has_seats`` is None if no seats are asked for.
        """
        on, given = self.by.on, session or _NO_SESSION
        key, asked = self.by.asked(session.starts(on) if session else Days(on, on))
        told = given.env(self.offer, on) if asked.facts else {START: given.starts(on)}
        if has_seats is not None:
            return self._value(asked.said, told, has_seats)
        known = (session is None, key, *(told.get(name) for name in asked.facts))
        if known not in self._known:
            self._known[known] = self._value(asked.said, told, None)
        return self._known[known]

    @cached_property
    def _env(self) -> dict[str, Any]:
        return {**self.by.env, **self.offer.env()}

    def _value(self, schemes: Sequence[_Said], session: Mapping[str, Any], has_seats: HasSeats | None) -> Worth:
        best, whole = _NO
        env = {**self._env, **session}
        for said in schemes:
            if has_seats is not None and not has_seats(said.funders):
                continue
            result = said.result if said.known else said.in_force.result(env)
            if result is not False:
                value: FundingValue = "unknown" if result is None else "possible" if said.is_judged else "paid"
                if VALUES.index(value) < VALUES.index(best):
                    best, whole = value, False
                whole |= said.whole and value == best
            if whole and best == "paid":
                break
        return Worth(best, whole)


_NO_SESSION: Final = SessionFacts()


def _known(stretches: Sequence[Stretch], first: int, last: int) -> tuple[bool, Kleene]:
    """Return whether a scheme says the same of every offer between two intervals, and what."""
    met = [each for each in stretches if each.intervals[0] <= last and first <= each.intervals[-1]]
    if len(met) > 1 or len(met[0].cases) > 1:
        return False, None
    (true, false), _ = met[0].cases[0]
    if true not in (EVERY, NONE) or false not in (EVERY, NONE):
        return False, None
    return True, True if true == EVERY else False if false == EVERY else None
