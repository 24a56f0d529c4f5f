"""Numbers in the OpenAPI document are the limits that hold: each stands here by hand, and is tried."""

from typing import Any

import pytest

from search_app.api.openapi import build_openapi
from search_app.base.errors import BadParameters
from search_app.search.facets import FACETS
from search_app.search.params import parse_params

DOCUMENT = build_openapi()


def schema(path: str, name: str) -> dict[str, Any]:
    (found,) = [row for row in DOCUMENT["paths"][path]["get"]["parameters"] if row["name"] == name]
    schema: dict[str, Any] = found["schema"]
    return schema


def is_taken(*pairs: tuple[str, str]) -> bool:
    try:
        parse_params(pairs)
    except BadParameters:
        return False
    return True


@pytest.mark.parametrize(
    ("name", "key", "limit"),
    [
        ("q", "maxLength", 300), ("place", "maxLength", 100), ("radius", "minimum", 0.1), ("radius", "maximum", 1000),
        ("page", "minimum", 1), ("page", "maximum", 10_000), ("size", "minimum", 1), ("size", "maximum", 100),
        ("facet_size", "minimum", 1), ("facet_size", "maximum", 1000), ("hours_max", "minimum", 0),
        ("hours_max", "maximum", 100_000), ("price_max", "minimum", 0), ("price_max", "maximum", 10_000_000),
    ],
)  # fmt: skip
def test_limit_of_a_parameter_is_told_and_holds(name: str, key: str, limit: float) -> None:
    assert schema("/api/v1/offers", name)[key] == limit
    if key == "maxLength":
        inside, outside = "x" * int(limit), "x" * int(limit + 1)
    else:
        step = {"radius": 0.05, "hours_max": 0.5, "price_max": 0.5}.get(name, 1)
        inside, outside = f"{limit:g}", f"{limit - step if key == 'minimum' else limit + step:.10g}"
        inside = f"{limit:.10g}"
    others = [("size", "1")] if name == "page" else []
    assert is_taken((name, inside), *others)
    assert not is_taken((name, outside), *others)


@pytest.mark.parametrize("name", [facet.param for facet in FACETS if not facet.single])
def test_fifty_values_of_a_facet_are_the_most(name: str) -> None:
    assert schema("/api/v1/offers", name)["maxItems"] == 50


def test_seats_are_a_number_up_to_9999_or_a_word() -> None:
    number, words = schema("/api/v1/offers", "seats")["anyOf"]
    assert (number["minimum"], number["maximum"], words["enum"]) == (1, 9999, ["full", "unknown"])
    assert is_taken(("seats", "9999"))
    assert not is_taken(("seats", "10000"))


def test_fifty_one_values_are_refused_and_fifty_are_not() -> None:
    codes = [("rome", f"A{number:04}") for number in range(51)]
    assert is_taken(*codes[:50])
    assert not is_taken(*codes)


def test_numbers_beside_the_search_are_those_of_their_constants() -> None:
    assert schema("/api/v1/places", "q")["maxLength"] == 100
    assert schema("/api/v1/suggest", "q")["maxLength"] == 300
    assert schema("/api/v1/suggest", "size")["maximum"] == 20
    assert schema("/api/v1/seats/stream", "session")["maxItems"] == 1000
    told = DOCUMENT["paths"]["/api/v1/seats/stream"]["get"]["responses"]["200"]["description"]
    assert "toutes les 15 secondes" in told
    assert "30 jours" in DOCUMENT["paths"]["/api/v1/seats/{session}/history"]["get"]["summary"]


def test_every_facet_is_told_among_the_answers() -> None:
    lists = DOCUMENT["components"]["schemas"]["SearchResults"]["properties"]["facets"]["properties"]
    assert [*lists] == [facet.param for facet in FACETS]
