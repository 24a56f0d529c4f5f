"""The stored models and the strict mappings must name the same fields."""

from datetime import date
from typing import Any, get_args

import msgspec
import pytest
from msgspec import Struct
from pydantic import BaseModel

from mappings.census.name_index import FIELDS as NAME_FIELDS
from mappings.census.provider import META, SHAPE, Edition, Provider
from mappings.codes import FREE_FUNDERS, FUNDER_LABELS, LEVEL_BY_LHEO, LEVEL_LABELS, lheo_table
from mappings.columns.funding import FIELDS as FUNDING_FIELDS
from mappings.documents.document import Document
from mappings.documents.record import DocumentRecord, HarvestState
from mappings.index_fields import META_SHAPE
from mappings.index_fields import SHAPE as OFFERS_SHAPE
from mappings.loader import load_index_body
from mappings.offer import DateRange, NumberRange, Offer, Point
from mappings.session_index import FUNDER_NUMBERS
from search_app.search.present.trainings import Member
from search_app.search.query.body import CARD_FIELDS, NOT_ON_CARDS
from search_app.search.stored import StoredOffer, StoredProvider

PROPERTIES = load_index_body("offers")["mappings"]["properties"]
COPIES = {"words"}  # filled by the engine from the texts (copy_to), never sent to it
ENGINE_TYPES = (DateRange, NumberRange, Point)  # models of one engine value, not of an object with properties


def stored_models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [] if annotation in ENGINE_TYPES else [annotation]
    return [model for argument in get_args(annotation) for model in stored_models(argument)]


def differences(model: type[BaseModel], properties: dict[str, Any], path: str = "") -> list[str]:
    found = [f"{path}{name}: only on one side" for name in set(model.model_fields) ^ (set(properties) - COPIES)]
    for name, field in model.model_fields.items():
        mapping = properties.get(name, {})
        for inner in stored_models(field.annotation):
            if mapping.get("enabled", True):
                found += differences(inner, mapping.get("properties", {}), f"{path}{name}.")
    return found


def test_offer_fields_equal_mapping_properties() -> None:
    assert differences(Offer, PROPERTIES) == []


@pytest.mark.parametrize(("kind", "model"), [("providers", Provider), ("editions", Edition)])
def test_census_models_equal_mapping_properties(kind: Any, model: type[BaseModel]) -> None:
    properties = load_index_body(kind)["mappings"]["properties"]
    if kind == "providers":
        assert set(properties) > set(NAME_FIELDS)
        properties = {name: mapping for name, mapping in properties.items() if name not in NAME_FIELDS}
    assert differences(model, properties) == []
    assert differences(model, {"unknown": {}, **properties}) == ["unknown: only on one side"]


def test_document_fields_equal_mapping_properties() -> None:
    properties = load_index_body("documents")["mappings"]["properties"]
    assert differences(Document, properties) == []
    without_source = {**properties, "provenances": {"properties": {"identifier": {}, "url": {}, "datestamp": {}}}}
    assert differences(Document, without_source) == ["provenances.source: only on one side"]


@pytest.mark.parametrize(("kind", "model"), [("document_records", DocumentRecord), ("harvests", HarvestState)])
def test_models_of_harvests_equal_mapping_properties(kind: Any, model: type[BaseModel]) -> None:
    assert differences(model, load_index_body(kind)["mappings"]["properties"]) == []


def test_documents_and_offers_have_the_same_analysis() -> None:
    documents, offers = (load_index_body(kind)["settings"]["analysis"] for kind in ("documents", "offers"))
    assert documents == offers


def test_mapping_of_the_offers_has_the_shape_of_their_fields() -> None:
    assert load_index_body("offers")["mappings"]["_meta"][META_SHAPE] == OFFERS_SHAPE


def test_mapping_of_the_census_has_the_shape_of_its_model() -> None:
    assert load_index_body("providers")["mappings"]["_meta"] == {META: {"shape": SHAPE}}


def test_field_missing_in_mapping_is_found() -> None:
    without_title = {name: mapping for name, mapping in PROPERTIES.items() if name != "title"}
    assert differences(Offer, without_title) == ["title: only on one side"]


def test_every_funder_of_lheo_has_a_number_in_the_ranges_of_sessions() -> None:
    assert set(FUNDER_NUMBERS) == set(lheo_table("dict-financeurs")) | {"any"}
    assert len({*FUNDER_NUMBERS.values()}) == len(FUNDER_NUMBERS)


