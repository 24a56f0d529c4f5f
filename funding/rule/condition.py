"""Conditions: a small algebra over facts with three values, yes, no and unknown (Kleene's strong logic).

Each condition on a fact of the offer or of the session can become an engine query once the person is fixed:
``facts.offer_facts`` names the fields. Two queries then exist, certainly true and certainly false; ``Not`` swaps them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from funding.facts.values import Days, Env, Kleene, Told
from mappings.days import add_months

Operator = Literal["at_least", "at_most", "above"]


@dataclass(frozen=True, slots=True)
class Note:
    """What a rule says about one of its conditions: its words, its source, and what to do where it does not hold.

    ``remedy_for`` restricts the remedy to some values of the condition's fact.
    """

    text: str = ""
    source: str = ""
    remedy: str = ""
    remedy_for: frozenset[str] = frozenset()


NO_NOTE = Note()


@dataclass(frozen=True, slots=True)
class Is:
    """A yes/no fact has this value."""

    fact: str
    value: bool
    note: Note = NO_NOTE

    def result(self, env: Env) -> Kleene:
        """Compare the fact."""
        found = env.get(self.fact)
        return None if found is None else found is self.value


@dataclass(frozen=True, slots=True)
class In:
    """A fact with one code has one of these."""

    fact: str
    codes: frozenset[str]
    note: Note = NO_NOTE

    def result(self, env: Env) -> Kleene:
        """Look the code up."""
        found = env.get(self.fact)
        return None if found is None else found in self.codes


@dataclass(frozen=True, slots=True)
class Has:
    """A told list holds at least one of these codes."""

    fact: str
    codes: frozenset[str]
    note: Note = NO_NOTE

    def result(self, env: Env) -> Kleene:
        """A list that was told and lacks the codes is a no; a doubtful code is neither yes nor no."""
        found: Told | None = env.get(self.fact)
        if found is None:
            return None
        if not self.codes.isdisjoint(found.sure):
            return True
        return False if self.codes.isdisjoint(found.doubtful) else None


@dataclass(frozen=True, slots=True)
class Compare:
    """A number is at least, at most, or above a threshold."""

    fact: str
    operator: Operator
    threshold: float
    note: Note = NO_NOTE

    def result(self, env: Env) -> Kleene:
        """Compare both ends of what is known of the number."""
        found = env.get(self.fact)
        if found is None:
            return None
        low = self._holds(found.low)
        high = self.operator != "at_most" if found.high is None else self._holds(found.high)
        return low if low == high else None

    def _holds(self, number: float) -> bool:
        if self.operator == "at_most":
            return number <= self.threshold
        return number >= self.threshold if self.operator == "at_least" else number > self.threshold


@dataclass(frozen=True, slots=True)
class Within:
    """A day lies less than some months after another one."""

    fact: str
    months: int
    since: str
    note: Note = NO_NOTE

    def result(self, env: Env) -> Kleene:
        """Compare the first and the last day that the fact can mean."""
        found: Days | None = env.get(self.fact)
        since: Days | None = env.get(self.since)
        if found is None or since is None:
            return None
        if since.last is not None and found.first >= add_months(since.last, self.months):
            return False
        return True if found.last is not None and found.last < add_months(since.first, self.months) else None


@dataclass(frozen=True, slots=True)
class Untold:
    """Something that no fact tells: always unknown, and said so."""

    what: str
    note: Note = NO_NOTE

    def result(self, env: Env) -> Kleene:
        """Nothing tells it."""
        return None


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; an empty one does."""

    parts: "tuple[Condition, ...]"
    note: Note = NO_NOTE

    def result(self, env: Env) -> Kleene:
        """No if one part is a no, else unknown if one is unknown."""
        result: Kleene = True
        for part in self.parts:
            found = part.result(env)
            if found is False:
                return False
            if found is None:
                result = None
        return result


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part holds at least."""

    parts: "tuple[Condition, ...]"
    note: Note = NO_NOTE

    def result(self, env: Env) -> Kleene:
        """Yes if one part is a yes, else unknown if one is unknown."""
        result: Kleene = False
        for part in self.parts:
            found = part.result(env)
            if found is True:
                return True
            if found is None:
                result = None
        return result


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Condition"
    note: Note = NO_NOTE

    def result(self, env: Env) -> Kleene:
        """Swap yes and no."""
        found = self.part.result(env)
        return None if found is None else not found


OnFact = Is | In | Has | Compare | Within
Condition = OnFact | Untold | All | AnyOf | Not


def parts_of(condition: Condition) -> "tuple[Condition, ...]":
    """Return the conditions directly inside one."""
    if isinstance(condition, All | AnyOf):
        return condition.parts
    return (condition.part,) if isinstance(condition, Not) else ()


def walk(condition: Condition) -> Iterator[Condition]:
    """Yield a condition and all those inside it."""
    yield condition
    for part in parts_of(condition):
        yield from walk(part)


def facts_of(condition: Condition) -> Iterator[str]:
    """Yield the name of each fact that a condition compares, in order; the same one may come twice."""
    for each in walk(condition):
        if isinstance(each, OnFact):
            yield each.fact
        if isinstance(each, Within):
            yield each.since
