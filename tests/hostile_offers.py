"""Stored offers with values that no reader expects and some writer may store, made from the models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from tests.stored_offers import Document, Path, fields_of, named, parts_of, strip, whole_offer

# Blank texts are not among them: the writer leaves them out (indexer.transform.read.compact).
TEXTS: Final = (
    "<script>alert(1)</script>", "=1+1", '"; \\ \n\t', "javascript:alert(1)", "a\x0b\x01b\uffff\u202ec",
    "x" * 20_000, "mailto:a@b.fr?cc=c", "http://", "\U0001f600 é e\u0301", "99999999", "20270231", "-", "//host/path",
    "tel:0563000000\r\nX: y",
)  # fmt: skip
MOMENTS: Final = (
    "2026-11-21T08:00:00Z", "2026-11-21T08:00:00.123456+02:00", "2026-11-21T08:00:00", "1970-01-01T00:00:00+00:00",
    "2200-12-31T23:59:59Z",
)  # fmt: skip
VALUES: Final[dict[Any, tuple[Any, ...]]] = {
    str: TEXTS, int: (0, -1, 2**31, 1), float: (0.0, -1.5, 1e15, 0.001), bool: (True, False),
    date: ("0001-01-01", "9999-12-31", "2027-02-28", "1900-01-01"),
}  # fmt: skip
UNKNOWN_CODE: Final = "code d’une version à venir"
KEPT: Final = frozenset(("id", "key", "training_key"))  # they are numbers that tests ask by
MOMENT_FIELDS: Final = frozenset(
    ("written_at", "first_seen", "news_at", "observed_at")
)  # the writer makes or checks them


def hostile_offers() -> Iterator[Document]:
    """Yield offers until every field had each of its values; all fields of an offer have one."""
    whole = whole_offer()
    fields = [(path, values) for path, field in fields_of() if (values := values_of(path, field))]
    for turn in range(max(len(values) for _, values in fields)):
        document = named(whole, f"values {turn}")
        for number, (path, values) in enumerate(fields):
            put(document, path, values[(turn + number) % len(values)])
        yield document


def values_of(path: Path, field: FieldInfo) -> tuple[Any, ...]:
    """Return the values that a field is given, of a list those of its items; none for parts, which have fields.

    They are valid, but for the codes that a model of a later version may have.
    """
    kind = strip(field.annotation)
    holders = []
    while get_origin(kind) in (list, dict):
        holders.append(get_origin(kind))
        kind = strip(get_args(kind)[-1])
    if path[-1] in KEPT:
        return ()
    if path[-1] in MOMENT_FIELDS:
        return MOMENTS
    if get_origin(kind) is Literal:
        return (*get_args(kind), UNKNOWN_CODE)
    adapter: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
    return tuple(value for value in VALUES.get(kind, ()) if _is_valid(adapter, _held(value, holders)))


def _held(value: Any, holders: Sequence[type]) -> Any:
    for holder in reversed(holders):
        value = [value] if holder is list else {"name": value}
    return value


def _is_valid(adapter: TypeAdapter[Any], value: Any) -> bool:
    try:
        adapter.validate_python(value)
    except ValidationError:
        return False
    return True


def put(document: Document, path: Path, value: Any) -> None:
    """Give a field a value wherever it is: the field itself, every item of a list or every value of a mapping."""
    for part in parts_of(document, path[:-1]):
        present = part[path[-1]]
        part[path[-1]] = _with(present, value)


def _with(present: Any, value: Any) -> Any:
    if isinstance(present, list):
        return [_with(present[0] if present else None, value)]
    if isinstance(present, dict):
        return {name: _with(each, value) for name, each in present.items()}
    return value
