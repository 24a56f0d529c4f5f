"""A search for a person counts what pays in a part of its own; parts that found other offers are asked again as one."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest

from search_app.search.engine.offers import OffersEngine
from search_app.search.finding import find_offers
from search_app.search.params import parse_params
from search_app.search.query import SearchRequest, build_search_body, in_parts
from search_app.search.query.request import Payment
from search_app.search.stored import SearchAnswer, read_answer

TODAY = date(2026, 11, 23)
PAYS: dict[str, Any] = {"funding": {"filter": {"match_all": {}}}, "funding:sets": {"terms": {"field": "funding_set"}}}


class Valued(SimpleNamespace):
    """What pays for a person, without chosen values."""

    narrows = False

    def checks(self) -> dict[str, Any]:
        return {"funding:earlier": {"filters": {"filters": {}}}}

    def counts(self, _: Any) -> dict[str, Any]:
        return PAYS

    def is_settled(self, *, beside_seats: bool) -> bool:
        return True


def request_of(*pairs: tuple[str, str]) -> SearchRequest:
    return replace(SearchRequest(parse_params(pairs), None, TODAY), payment=cast(Payment, Valued()))


@pytest.mark.parametrize("pairs", [[], [("upcoming", "true")], [("remote", "exclude")]])
def test_a_broad_search_counts_what_pays_beside_all_other_lists(pairs: list[tuple[str, str]]) -> None:
    request = request_of(*pairs)
    whole = build_search_body(request)
    body, paying = in_parts(whole, request)
    assert paying["aggs"].keys() | body["aggs"].keys() == whole["aggs"].keys()
    assert {name.removeprefix("own:").partition(":")[0] for name in paying["aggs"]} == {"funding"}
    assert not any("funding" in name and "funder" not in name for name in body["aggs"])
    assert (paying["query"], paying["size"]) == (whole["query"], 0)


@pytest.mark.parametrize("pairs", [[("q", "soudeur")], [("start_from", "2027-03-01")], [("explain", "true")]])
def test_a_search_that_leaves_few_offers_is_one_body(pairs: list[tuple[str, str]]) -> None:
    request = request_of(*pairs)
    whole = build_search_body(request)
    assert in_parts(whole, request) == [whole]


class Telling:
    """An engine that finds so many offers for each of the parts, one request after the other."""

    def __init__(self, *totals: Sequence[int]) -> None:
        self.totals = iter(totals)
        self.asked: list[list[dict[str, Any]]] = []

    async def find_in_parts(self, bodies: Sequence[dict[str, Any]], *, one_copy: bool) -> Sequence[SearchAnswer]:
        self.asked.append([*bodies])
        return [read_answer(orjson.dumps(found(total, number))) for number, total in enumerate(next(self.totals))]


def found(total: int, number: int) -> dict[str, Any]:
    shards = {"total": 1, "successful": 1, "failed": 0}
    return {"hits": {"total": {"value": total}, "hits": []}, "_shards": shards, "aggregations": {str(number): {}}}


def found_by(engine: Telling, *pairs: tuple[str, str]) -> SearchAnswer:
    return asyncio.run(find_offers(cast(OffersEngine, engine), request_of(*pairs)))


def test_parts_that_found_as_many_offers_are_one_answer() -> None:
    engine = Telling([7, 7, 7])  # everything is counted, the first hits are all, what pays
    assert found_by(engine).hits.total.value == 7
    assert [len(bodies) for bodies in engine.asked] == [3]


def test_parts_between_which_an_offer_came_are_asked_again_as_one() -> None:
    engine = Telling([7, 7, 8], [8])
    found = found_by(engine)
    assert (found.hits.total.value, [len(bodies) for bodies in engine.asked]) == (8, [3, 1])
    assert "funding" in engine.asked[1][0]["aggs"]


def test_parts_that_agree_no_more_after_few_offers_start_soon_are_asked_again_as_one() -> None:
    engine = Telling([7, 3, 7], [7, 8], [8])
    assert found_by(engine).hits.total.value == 8
    assert [len(bodies) for bodies in engine.asked] == [3, 2, 1]
