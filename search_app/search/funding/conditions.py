"""A condition of a rule as two clauses on the offer: certainly true, and certainly false.

Facts of the person and of the session are given with their values; what is unknown of the offer is in neither clause.
The clauses read the fields that ``funding.facts.offer_facts`` names.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from funding.facts.offer_facts import PUBLIC_FUNDERS
from funding.facts.values import Env, Kleene
from funding.rule.condition import All, AnyOf, Compare, Condition, Has, In, Is, Not, OnFact
from search_app.search.funding.clauses import EVERY, NONE, Clause, all_of, any_of, but


class Pair(NamedTuple):
    """The offers of which a condition is certainly true, and those of which it is certainly false."""

    true: Clause
    false: Clause


UNKNOWN: Final = Pair(NONE, NONE)
_CONSTANTS: Final[Mapping[Kleene, Pair]] = {True: Pair(EVERY, NONE), False: Pair(NONE, EVERY), None: UNKNOWN}
_PUBLIC: Final[Clause] = {"terms": {"funder": sorted(PUBLIC_FUNDERS)}}
_NOT_FUNDED: Final[Clause] = {"term": {"state_funded": False}}
# Facts with one code or several, each in a field of its own.
CODES: Final = {
    "offer.programmes": "funding_programme",
    "offer.kind": "kind",
    "offer.certifications": "certification_kind",
    "offer.contract_types": "contract_type",
    "offer.level": "level",
    "offer.regions": "region",
}
# Numbers: the field, and how many of its units one of the fact is.
NUMBERS: Final = {"offer.hours": ("hours_hundredths", 100), "offer.hours_company": ("hours_company", 1)}


def to_pair(condition: Condition, env: Env) -> Pair:
    """Return the clauses of a condition; ``env`` holds what is known of person and session."""
    if isinstance(condition, All | AnyOf):
        is_all = isinstance(condition, All)
        settled, parts = _CONSTANTS[not is_all], list[Pair]()
        for part in condition.parts:
            if (pair := to_pair(part, env)) == settled:
                return settled
            parts.append(pair)
        of_true, of_false = (all_of, any_of) if is_all else (any_of, all_of)
        return Pair(of_true(part.true for part in parts), of_false(part.false for part in parts))
    if isinstance(condition, Not):
        true, false = to_pair(condition.part, env)
        return Pair(false, true)
    if isinstance(condition, OnFact) and condition.fact.startswith("offer."):
        return _of_offer(condition)
    return _CONSTANTS[condition.result(env)]


@lru_cache(maxsize=1_000)  # it asks nothing of the person; the result is never modified
def _of_offer(condition: Any) -> Pair:
    if isinstance(condition, Is):
        return _YES_NO[condition.fact](condition.value)
    if isinstance(condition, Has) and condition.fact == "offer.funders":
        return _funders(condition.codes)
    if isinstance(condition, Has | In):
        return _told(CODES[condition.fact], condition.codes)
    if isinstance(condition, Compare):
        return _compare(condition)
    raise TypeError(f"a condition on {condition.fact} cannot be searched")  # the lint allows no other


def _told(field: str, codes: frozenset[str]) -> Pair:
    """Return the clauses of a field with one of some codes; one that has none of them is told all the same."""
    found: Clause = {"terms": {field: sorted(codes)}}
    return Pair(found, but({"exists": {"field": field}}, found))


def _funders(codes: frozenset[str]) -> Pair:
    """Beside conventionnement 0, a public funder is neither sure nor denied."""
    sure: Clause = {"terms": {"funder": sorted(codes)}}
    doubtful, plain = codes & PUBLIC_FUNDERS, codes - PUBLIC_FUNDERS
    told = but({"exists": {"field": "funder"}}, sure)
    if not doubtful:
        return Pair(sure, told)
    public = but({"terms": {"funder": sorted(doubtful)}}, _NOT_FUNDED)
    return Pair(any_of([public, {"terms": {"funder": sorted(plain)}}] if plain else [public]), told)


def _compare(condition: Compare) -> Pair:
    field, units = NUMBERS[condition.fact]
    limit = condition.threshold * units
    bounds = {"at_most": ("lte", "gt"), "at_least": ("gte", "lt"), "above": ("gt", "lte")}[condition.operator]
    true, false = ({"range": {field: {bound: limit}}} for bound in bounds)
    return Pair(true, false)


def _flag(field: str, value: bool) -> Pair:
    return Pair({"term": {field: value}}, {"term": {field: not value}})


def _state_funded(value: bool) -> Pair:
    pair = Pair({"term": {"state_funded": True}}, but(_NOT_FUNDED, _PUBLIC))
    return pair if value else Pair(pair.false, pair.true)


def _remote(value: bool) -> Pair:
    pair = _told("mode", frozenset({"remote"}))
    return pair if value else Pair(pair.false, pair.true)


_YES_NO: Final[Mapping[str, Callable[[bool], Pair]]] = {
    "offer.certifying": lambda value: _flag("certifying", value),
    "offer.state_funded": _state_funded,
    "offer.remote": _remote,
}
