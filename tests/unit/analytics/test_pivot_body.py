"""Bodies of pivots: which sums are wanted, and parameters that the engine can copy."""

from typing import Any

from search_app.analytics.measures import MEASURES
from search_app.analytics.plan import PIVOT, Part, pivot_body
from tests.unit.analytics.test_pivot_query import read


def body(*pairs: tuple[str, str], part: Part | None = None) -> dict[str, Any]:
    query = read(*pairs)
    return pivot_body(query, query.search.request, [], part or Part())


def parameters(*pairs: tuple[str, str], part: Part | None = None) -> dict[str, Any]:
    found: dict[str, Any] = body(*pairs, part=part)["aggs"][PIVOT]["scripted_metric"]["params"]
    return found


def test_measure_of_the_order_is_counted() -> None:
    assert not parameters(("rows", "region"))["bought"]
    assert parameters(("rows", "region"), ("sort", "bought"))["bought"]
    assert parameters(("rows", "region"), ("sort", "price_hour"))["amounts"]


def test_sessions_are_summed_only_where_a_measure_or_a_condition_needs_them() -> None:
    assert not parameters(("rows", "region"), ("measure", "offers"))["sessions"]
    assert parameters(("rows", "month"), ("measure", "offers"))["sessions"]
    assert parameters(("rows", "funder"), ("measure", "offers"), ("seats", "full"))["sessions"]
    assert not parameters(("rows", "region"), ("measure", "offers"), ("measure", "sessions"))["figures"]


def test_no_parameter_is_null() -> None:
    part = Part(sort=MEASURES["left"], only=["2", ""])
    for each in (parameters(("rows", "funder"), ("columns", "market"), part=part), parameters()):
        assert None not in each.values()
        assert all(None not in value for value in each.values() if isinstance(value, list))


def test_seats_beside_funders_are_left_to_the_scripts() -> None:
    seats, state = ("seats", "full"), ("recruiting", "open")
    assert body(("rows", "funder"), seats, state)["query"] == body(("rows", "funder"), state)["query"]
    assert body(("rows", "region"), seats, state)["query"] != body(("rows", "region"), state)["query"]


def test_rows_that_are_asked_for_narrow_the_offers() -> None:
    narrowed = body(("rows", "rome"), part=Part(only=["F1703", ""]))["query"]["bool"]["filter"][-1]
    assert narrowed["bool"]["should"][0] == {"terms": {"rome": ["F1703"]}}
    assert narrowed["bool"]["should"][1] == {"bool": {"must_not": [{"exists": {"field": "rome"}}]}}
