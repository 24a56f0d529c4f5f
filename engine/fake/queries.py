"""Queries and sorts over in-memory documents: those used for ledger, locks and reference data, without scores."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from operator import ge, gt, le, lt
from typing import Any, Final

from engine.fake.index import Stored

BOUNDS: Final = {"gt": gt, "gte": ge, "lt": lt, "lte": le}


class NotFaked(NotImplementedError):
    """A request uses a feature that the in-memory engine lacks; the message names it."""


def matches(stored: Stored, query: Mapping[str, Any]) -> bool:
    """Tell whether a query matches a document; raises NotFaked for other kinds of queries."""
    ((kind, spec),) = query.items()
    match kind:
        case "match_all":
            return True
        case "bool":
            return _matches_bool(stored, spec)
        case "ids":
            return stored.key in spec["values"]
        case "exists":
            return any(True for _ in values_of(stored, spec["field"]))
        case "nested":
            return _matches_nested(stored, spec)
        case "constant_score":
            return matches(stored, spec["filter"])
    ((field, wanted),) = ((name, value) for name, value in spec.items() if name != "boost")
    values = list(values_of(stored, field))
    match kind:
        case "term":
            wanted = wanted["value"] if isinstance(wanted, dict) else wanted
            return wanted in values
        case "terms":
            return not set(values).isdisjoint(wanted)
        case "prefix":
            start = wanted["value"] if isinstance(wanted, dict) else wanted
            return any(str(value).startswith(start) for value in values)
        case "range":
            return any(_is_within(value, wanted) for value in values)
    raise NotFaked(f"query {kind}")


def values_of(stored: Stored, field: str) -> Iterator[Any]:
    """Yield the values of a field, within lists of objects too; ``_id`` and ``_seq_no`` are fields."""
    if field == "_id":
        yield stored.key
    elif field == "_seq_no":
        yield stored.seq_no
    else:
        yield from values_at(stored.source, field.split("."))


def values_at(part: Any, path: Sequence[str]) -> Iterator[Any]:
    """Yield the values at a path; none if absent or null."""
    if isinstance(part, list):
        for each in part:
            yield from values_at(each, path)
    elif not path:
        if part is not None:
            yield part
    elif isinstance(part, dict) and path[0] in part:
        yield from values_at(part[path[0]], path[1:])


def sort_values(stored: Stored, sort: Sequence[Any]) -> list[Any]:
    """Return the sort values of a document: the least value of each field, or the greatest in descending order."""
    found = []
    for field, descending in map(_field_of, sort):
        values = list(values_of(stored, field))
        found.append((max if descending else min)(values) if values else None)
    return found


def is_before(one: Sequence[Any], other: Sequence[Any], sort: Sequence[Any]) -> bool:
    """Tell whether sort values precede others; a document without a value comes last in either direction."""
    for left, right, (_, descending) in zip(one, other, map(_field_of, sort), strict=True):
        if left == right:
            continue
        if left is None or right is None:
            return right is None
        return bool(left > right) if descending else bool(left < right)
    return False


def _field_of(clause: Any) -> tuple[str, bool]:
    if isinstance(clause, str):
        return clause, False
    ((field, order),) = clause.items()
    return field, (order.get("order") if isinstance(order, dict) else order) == "desc"


def _matches_bool(stored: Stored, spec: Mapping[str, Any]) -> bool:
    required = [*_clauses(spec, "filter"), *_clauses(spec, "must")]
    either = _clauses(spec, "should")
    least = spec.get("minimum_should_match", 0 if required or not either else 1)
    return (
        all(matches(stored, each) for each in required)
        and not any(matches(stored, each) for each in _clauses(spec, "must_not"))
        and sum(matches(stored, each) for each in either) >= least
    )


def _clauses(spec: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = spec.get(name, ())
    return [found] if isinstance(found, Mapping) else list(found)


def _matches_nested(stored: Stored, spec: Mapping[str, Any]) -> bool:
    """Tell whether a single object at a path matches."""
    path = spec["path"].split(".")
    for each in values_at(stored.source, path):
        part: Any = each
        for name in reversed(path):
            part = {name: part}
        if matches(Stored(stored.key, part, stored.seq_no, stored.version), spec["query"]):
            return True
    return False


def _is_within(value: Any, wanted: Mapping[str, Any]) -> bool:
    return all(
        BOUNDS[name](*_comparable(value, bound))
        for name, bound in wanted.items()
        if name in BOUNDS and bound is not None
    )


def _comparable(value: Any, bound: Any) -> tuple[Any, Any]:
    """Return both as moments if they are, because the same moment can be written in several ways."""
    if isinstance(value, str) and isinstance(bound, str):
        try:
            moments = datetime.fromisoformat(value), datetime.fromisoformat(bound)
            moments[0] < moments[1]  # noqa: B015 - raises TypeError if only one of them has a time zone
        except (ValueError, TypeError):
            return value, bound
        return moments
    return value, bound
