"""The rules for one person as a program that a script runs for the offers that clauses do not decide (``script``).

A program has the questions to an offer (``atoms``), and for each scheme the funders whose seats count and, for each of
its stretches, the code of its condition: numbers in the order in which a stack of results takes them.
"""

from collections.abc import Iterable
from typing import Any, Final

from funding.facts.offer_facts import PUBLIC_FUNDERS
from funding.facts.values import Days, Env, Kleene
from funding.rule.condition import All, AnyOf, Compare, Condition, Has, In, Is, Not, OnFact
from mappings.session_index import FUNDER_NUMBERS, day_number
from search_app.search.funding.clauses import EVERY
from search_app.search.funding.conditions import CODES, NUMBERS, UNKNOWN
from search_app.search.funding.moments import CPF, MONTHS, START, Moments
from search_app.search.funding.rules import Rules, Stretch

# Operations; numbers from 0 on are atoms. ALL and ANY are followed by how many results they take, MONTHS by a limit.
NO_RESULT, TRUE, FALSE, NOT, ALL, ANY, DECLARED, AT_MOST_MONTHS, NEVER_SURE = range(-1, -10, -1)
# Kinds of atoms.
OF_CODES, OF_FUNDERS, OF_FLAG, OF_STATE_FUNDED, OF_NUMBER = range(5)
_OPERATORS: Final = {"at_most": 0, "at_least": 1, "above": 2}
_CONSTANTS: Final[dict[Kleene, int]] = {None: NO_RESULT, True: TRUE, False: FALSE}
Atom = list[Any]  # kind, field, and what the field is compared with


def to_program(rules: Rules, env: Env) -> dict[str, Any]:
    """Return the parameters of the script that say what pays for a person, of whom ``env`` is known."""
    moments, atoms = rules.moments, list[Atom]()
    schemes = [
        [
            funder_bits(scheme.funders),
            max(map(most_of, stretches)),
            *(_stretch(each, moments, env, atoms) for each in stretches),
        ]
        for scheme, stretches in rules.schemes
    ]
    on = day_number(moments.on.isoformat())
    return {"atoms": atoms, "schemes": schemes, "on": on, "edges": moments.axis()}


def floor_of(rules: Rules, *, beside_seats: bool) -> int:
    """Return the value that every offer has at least.

    Beside a condition on seats a scheme says something only of offers with seats under its funders.
    """
    of_all = (stretches for scheme, stretches in rules.schemes if not (beside_seats and scheme.funders))
    return int(any(all(_is_unknown(each) for each in stretches) for stretches in of_all))


def _is_unknown(stretch: Stretch) -> bool:
    """Tell whether nothing is known of every offer."""
    return all(pair == UNKNOWN for pair, _ in stretch.cases)


def most_of(stretch: Stretch) -> int:
    """Return the best value that an offer can have by a stretch."""
    if stretch.never_says_yes:
        return int(any(pair.false != EVERY for pair, _ in stretch.cases))
    return 2 if stretch.is_judged else 3


def funder_bits(codes: Iterable[str]) -> int:
    """Return the set of some funders as bits, by their numbers on the index."""
    return sum(1 << FUNDER_NUMBERS[code] for code in codes)


def _stretch(stretch: Stretch, moments: Moments, env: Env, atoms: list[Atom]) -> list[int]:
    """Return the end of a stretch, whether a yes is judged, and its code."""
    head = [stretch.intervals.stop, int(stretch.is_judged)]
    if stretch.version is None:
        return [*head, NO_RESULT]
    first, last = stretch.intervals[0], stretch.intervals[-1]
    known = {**env, START: Days(moments.days(first).first, moments.days(last).last)}
    code = _code(stretch.version.when, known, atoms)
    return [*head, *code, *([NEVER_SURE] if stretch.version.doubt(moments.on) else [])]


def _code(condition: Condition, env: Env, atoms: list[Atom]) -> list[int]:
    if isinstance(condition, All | AnyOf):
        is_all = isinstance(condition, All)
        neutral, settled = ([TRUE], [FALSE]) if is_all else ([FALSE], [TRUE])
        parts = [part for each in condition.parts if (part := _code(each, env, atoms)) != neutral]
        if settled in parts or not parts:
            return settled if parts else neutral
        code = [number for part in parts for number in part]
        return code if len(parts) == 1 else [*code, ALL if is_all else ANY, len(parts)]
    if isinstance(condition, Not):
        code = _code(condition.part, env, atoms)
        known = {TRUE: FALSE, FALSE: TRUE, NO_RESULT: NO_RESULT}
        return [known[code[0]]] if len(code) == 1 and code[0] in known else [*code, NOT]
    if isinstance(condition, OnFact):
        if condition.fact.startswith("offer."):
            return _of_offer(condition, atoms)
        if condition.fact in (CPF, MONTHS):
            return _of_session(condition)
    return [_CONSTANTS[condition.result(env)]]


def _of_session(condition: Any) -> list[int]:
    if isinstance(condition, Is):
        return [DECLARED] if condition.value else [DECLARED, NOT]
    assert isinstance(condition, Compare)
    if condition.operator == "at_most":
        return [AT_MOST_MONTHS, int(condition.threshold)]
    least = int(condition.threshold) - (condition.operator == "at_least")
    return [AT_MOST_MONTHS, least, NOT]


def _of_offer(condition: Any, atoms: list[Atom]) -> list[int]:
    negated = False
    if isinstance(condition, Has) and condition.fact == "offer.funders":
        atom: Atom = [
            OF_FUNDERS,
            "",
            sorted(condition.codes - PUBLIC_FUNDERS),
            sorted(condition.codes & PUBLIC_FUNDERS),
        ]
    elif isinstance(condition, Has | In):
        atom = [OF_CODES, CODES[condition.fact], sorted(condition.codes)]
    elif isinstance(condition, Compare):
        field, units = NUMBERS[condition.fact]
        atom = [OF_NUMBER, field, condition.threshold * units, _OPERATORS[condition.operator]]
    elif condition.fact == "offer.remote":
        atom, negated = [OF_CODES, "mode", ["remote"]], not condition.value
    elif condition.fact == "offer.state_funded":
        atom, negated = [OF_STATE_FUNDED, "", sorted(PUBLIC_FUNDERS)], not condition.value
    else:
        atom, negated = [OF_FLAG, "certifying"], not condition.value
    if atom not in atoms:
        atoms.append(atom)
    return [atoms.index(atom), *([NOT] if negated else [])]
