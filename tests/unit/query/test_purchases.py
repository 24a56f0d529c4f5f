"""Funder, programme and market of one and the same funder line, and the value for offers without one."""

from typing import Any

import pytest

from search_app.search.query.purchases import _MEETS, _VALUES, NO_LINE
from tests.unit.query.test_query_table import body_of, most_frequent, session

Body = dict[str, Any]


def token(*parts: str) -> str:
    return "\x1f".join(parts)


def without(field: str) -> Body:
    return {"bool": {"must_not": [{"exists": {"field": field}}]}}


@pytest.mark.parametrize(
    ("name", "values", "clause"),
    [
        ("programme", ["PRF"], {"terms": {"programme": ["PRF"]}}),
        ("market", ["M1", "M2"], {"terms": {"market": ["M1", "M2"]}}),
        ("programme", ["unknown"], {"terms": {"purchases": [token("", "?", "")]}}),
        ("market", ["M1", "unknown"], {"terms": {"purchases": [token("", "", "=M1"), token("", "", "?")]}}),
        ("funder", ["unknown"], {"terms": {"purchases": [token("?", "", "")]}}),
        ("trainer", ["041427865"], {"terms": {"trainer": ["041427865"]}}),
        ("employment_zone", ["7625"], {"terms": {"employment_zone": ["7625"]}}),
        ("trainer", ["unknown"], without("trainer")),
        ("region", ["unknown"], without("region")),
        ("region", ["76", "unknown"], {"bool": {"should": [{"terms": {"region": ["76"]}}, without("region")]}}),
        ("provider", ["unknown"], without("provider.siren")),
        ("domain", ["22403", "unknown"],
         {"bool": {"should": [{"terms": {"formacode": ["22403"]}}, without("domain")]}}),
    ],
)  # fmt: skip
def test_chosen_value_becomes_this_clause(name: str, values: list[str], clause: Body) -> None:
    assert body_of([(name, value) for value in values])["post_filter"] == {"bool": {"filter": [clause]}}


def test_rncp_of_none() -> None:
    (clause,) = body_of([("rncp", "unknown"), ("rncp", "RNCP37348")])["query"]["bool"]["filter"]
    assert clause == {"bool": {"should": [{"terms": {"rncp": ["37348"]}}, without("rncp")]}}


def test_parts_hold_for_one_line() -> None:
    body = body_of([("funder", "2"), ("funder", "4"), ("market", "M1")])
    tokens = [token("=2", "", "=M1"), token("=4", "", "=M1")]
    assert body["post_filter"] == {"bool": {"filter": [{"terms": {"purchases": tokens}}]}}
    assert body["query"] == {"bool": {"filter": []}}  # one clause: no offer fails two
    assert body["aggs"]["own:market"]["filter"]["bool"]["filter"] == [{"terms": {"funder": ["2", "4"]}}]
    assert body["aggs"]["own:funder"]["filter"]["bool"]["filter"] == [{"terms": {"market": ["M1"]}}]


def test_each_part_counts_what_choosing_a_value_alone_would_give() -> None:
    aggs = body_of([("funder", "2"), ("market", "M1"), ("facets", "programme")])["aggs"]
    wanted = [{"part": 1, "values": ["2"]}, {"part": 3, "values": ["M1"]}]
    script = {"source": _VALUES, "params": {"between": "\x1f", "wanted": wanted, "part": 2}}
    assert aggs["others"]["aggs"]["programme"]["terms"]["script"] == script
    rows = aggs["own:funder"]["aggs"]["funder"]["filters"]["filters"]
    assert rows["16"] == {"terms": {"purchases": [token("=16", "", "=M1")]}}
    assert [*rows] == [str(code) for code in range(21)]
    selected = aggs["own:market"]["aggs"]["market:selected"]["filters"]["filters"]
    assert selected == {"M1": {"terms": {"purchases": [token("=2", "", "=M1")]}}}


def test_part_alone_is_counted_by_its_field() -> None:
    aggs = body_of([("facets", "programme"), ("hours_max", "4")])["aggs"]
    assert aggs["programme"] == most_frequent("programme", 100)


def test_combinations_of_many_values_are_decided_by_a_script() -> None:
    pairs = [(name, f"{name} {number}") for name in ("programme", "market") for number in range(40)]
    (clause,) = body_of([("funder", "2"), *pairs])["post_filter"]["bool"]["filter"]
    *narrowed, script = clause["bool"]["filter"]
    assert [len(each["terms"]["purchases"]) for each in narrowed] == [1, 40, 40]
    assert script["script"]["script"]["source"] == _MEETS
    (fewer,) = body_of([("funder", "2"), *pairs[:65]])["post_filter"]["bool"]["filter"]
    assert len(fewer["terms"]["purchases"]) == 1_000


def test_lists_on_request_are_counted_where_named_or_chosen() -> None:
    on_request = {"employment_zone", "trainer", "programme", "market"}
    assert not on_request & body_of([("hours_max", "4")])["aggs"].keys()
    named = body_of([("hours_max", "4"), ("facets", "trainer"), ("facets", "market")])["aggs"]
    assert on_request & named.keys() == {"trainer", "market"}
    assert "employment_zone" in body_of([("employment_zone", "7625")])["aggs"]


@pytest.mark.parametrize(("name", "field"), [("level", "level"), ("provider", "provider.siren")])
def test_chosen_unknown_is_counted_as_offers_without_a_value(name: str, field: str) -> None:
    aggs = body_of([(name, "unknown")])["aggs"]
    assert aggs[f"{name}:without"] == {"filters": {"filters": {"unknown": without(field)}}}
    assert f"{name}:selected" not in aggs


def test_under_no_funder_seats_are_unknown_and_nothing_else() -> None:
    def seats_clause(seats: str, *funders: str) -> Body:
        body = body_of([("seats", seats), *(("funder", funder) for funder in funders)])
        clauses: list[Body] = body["post_filter"]["bool"]["filter"]
        return clauses[-1]

    unpaid = {"bool": {"filter": [NO_LINE, session()]}}
    assert seats_clause("unknown", "unknown") == unpaid
    assert seats_clause("unknown", "2", "unknown") == {"bool": {"should": [session(funder=3, tier=7), unpaid]}}
    assert seats_clause("3", "unknown") == seats_clause("full", "unknown") == {"match_none": {}}
    assert seats_clause("3", "2", "unknown") == session(funder=3, tier=3)
