"""The value of one stored offer for one person: by the rules themselves, not by clauses.

What a person settles for all offers is known from the compiled clauses; only the other schemes are asked, and once for
all sessions of an offer that they cannot tell apart.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
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
from search_app.search.funding.moments import BESIDE_START, START
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
    facts: Sequence[str]


OFFER: Final = "offer."  # prefix of the facts of offers


class _Pays(NamedTuple):
    """What a scheme makes a session worth, under the funders whose seats count."""

    funders: tuple[str, ...]
    worth: Worth


_NO: Final = Worth("no", False)


@dataclass(frozen=True)
class Valuer:
    """Values offers for one person, on the day of the rules."""

    rules: Rules
    person: Person
    _asked: dict[tuple[int, int], _Asked] = field(default_factory=dict, init=False, repr=False)
    known: dict[Hashable, Sequence[_Pays]] = field(default_factory=dict, init=False, repr=False)  # by all that is asked
    _alike: dict[Hashable, int] = field(default_factory=dict, init=False, repr=False)  # numbers of offers

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
        found, facts = list[_Said](), set[str]()
        for scheme, stretches in self.rules.schemes:
            known, result = _known(stretches, *between)
            if not known or result is not False:
                in_force = find_in_force(scheme, starts, self.on)
                found.append(_Said(scheme.funders, in_force, known, result, scheme.covers == "full"))
                facts.update(*(() if known else (version.facts for version in scheme.versions)))
        return _Asked(found, sorted(facts & BESIDE_START))

    def number_of(self, env: Mapping[str, Any]) -> int:
        """Return a number that offers have in common of which all that is asked is the same."""
        return self._alike.setdefault(tuple(env.get(name) for name in self._facts), len(self._alike))

    @cached_property
    def _facts(self) -> Sequence[str]:
        """Return what the schemes ask of an offer that do not say the same of every one."""
        last = self.rules.moments.count - 1
        asked = [scheme for scheme, stretches in self.rules.schemes if not _known(stretches, 0, last)[0]]
        names = {name for scheme in asked for version in scheme.versions for name in version.facts}
        return sorted(name for name in names if name.startswith(OFFER))


@dataclass(frozen=True)
class OfferValuer:
    """Values the sessions of one offer for one person."""

    by: Valuer
    offer: OfferFacts

    def value(self, session: SessionFacts | None, has_seats: HasSeats | None = None) -> Worth:
        """Return what the offer is worth by one session, or on the day of the question without one.

        ``has_seats`` is None if no seats are asked for.
        """
        on, given = self.by.on, session or _NO_SESSION
        key, asked = self.by.asked(session.starts(on) if session else Days(on, on))
        told = given.env(self.offer, on) if asked.facts else {START: given.starts(on)}
        known = self.by.known
        found = (self._number, session is None, key, *map(told.get, asked.facts))
        if found not in known:
            known[found] = [*self._paying(asked.said, told)]
        best, whole = _NO
        for funders, (value, covers) in known[found]:
            if has_seats is None or has_seats(funders):
                if VALUES.index(value) < VALUES.index(best):
                    best, whole = value, False
                whole |= covers and value == best
        return Worth(best, whole)

    @cached_property
    def _number(self) -> int:
        return self.by.number_of(self._env)

    @cached_property
    def _env(self) -> dict[str, Any]:
        return {**self.by.env, **self.offer.env()}

    def _paying(self, schemes: Sequence[_Said], session: Mapping[str, Any]) -> Iterator[_Pays]:
        """Yield what the schemes say that do not say no."""
        env = {**self._env, **session}
        for said in schemes:
            result = said.result if said.known else said.in_force.result(env)
            if result is not False:
                value: FundingValue = "unknown" if result is None else "possible" if said.is_judged else "paid"
                yield _Pays(said.funders, Worth(value, said.whole))


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
