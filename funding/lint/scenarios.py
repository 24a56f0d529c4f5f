"""Compares what a scenario expects with what the rules answer."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from funding.book import Book
from funding.evaluation.judge import judge
from funding.evaluation.verdict import Verdict, to_word
from funding.reading.scenarios import Scenario


def differences(book: Book, scenario: Scenario) -> Iterator[str]:
    """Yield each difference between a scenario and the verdict, as "what: expected … , not …"."""
    verdict = verdict_of(book, scenario)
    if verdict is None:
        yield f"the scheme {scenario.scheme} has no version"
        return
    for name, expected in scenario.expected.items():
        given = _given(name, verdict)
        if name == "missing":
            expected = sorted(expected)
        elif name == "remaining" and isinstance(expected, list):
            expected = [float(each) for each in expected]
        elif name == "deadlines":
            expected = [each if isinstance(each, str) else each.isoformat() for each in expected]
        if name == "remedy":
            if expected != given and (not expected or expected not in given):
                yield f"{name}: {expected!r} is expected, not {given!r}"
        elif given != expected:
            yield f"{name}: {expected!r} is expected, not {given!r}"


def verdict_of(book: Book, scenario: Scenario) -> Verdict | None:
    """Return the verdict on a scenario's scheme."""
    one = book.scheme(scenario.scheme)
    if one is None or not one.versions:
        return None
    alone = replace(book, schemes=(one,))
    answer = judge(alone, scenario.person, scenario.offer, scenario.session, scenario.on)
    return (*answer.verdicts, *answer.income)[0]


def _given(name: str, verdict: Verdict) -> Any:
    values: dict[str, Any] = {
        "verdict": to_word(verdict.result),
        "missing": sorted(verdict.missing),
        "remedy": verdict.remedy or "",
        "remaining": [verdict.remaining.least, verdict.remaining.most] if verdict.remaining else "unknown",
        "too_late": verdict.too_late,
        "deadlines": [step.day.isoformat() if step.day else "unknown" for step in verdict.deadlines],
        "amounts": [amount.id for amount in verdict.amounts],
    }
    return values[name]
