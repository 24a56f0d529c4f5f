"""Each form in which a part of a stored offer is read agrees with the one model of it, ``mappings.offer.Offer``."""

from collections.abc import Iterable, Iterator
from datetime import date
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
import pytest
from msgspec import Struct
from pydantic import BaseModel

from indexer.lexicon.catalogue import SOURCE_FIELDS
from indexer.offers import gone, live
from mappings.index_fields import FIELDS
from mappings.offer import Offer, OfferBody, Session
from search_app.exports.calendar_events import EVENT_FIELDS
from search_app.search.present.trainings import Member
from search_app.search.query import contradictions
from search_app.search.stored import StoredOffer
from search_app.search.whole_offer import AnyOffer

FIELD_LISTS: dict[str, Iterable[str]] = {
    "load": live.FIELDS.split(","),
    "gone": gone.FIELDS.split(","),
    "lexicon": SOURCE_FIELDS,
    "calendar": EVENT_FIELDS,
    "contradictions": contradictions.FIELDS,
}


def parts_of(annotation: Any) -> Iterator[type]:
    """Yield the classes that an annotation names, however deep."""
    if isinstance(annotation, type):
        yield annotation
    for argument in get_args(annotation):
        yield from parts_of(argument)


def is_stored(name: str, model: type[BaseModel] = Offer) -> bool:
    """Tell whether the model has a field of that name, with a dot before those of its parts."""
    first, _, rest = name.partition(".")
    if first not in model.model_fields:
        return False
    parts = [part for part in parts_of(model.model_fields[first].annotation) if issubclass(part, BaseModel)]
    return not rest or any(is_stored(rest, part) for part in parts)


@pytest.mark.parametrize("reader", FIELD_LISTS)
def test_lists_of_fields_name_what_is_stored(reader: str) -> None:
    assert [name for name in FIELD_LISTS[reader] if not is_stored(name)] == []


def test_a_field_that_is_not_stored_is_found() -> None:
    assert not is_stored("places.latitude")
    assert not is_stored("title.words")
    assert is_stored("places.lat")


def kinds(annotation: Any) -> set[str]:
    """Return the kinds of JSON values that an annotation stands for."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        return set().union(*map(kinds, get_args(annotation)))
    if origin is Literal or annotation in (str, date):
        return {"text"}
    if origin is list:
        (item,) = get_args(annotation)
        return {f"list of {' or '.join(sorted(kinds(item)))}"}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel | Struct):
        return {"object"}
    names = {bool: {"bool"}, int: {"whole number"}, float: {"whole number", "number"}, NoneType: {"null"}}
    return names.get(annotation, {"object"})


def misread(model: type[BaseModel], reader: Any, path: str = "") -> list[str]:
    """Return the fields whose values, as the model has them, a reader's type does not take."""
    found = []
    for each in msgspec.structs.fields(reader):
        stored, name = model.model_fields[each.name].annotation, f"{path}{each.name}"
        if lacking := kinds(stored) - kinds(each.type) - {"null"}:  # None is left out of what is stored
            found.append(f"{name}: {', '.join(sorted(lacking))}")
        for shape in (part for part in parts_of(each.type) if issubclass(part, Struct)):
            for part in (part for part in parts_of(stored) if issubclass(part, BaseModel)):
                found += misread(part, shape, f"{name}.")
    return found


@pytest.mark.parametrize("reader", [StoredOffer, Member])
def test_types_of_readers_take_what_the_model_writes(reader: Any) -> None:
    assert misread(Offer, reader) == []


def test_a_type_that_takes_less_than_the_model_writes_is_found() -> None:
    class Narrow(Struct):
        hours: int | None = None
        rome: str = ""
        places: list[str] = []

    assert misread(Offer, Narrow) == ["hours: number", "rome: list of text", "places: list of object"]


def test_models_of_an_offer_are_the_contract_or_made_from_it() -> None:
    assert issubclass(Offer, OfferBody)
    assert issubclass(AnyOffer, Offer)
    beside = {"hash", "written_at", "first_seen", "news_at", "copy_number", *FIELDS}
    assert Offer.model_fields.keys() - OfferBody.model_fields.keys() == beside
    assert {"first_seen", "seats", "left"} <= Session.model_fields.keys()
