"""The first hits of a search for nearly everything are found among the offers that start soon."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import orjson
import pytest

from engine.client import AsyncEngine
from mappings.index_fields import SHAPE
from mappings.names import IndexNames
from search_app.base.errors import EngineError, EngineOverloaded, EngineUnreadable
from search_app.search.engine.offers import OffersEngine
from search_app.search.params import parse_params
from search_app.search.query import Circle, SearchRequest, build_search_body, in_parts
from search_app.search.query.first_hits import are_the_first, in_two, is_for_all
from search_app.search.query.request import Payment
from search_app.search.stored import SearchAnswer, read_answer, with_lists

TODAY = date(2026, 11, 23)
TODAY_IS = 46_347  # days since 1 January 1900
ALBI = Circle(43.93, 2.15, 30)


def request_of(*pairs: tuple[str, str], area: Circle | None = None) -> SearchRequest:
    return SearchRequest(parse_params(pairs), area, TODAY)


@pytest.mark.parametrize(
    ("pairs", "broad"),
    [
        ([], True),
        ([("upcoming", "true")], True),
        ([("upcoming", "true"), ("page", "10"), ("facet_size", "50"), ("remote", "exclude")], True),
        ([("page", "11")], False),
        ([("sort", "seats")], False),
        ([("q", "soudeur")], False),
        ([("q", "soudeur"), ("sort", "start")], False),
        ([("region", "76")], False),
        ([("seats", "1")], False),
        ([("start_from", "2027-03-01")], False),
        ([("free", "true")], False),
        ([("group", "training")], False),
    ],
)
def test_only_a_search_for_nearly_everything_is_asked_in_two(pairs: list[tuple[str, str]], broad: bool) -> None:
    assert is_for_all(request_of(*pairs)) is broad
    assert not is_for_all(request_of(*pairs, area=ALBI))


def test_one_body_counts_everything_and_the_other_orders_what_starts_within_two_weeks() -> None:
    request = request_of(("upcoming", "true"), ("page", "2"))
    body = build_search_body(request)
    counts, hits = in_two(body, request)
    assert (counts["size"], counts["aggs"], counts["query"]) == (0, body["aggs"], body["query"])
    assert not {"sort", "from", "_source"} & counts.keys()
    soon = {"range": {"starts": {"gte": TODAY_IS, "lte": TODAY_IS + 14}}}
    assert hits["query"]["bool"]["filter"] == [*body["query"]["bool"]["filter"], soon]
    assert {**hits, "query": 0, "aggs": 0} == {**body, "query": 0, "aggs": 0}


def found(total: int, *days: int) -> SearchAnswer:
    """Return an answer whose hits start next on these days."""
    hits = [{"_source": {"id": "a", "key": "a", "training_key": "t", "title": "x", "source": "s"},
             "sort": [day * 131_072.0 + 131_071, "a"]} for day in days]  # fmt: skip
    shards = {"total": 1, "successful": 1, "failed": 0}
    return msgspec.convert({"hits": {"total": {"value": total}, "hits": hits}, "_shards": shards}, SearchAnswer)


@pytest.mark.parametrize(
    ("answer", "total", "first"),
    [
        (found(9, TODAY_IS, TODAY_IS + 14), 90, True),
        (found(9, TODAY_IS, TODAY_IS + 15), 90, False),  # it starts soon by a session that does not match
        (found(1, TODAY_IS), 90, False),
        (found(0), 90, False),
        (found(2, TODAY_IS, TODAY_IS + 60), 2, True),  # there are no others
        (found(0), 0, True),
    ],
)
def test_hits_are_the_first_only_if_no_other_offer_can_come_before_them(
    answer: SearchAnswer, total: int, first: bool
) -> None:
    assert are_the_first(answer, total, request_of(("size", "2"))) is first


class Telling:
    """A transport that tells the same of every request for several searches."""

    def __init__(self, *items: Any) -> None:
        self.items = items

    async def perform_request(self, method: str, path: str, **_: Any) -> bytes:
        if "_mapping" in path:
            return orjson.dumps({"x": {"mappings": {"_meta": {"shape": SHAPE}}}})
        return orjson.dumps({"responses": self.items})

    async def close(self) -> None:
        """Nothing is open."""


def whole(total: int, **more: Any) -> dict[str, Any]:
    shards = {"total": 1, "successful": 1, "failed": 0}
    return {"took": 1, "timed_out": False, "_shards": shards, "hits": {"total": {"value": total}, "hits": []}, **more}


def asked(*items: Any) -> tuple[int, int]:
    engine = OffersEngine(AsyncEngine(Telling(*items), 5.0), IndexNames("x-"), 5.0)
    counts, hits = asyncio.run(engine.find_in_parts([{"aggs": {"mode": {}}, "size": 0}, {"size": 20}]))
    return counts.hits.total.value, hits.hits.total.value


COUNTED: dict[str, Any] = {"aggregations": {"mode": {"buckets": []}}}


def test_both_answers_are_given() -> None:
    assert asked(whole(7, **COUNTED), whole(3)) == (7, 3)


@pytest.mark.parametrize(
    ("items", "error"),
    [
        ((whole(7), whole(3)), EngineUnreadable),
        ((whole(7, **COUNTED),), EngineUnreadable),
        ((None, None), EngineUnreadable),
        (({"error": "x"}, whole(3)), EngineUnreadable),
        ((whole(7, **COUNTED), whole(3) | {"timed_out": True}), EngineError),
        ((whole(7, **COUNTED), {"error": {"type": "x", "reason": "queue"}, "status": 429}), EngineOverloaded),
    ],
)
def test_half_an_answer_is_none(items: tuple[Any, ...], error: type[EngineError]) -> None:
    with pytest.raises(error):
        asked(*items)


def test_search_with_chosen_values_is_sent_as_what_they_narrow_and_the_lists_that_leave_a_filter_out() -> None:
    chosen, inside = {"terms": {"funding_set": ["a"]}}, {"term": {"mode": "remote"}}
    own = {"own:level": {"filter": {"bool": {"filter": [chosen]}}, "aggs": {"level": {}}}}
    body = {
        "query": {"bool": {"filter": [inside], "should": [{"match": {"title": "a"}}]}},
        "post_filter": {"bool": {"filter": [chosen]}},
        "aggs": {"others": {"filter": {"bool": {"filter": [chosen]}}, "aggs": {"mode": {}}}, **own},
        "size": 20, "sort": [], "timeout": "5000ms",
    }  # fmt: skip
    asked = replace(request_of(), payment=cast(Payment, SimpleNamespace(narrows=True)))
    narrowed, lists = in_parts(body, asked)
    assert narrowed["query"] == {"bool": {"filter": [inside, chosen], "should": [{"match": {"title": "a"}}]}}
    assert (narrowed["aggs"], narrowed["size"], "post_filter" in narrowed) == ({"mode": {}}, 20, False)
    assert (lists["query"], lists["aggs"], lists["size"]) == (body["query"], own, 0)
    assert in_parts(body, request_of()) == [body]
    for whole in ({"explain": True}, {"group": "training"}):
        assert in_parts(body, replace(asked, params=replace(asked.params, **whole))) == [body]


def test_lists_of_all_parts_are_those_of_the_answer() -> None:
    first, second = (read_answer(orjson.dumps(whole(number, aggregations={str(number): {}}))) for number in (7, 3))
    found = with_lists(first, second)
    assert (found.hits.total.value, [*found.aggregations]) == (7, ["7", "3"])
