"""What a search body contains, told by calling the function that builds it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from mappings.value_sets import SETS
from search_app.search.facets import FACETS
from search_app.search.params import parse_params
from search_app.search.query import (
    Circle,
    SearchRequest,
    Territory,
    build_members_body,
    build_part_bodies,
    build_search_body,
)
from search_app.search.understand import Understanding

TODAY = date(2026, 11, 23)
ALBI = Circle(43.93, 2.15, 30)
REMOTE = {"term": {"mode": "remote"}}


def body_of(*pairs: tuple[str, str], area: Circle | Territory | None = None) -> dict[str, Any]:
    return build_search_body(SearchRequest(parse_params(pairs), area, TODAY))


def grouped(*pairs: tuple[str, str], area: Circle | Territory | None = None) -> SearchRequest:
    return SearchRequest(parse_params([*pairs, ("group", "training")]), area, TODAY)


def filters(body: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = body["query"]["bool"]["filter"]
    return found


def ranges(value: Any) -> list[dict[str, Any]]:
    """Return the ranges on ``windows`` in a part of a body."""
    if isinstance(value, list):
        return [found for row in value for found in ranges(row)]
    if not isinstance(value, dict):
        return []
    here = [value["range"]["windows"]] if "windows" in value.get("range", {}) else []
    return here + [found for inner in value.values() for found in ranges(inner)]


def test_all_session_conditions_are_one_range() -> None:
    body = body_of(("start_from", "2027-03-01"), ("seats", "1"), ("upcoming", "true"), ("recruiting", "open"))
    assert len(ranges(body["post_filter"])) == 1


def test_seats_narrow_the_hits_but_not_their_own_counts() -> None:
    body = body_of(("start_from", "2027-03-01"), ("seats", "1"))
    assert ranges(body["query"]) == ranges(body_of(("start_from", "2027-03-01"))["query"])
    rows = body["aggs"]["seats"]["filters"]["filters"]
    assert list(rows) == ["1", "5", "10", "full", "unknown"]
    assert ranges(rows["1"]) == ranges(body["post_filter"])


def test_offers_that_fail_two_chosen_lists_are_left_out_seats_among_them() -> None:
    body = body_of(("region", "76"), ("seats", "2"))
    clause = filters(body)[-1]["bool"]
    assert clause["minimum_should_match"] == 1
    assert clause["should"][0] == {"terms": {"region": ["76"]}}
    assert ranges(clause["should"][1])


def test_full_and_unknown_under_a_funder_are_counted_apart_from_those_under_any() -> None:
    for word in ("full", "unknown"):
        body = body_of(("seats", word), ("region", "76"))
        assert body["aggs"]["own:funder"]["filter"]["bool"]["filter"] == [{"terms": {"region": ["76"]}}]
        assert "funder" not in body["aggs"]["others"]["aggs"]
    assert "funder" in body_of(("seats", "1"))["aggs"]["others"]["aggs"]


def test_a_chosen_count_list_narrows_the_hits_but_not_its_own_counts() -> None:
    body = body_of(("region", "76"))
    assert body["post_filter"] == {"bool": {"filter": [{"terms": {"region": ["76"]}}]}}
    assert "region" in body["aggs"]
    assert body["aggs"]["others"]["filter"] == body["post_filter"]
    assert "department" in body["aggs"]["others"]["aggs"]


def test_with_two_chosen_lists_each_is_counted_under_the_other() -> None:
    body = body_of(("region", "76"), ("level", "13"))
    assert body["aggs"]["own:region"]["filter"]["bool"]["filter"] == [{"terms": {"level": ["13"]}}]
    assert body["aggs"]["own:level"]["filter"]["bool"]["filter"] == [{"terms": {"region": ["76"]}}]
    assert filters(body)[-1]["bool"]["minimum_should_match"] == 1


def test_every_facet_is_counted_in_every_request() -> None:
    for pairs in ([], [("region", "76")], [("recruiting", "open"), ("seats", "1"), ("funder", "2")]):
        aggregations = body_of(*pairs)["aggs"]
        inner = [rows for body in aggregations.values() for rows in body.get("aggs", {})]
        in_sets = {field for name, fields in SETS.items() if f"set:{name}" in aggregations for field in fields}
        in_sets = {facet.param for facet in FACETS if facet.field in in_sets}
        assert {
            "funder", "recruiting", "seats", "region", "department", "domain", "nsf", "level", "mode", "rhythm",
            "entry", "state_funded", "audience", "rome", "provider",
        } <= {*aggregations, *inner, *in_sets}  # fmt: skip


def test_remote_offers_stay_beside_a_circle_unless_the_person_says_otherwise() -> None:
    (clause,) = filters(body_of(area=ALBI))
    assert REMOTE in clause["bool"]["should"]
    assert filters(body_of(("remote", "only"), area=ALBI)) == [REMOTE]
    assert {"bool": {"must_not": [REMOTE]}} in filters(body_of(("remote", "exclude"), area=ALBI))


def test_a_department_is_an_area_not_a_circle() -> None:
    (clause,) = filters(body_of(area=Territory("department", "81")))
    assert clause["bool"]["should"][0] == {"term": {"department": "81"}}


def test_every_order_ends_with_the_key() -> None:
    for sort in ("relevance", "start", "distance", "seats"):
        body = body_of(("sort", sort), ("lat", "43.9"), ("lon", "2.1"), area=ALBI)
        assert body["sort"][-1] == {"key": "asc"}


def clauses_with(text: str, part: Any, above: str = "") -> Iterator[str]:
    """Yield the name of each clause of a query that holds a text; a field's own object is not a clause."""
    if isinstance(part, str):
        if text in part:
            yield above
    elif isinstance(part, list):
        for each in part:
            yield from clauses_with(text, each, above)
    elif isinstance(part, dict):
        for name, value in part.items():
            yield from clauses_with(text, value, above if above in TEXT_CLAUSES else name)


