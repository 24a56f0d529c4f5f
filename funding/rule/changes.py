"""Small changes of a condition: the lint looks for those that change nothing, the mutation run makes each of them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from funding.facts.table import FACTS
from funding.rule.condition import All, AnyOf, Compare, Condition, Has, In, Not, Within

Path = tuple[str | int, ...]


class Change(NamedTuple):
    """A changed condition; ``path`` leads to the part that was changed, as in the file of the rule."""

    path: Path
    what: str
    condition: Condition


def deletions(condition: Condition, path: Path = ()) -> Iterator[Change]:
    """Yield a condition once without each of the conditions in it."""
    yield from (change for change in changes(condition, path) if change.what == "deleted")


def changes(condition: Condition, path: Path = ()) -> Iterator[Change]:
    """Yield a condition with each of the conditions in it deleted, inverted, and with other codes and thresholds."""
    if isinstance(condition, Not):
        for inner in changes(condition.part, (*path, "not")):
            yield Change(inner.path, inner.what, replace(condition, part=inner.condition))
    if not isinstance(condition, All | AnyOf):
        yield from _altered(condition, path)
        return
    key = "all" if isinstance(condition, All) else "any"
    for number, part in enumerate(condition.parts):
        here = (*path, key, number)
        before, after = condition.parts[:number], condition.parts[number + 1 :]
        yield Change(here, "deleted", replace(condition, parts=(*before, *after)))
        yield Change(here, "inverted", replace(condition, parts=(*before, Not(part), *after)))
        for inner in changes(part, here):
            yield Change(inner.path, inner.what, replace(condition, parts=(*before, inner.condition, *after)))


def _altered(condition: Condition, path: Path) -> Iterator[Change]:
    if isinstance(condition, Compare):
        for step in (-1, 1):
            other = replace(condition, threshold=condition.threshold + step)
            yield Change(path, f"threshold {other.threshold:g}", other)
    elif isinstance(condition, Within):
        for step in (-1, 1):
            yield Change(path, f"{condition.months + step} months", replace(condition, months=condition.months + step))
    elif isinstance(condition, In | Has):
        for code in FACTS[condition.fact].values:
            codes = condition.codes ^ {code}
            if codes:
                sign = "without" if code in condition.codes else "with"
                yield Change(path, f"{sign} {code}", replace(condition, codes=codes))
