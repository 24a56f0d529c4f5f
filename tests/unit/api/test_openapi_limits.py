"""The OpenAPI document promises exactly what the parameters take: limits are tried on both sides."""

from typing import Any

import pytest

from search_app.api.openapi import build_openapi
from search_app.base.errors import BadParameters
from search_app.search.params import PARAMETERS, parse_params

ROWS: list[dict[str, Any]] = build_openapi()["paths"]["/api/v1/offers"]["get"]["parameters"]
REPEATED = [row for row in ROWS if row["schema"].get("type") == "array"]
LIMITED = [row for row in ROWS if "maximum" in row["schema"]]
BESIDE = {"lat": ("lon", "2"), "lon": ("lat", "43")}


def is_taken(*pairs: tuple[str, str]) -> bool:
    try:
        parse_params(pairs)
    except BadParameters:
        return False
    return True


def test_document_has_the_parameters_that_may_be_repeated_and_those_with_limits() -> None:
    assert {row["name"] for row in REPEATED} >= {"funder", "recruiting", "region", "domain", "rome", "rncp", "provider"}
    assert [row["name"] for row in LIMITED] == [
        "lat", "lon", "radius", "hours_max", "price_max", "page", "size", "facet_size",
    ]  # fmt: skip


@pytest.mark.parametrize("row", REPEATED, ids=lambda row: row["name"])
def test_parameter_may_be_repeated_fifty_times_and_no_more(row: dict[str, Any]) -> None:
    assert row["schema"]["maxItems"] == 50
    pair = (row["name"], PARAMETERS[row["name"]].example)
    assert is_taken(*[pair] * 50)
    assert not is_taken(*[pair] * 51)


@pytest.mark.parametrize("row", LIMITED, ids=lambda row: row["name"])
def test_limits_of_the_document_are_those_that_are_checked(row: dict[str, Any]) -> None:
    name, schema = row["name"], row["schema"]
    step = 1 if schema["type"] == "integer" else 0.01
    beside = [BESIDE[name]] if name in BESIDE else []
    size = [("size", "1")] if name == "page" else []  # deeper than ten thousand results is a fault of its own
    for limit, beyond in ((schema["minimum"], -step), (schema["maximum"], step)):
        assert is_taken((name, f"{limit:.10g}"), *beside, *size), limit
        assert not is_taken((name, f"{limit + beyond:.10g}"), *beside, *size), limit + beyond


@pytest.mark.parametrize(
    ("name", "minimum", "maximum"),
    [("lat", -90, 90), ("lon", -180, 180), ("radius", 0.1, 1000), ("hours_max", 0, 100_000), ("page", 1, 10_000),
     ("price_max", 0, 10_000_000), ("size", 1, 100), ("facet_size", 1, 1000)],
)  # fmt: skip
def test_limits_are_exactly_these(name: str, minimum: float, maximum: float) -> None:
    (schema,) = [row["schema"] for row in LIMITED if row["name"] == name]
    assert (schema["minimum"], schema["maximum"]) == (minimum, maximum)