@pytest.mark.parametrize(
    "kind",
    [
        *("offers", "ledger", "reference", "sources", "locks", "gone", "providers", "editions"),
        *("documents", "document_records", "harvests"),
    ],
)
def test_every_index_is_strict_with_explicit_refresh_interval(kind: Any) -> None:
    body = load_index_body(kind, shards=3, replicas=1)
    assert body["mappings"]["dynamic"] == "strict"
    assert "refresh_interval" in body["settings"]["index"]
    assert body["settings"]["index"]["number_of_shards"] == (3 if kind == "offers" else 1)


def test_labels_cover_lheo_tables() -> None:
    assert set(FUNDER_LABELS) == set(lheo_table("dict-financeurs"))
    assert set(FREE_FUNDERS) == {"2", "3", "4", "6", "7", "8", "9", *map(str, range(11, 17))}
    assert set(LEVEL_BY_LHEO) == set(lheo_table("dict-niveaux")) - {"0", "1"}
    assert set(LEVEL_BY_LHEO.values()) == set(LEVEL_LABELS)


def read_fields(shape: Any, path: str = "") -> set[str]:
    """Names of what a result reads, with a dot before those of the parts."""
    names = set()
    for each in msgspec.structs.fields(shape):
        names.add(path + each.name)
        for part in (each.type, *get_args(each.type)):
            if isinstance(part, type) and issubclass(part, Struct):
                names |= read_fields(part, f"{path}{each.name}.")
    return names


def is_stored(name: str, model: Any = Offer) -> bool:
    """Tell whether the models of what is stored have a field of that name."""
    first, _, rest = name.partition(".")
    field = model.model_fields.get(first)
    if field is None or not rest:
        return field is not None
    parts = [part for part in (field.annotation, *get_args(field.annotation)) if isinstance(part, type)]
    return any(issubclass(part, BaseModel) and is_stored(rest, part) for part in parts)


def is_requested(name: str) -> bool:
    """Tell whether an export asks for a field, for the object that it is in, or for a part of it."""
    return any(f"{name}.".startswith(f"{each}.") or each.startswith(f"{name}.") for each in CARD_FIELDS)


def test_result_structures_match_stored_and_requested_fields() -> None:
    names = read_fields(StoredOffer)
    assert {"sessions.seats.funder", "places.lat", "sessions.window.gte", "provider.siren"} < names
    assert [name for name in names if not is_stored(name)] == []
    # A search for a person reads whole offers.
    assert {name for name in names if not is_requested(name)} == {"region", "funding_set", *FUNDING_FIELDS} & names
    assert [name for name in names if name in NOT_ON_CARDS] == []


def stricter_than(model: type[BaseModel], reader: Any, path: str = "") -> list[str]:
    """What a reader demands, or takes for absent, otherwise than the model that writes."""
    found = []
    for each in msgspec.structs.fields(reader):
        field, name = model.model_fields[each.name], path + each.name
        if each.required and not field.is_required():
            found.append(f"{name}: demanded, though it may be absent")
        elif not each.required and not field.is_required() and default_of(each) != stored_default(field):
            found.append(f"{name}: {default_of(each)!r} where it is absent, not {stored_default(field)!r}")
        inner = [part for part in (each.type, *get_args(each.type)) if isinstance(part, type)]
        for shape in (part for part in inner if issubclass(part, Struct)):
            for part in (field.annotation, *get_args(field.annotation)):
                if isinstance(part, type) and issubclass(part, BaseModel):
                    found += stricter_than(part, shape, f"{name}.")
    return found


def default_of(field: Any) -> Any:
    value = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    return msgspec.to_builtins(value)


def stored_default(field: Any) -> Any:
    """The default of a model as a document has it; of a part only what the reader reads of it is compared."""
    value = field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel):
        read = {"siren", "name", "contacts"}  # of a provider, the one part that is there by default
        return {name: each for name, each in value.model_dump(mode="json").items() if name in read}
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("reader", [StoredOffer, Member])
def test_readers_accept_absent_optional_fields_and_same_types(reader: Any) -> None:
    assert stricter_than(Offer, reader) == []


def test_reader_requiring_optional_field_is_found() -> None:
    class Strict(Struct):
        provider: StoredProvider
        title: str = "x"
        hours: float = 0.0

    assert stricter_than(Offer, Strict) == [
        "provider: demanded, though it may be absent",
        "hours: 0.0 where it is absent, not None",
    ]