TEXT_CLAUSES = ("match", "match_phrase", "term", "terms", "query_string", "simple_query_string", "regexp", "wildcard")
HOSTILE = 'title:* OR "x~2" /[a-z]*/'


@pytest.mark.parametrize("loose", [False, True])
@pytest.mark.parametrize("phrases", [(), (HOSTILE,)])
@pytest.mark.parametrize("variants", [(), (f"{HOSTILE} bis",)])
def test_words_are_matched_and_never_parsed_as_a_query_language(
    loose: bool, phrases: tuple[str, ...], variants: tuple[str, ...]
) -> None:
    meant = Understanding(HOSTILE, HOSTILE, HOSTILE, HOSTILE, variants=variants, phrases=phrases, loose=loose)
    body = build_search_body(SearchRequest(parse_params([("q", HOSTILE)]), ALBI, TODAY, meant=meant))
    for text in (HOSTILE, "x~2"):
        assert {"match"} <= {*clauses_with(text, body)} <= {"match", "match_phrase", "term"}
    assert not [*clauses_with("x~2", body_of(("q", HOSTILE)))]  # words that mean nothing yet are not searched for


def test_a_long_list_counts_its_chosen_values_apart() -> None:
    aggregations = body_of(("provider", "130002850"))["aggs"]
    assert aggregations["provider:selected"]["terms"]["include"] == ["130002850"]


def test_the_total_is_exact_the_hits_are_whole_and_the_engine_has_a_time_limit() -> None:
    body = body_of()
    assert body["track_total_hits"] is True
    assert body["_source"] is True
    assert body["timeout"] == "5000ms"


def test_trainings_are_counted_under_all_filters_and_offers_where_nobody_asked_for_trainings() -> None:
    body = build_search_body(grouped(("region", "76"), ("free", "true")))
    assert body["collapse"] == {"field": "training_key"}
    assert body["aggs"]["trainings"]["filter"] == body["post_filter"]
    assert not {"collapse", "trainings"} & {*body_of(("region", "76")), *body_of(("region", "76"))["aggs"]}


def test_a_training_is_a_filter_that_every_count_obeys() -> None:
    assert {"terms": {"training_key": ["training2345", "training2346"]}} in filters(
        body_of(("training", "TRAINING2345"), ("training", "training2346"))
    )


def test_the_members_of_shown_trainings_are_counted_under_all_filters_of_the_search() -> None:
    body = build_members_body(grouped(("region", "76"), ("free", "true")), ["a", "b"])
    assert {"terms": {"training_key": ["a", "b"]}} in filters(body)
    assert {"terms": {"region": ["76"]}} in filters(body)
    assert body["aggs"]["members"]["terms"] == {"field": "training_key", "size": 2}
    assert body["size"] == 0


def test_the_nearest_member_is_looked_for_only_around_a_point() -> None:
    around = build_members_body(grouped(("sort", "start"), area=ALBI), ["a", "b"])
    assert around["size"] == 2
    assert "_geo_distance" in around["sort"][0]
    assert "sort" not in build_members_body(grouped(area=Territory("department", "81")), ["a"])


def test_too_many_trainings_are_counted_in_parts_that_hold_each_of_them_once() -> None:
    bodies = build_part_bodies(grouped(("region", "76")), offers=100_001)
    parts = [body["aggs"]["trainings"]["aggs"]["each"]["terms"]["include"] for body in bodies]
    assert parts == [{"partition": number, "num_partitions": 5} for number in range(5)]
    assert all({"terms": {"region": ["76"]}} in filters(body) for body in bodies)
