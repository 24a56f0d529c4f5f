"""Stored offers made from their models: one with every field, and that one without each field that may be absent."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from mappings.index_fields import index_fields
from mappings.keys import key_of
from mappings.offer import Offer

Document = dict[str, Any]
Path = tuple[str, ...]  # names of fields, EACH for every item of a list or value of a mapping
EACH: Final = "*"
ITEMS: Final = 2  # of each list: what is left where one of them says nothing
# Values that are read as more than a text or a number; every other field is filled by its type.
KNOWN: Final[dict[str, Any]] = {
    "written_at": "2026-11-20T04:00:00+00:00", "first_seen": "2026-10-02T04:00:00+00:00",
    "news_at": "2026-11-01T04:00:00+00:00", "observed_at": "2026-11-21T08:00:00Z", "created": "20250301",
    "level": "13", "entry_level": "14", "entry_level_required": 14, "audience": ["83056", "13030"],
    "funder": "2", "region": "76", "department": "81", "insee": "81004", "postal_code": "81000", "town": "Albi",
    "siren": "041427865", "siret": "04142786500017", "rncp": "37348", "rs": "5616", "rome_main": "F1703",
    "lat": 43.92781, "lon": 2.14794, "gte": "2027-03-01", "lte": "2027-03-31", "start": "2027-03-01",
    "start_last": "2027-03-31", "end": "2027-06-30", "open_until": "2027-03-31", "start_text": "20270300",
    "end_text": "20270630", "email": "accueil@example.org", "phones": ["0563000000", "0199000229"],
    "urls": ["https://www.example.org/a", "http://example.org"], "url": "https://www.example.org/s",
    "training_url": "https://www.example.org/f", "action_url": "https://www.example.org/c",
    "information_dates": ["20270110", "20270211"], "left": {"2": 3, "any": 3}, "capacity": {"2": 12}, "hours": 455.5,
    "price": 1234.5, "over": False,
}  # fmt: skip
OF_OFFER: Final[dict[str, Any]] = {
    "region": ["76", "11"], "department": ["81", "75"], "funder": ["2", "4"], "rncp": ["37348"], "rs": ["5616"],
    "rome": ["F1703", "F1610"], "formacode": ["22354", "22211"], "domain": ["223", "222"], "nsf": ["233", "232"],
}  # fmt: skip


def whole_offer(name: str = "whole") -> Document:
    """Return an offer with every field of the models, at every depth; raises TypeError for a type that it cannot fill.

    Its number, keys and title are made from ``name``.
    """
    document = named(_filled(), name)
    document["sessions"][0]["recruiting"] = "closed"  # with seats left: a contradiction
    return document


@cache
def _filled() -> Document:
    offer = _fill(Offer) | deepcopy(OF_OFFER)
    return offer | index_fields(offer) | {"contradictions": {"open_full": 1, "closed_left": 1}}


def _copy(document: Document) -> Document:
    # As deepcopy, in a tenth of the time.
    return pickle.loads(pickle.dumps(document))  # type: ignore[no-any-return]


def named(document: Document, name: str) -> Document:
    """Return a copy under a number and keys of its own."""
    document = _copy(document)
    document |= {
        "id": f"14_AF_{name}",
        "key": key_of(name),
        "training_key": key_of(f"training {name}"),
        "title": "Maçon",
    }
    for number, session in enumerate(document.get("sessions") or ()):
        session |= {"id": f"14_SE_{name}_{number}", "key": key_of(f"{name} {number}")}
    return document


def _fill(model: type[BaseModel]) -> Document:
    return {
        name: deepcopy(KNOWN[name]) if _is_known(name, field) else _value(field.annotation, name)
        for name, field in model.model_fields.items()
    }


def _is_known(name: str, field: FieldInfo) -> bool:
    """Tell whether there is a value for a field of that name, and of that type."""
    adapter: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
    try:
        adapter.validate_json(json.dumps(KNOWN.get(name)), strict=True)
    except ValidationError:
        return False
    return name in KNOWN


def _value(kind: Any, name: str) -> Any:
    kind = strip(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is list:
        return [_value(arguments[0], name) for _ in range(ITEMS)]
    if origin is dict:
        return {f"{name}/{number}": _value(arguments[1], name) for number in range(ITEMS)}
    if origin is Literal:
        return arguments[0]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _fill(kind)
    plain = {str: f"texte {name}", int: 7, float: 7.5, bool: True, date: "2027-03-01"}
    if kind not in plain:
        raise TypeError(f"{name}: no value is known for {kind}")
    return plain[kind]


def strip(annotation: Any) -> Any:
    """Return a type without None and without what is said about it."""
    while True:
        arguments = [each for each in get_args(annotation) if each is not type(None)]
        if hasattr(annotation, "__metadata__") or (_is_union(annotation) and len(arguments) == 1):
            annotation = arguments[0]
        else:
            return annotation


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) is Union or type(annotation).__name__ == "UnionType"


def fields_of(model: type[BaseModel] = Offer, above: Path = ()) -> Iterator[tuple[Path, FieldInfo]]:
    """Yield every field of a model and of the models in it, with its path."""
    for name, field in model.model_fields.items():
        yield (*above, name), field
        inner, path = strip(field.annotation), (*above, name)
        while get_origin(inner) in (list, dict):
            inner, path = strip(get_args(inner)[-1]), (*path, EACH)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from fields_of(inner, path)


@dataclass(frozen=True)
class Absence:
    """A field that is not there: left out, ``null`` or empty; in every item of a list or, with ``first``, in one."""

    path: Path
    how: Literal["left out", "null", "empty"]
    first: bool = False

    @property
    def name(self) -> str:
        return f"{'.'.join(self.path)} {self.how.replace('null', 'without value')}{' in one' if self.first else ''}"

    def of(self, document: Document) -> Document:
        """Return a copy of a document without the field."""
        document = _copy(document)
        self.take_from(document)
        return document

    def take_from(self, document: Document) -> None:
        """Remove the field from a document."""
        for part in parts_of(document, self.path[:-1], first=self.first):
            if self.how == "left out":
                part.pop(self.path[-1], None)
            else:
                value = part.get(self.path[-1])
                part[self.path[-1]] = None if self.how == "null" else type(value)() if value is not None else None


def parts_of(part: Any, path: Path, *, first: bool = False) -> Iterator[Document]:
    """Yield the objects under a path that are there."""
    if not path:
        if isinstance(part, dict):
            yield part
        return
    if path[0] == EACH:
        items = list(part.values() if isinstance(part, dict) else part or ())
        for item in items[:1] if first else items:
            yield from parts_of(item, path[1:], first=first)
    elif isinstance(part, dict) and path[0] in part:
        yield from parts_of(part[path[0]], path[1:], first=first)


def absences(model: type[BaseModel] = Offer) -> Iterator[Absence]:
    """Yield every way in which a field with a default may be absent: those are the fields that a writer may leave out.

    The writer leaves out what is empty (``indexer.transform.read.compact``); a database may give back either form.
    """
    for path, field in fields_of(model):
        if field.is_required():
            continue
        kind = strip(field.annotation)
        ways: list[Literal["left out", "null", "empty"]] = ["left out"]
        if kind is not field.annotation and _is_union(field.annotation):
            ways.append("null")
        if get_origin(kind) in (list, dict):
            ways.append("empty")
        for how in ways:
            yield Absence(path, how)
            if EACH in path and how == "left out":
                yield Absence(path, how, first=True)


def groups_apart(paths: Sequence[Path], most: int) -> list[list[int]]:
    """Return the numbers of paths in groups of at most so many, of which none is in another's part or in the same one.

    What is absent at one of them then hides nothing of what is absent at another.
    """
    groups: list[list[int]] = []
    for number, path in enumerate(paths):
        free = (each for each in groups if len(each) < most and all(_are_apart(path, paths[other]) for other in each))
        group = next(free, None)
        if group is None:
            groups.append([number])
        else:
            group.append(number)
    return groups


def _are_apart(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] != other[:shorter] and one[:-1] != other[:-1]


def lone_fields(most: int = 1) -> Iterator[Document]:
    """Yield offers of which some parts, at most so many, have one of their fields alone, beside those that they are
    never without.

    The engine leaves out a part of which nothing that was asked for is there.
    """
    whole, optional = whole_offer(), [each for each in absences() if each.how == "left out" and not each.first]
    alone = [each for each in optional if len(each.path) > 1]
    for group in groups_apart([each.path[:-1] for each in alone], most):
        document = _copy(whole)
        for number in group:
            for other in optional:
                if other.path[:-1] == alone[number].path[:-1] and other != alone[number]:
                    other.take_from(document)
        yield named(document, " and ".join(f"{'.'.join(alone[number].path)} alone" for number in group))


def least_offer(name: str = "least") -> Document:
    """Return an offer that has only what no offer is without."""
    document = whole_offer(name)
    for absence in absences():
        absence.take_from(document)
    return {key: value for key, value in document.items() if value not in (None, [], {})}
