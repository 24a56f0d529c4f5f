"""A search for a person counts what pays in a part of its own; parts that found other offers are asked again as one."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest

from search_app.base.errors import EngineTimeout
from search_app.search.engine.offers import OffersEngine
from search_app.search.finding import find_offers
from search_app.search.params import parse_params
from search_app.search.query import SearchRequest, build_first_body, build_payment_body, build_search_body, in_parts
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

    def is_settled(self, under: str | None) -> bool:
        return True


def request_of(*pairs: tuple[str, str]) -> SearchRequest:
    return replace(SearchRequest(parse_params(pairs), None, TODAY), payment=cast(Payment, Valued()))


@pytest.mark.parametrize(
    "pairs", [[], [("upcoming", "true")], [("q", "soudeur")], [("level", "13"), ("start_from", "2027-03-01")]]
)
def test_what_pays_is_counted_of_the_offers_of_the_search(pairs: list[tuple[str, str]]) -> None:
    request = request_of(*pairs)
    whole, paying = build_search_body(request), build_payment_body(request)
    narrowed = whole.get("post_filter", {"bool": {"filter": []}})["bool"]["filter"]
    assert paying["query"] == {"bool": {"filter": [*whole["query"]["bool"]["filter"], *narrowed]}}
    assert (paying["aggs"], paying["size"]) == (PAYS | Valued().checks(), 0)
    assert in_parts(whole, request) == [whole]
    assert build_first_body(request)["_source"] is True
    assert build_first_body(replace(request, payment=None))["_source"] is not True


class Telling:
    """An engine that finds so many offers for each body, one after the other, and notes the lists asked for."""

    def __init__(self, *totals: int) -> None:
        self.totals = iter(totals)
        self.asked: list[set[str]] = []
        self.copies: set[str] = set()

    async def find_offers(self, body: dict[str, Any], copy: str = "") -> SearchAnswer:
        (found,) = await self.find_in_parts([body], copy)
        return found

    async def find_in_parts(self, bodies: Sequence[dict[str, Any]], copy: str = "") -> Sequence[SearchAnswer]:
        self.copies.add(copy)
        self.asked.append({name for body in bodies for name in body.get("aggs", ())})
        return [read_answer(orjson.dumps(whole(next(self.totals), body.get("aggs", {})))) for body in bodies]


def whole(total: int, lists: dict[str, Any]) -> dict[str, Any]:
    shards = {"total": 1, "successful": 1, "failed": 0}
    told: dict[str, Any] = {name: {} for name in lists}
    return {"hits": {"total": {"value": total}, "hits": []}, "_shards": shards, "aggregations": told}


def found_by(engine: Telling, *pairs: tuple[str, str]) -> SearchAnswer:
    return asyncio.run(find_offers(cast(OffersEngine, engine), request_of(*pairs)))


def test_parts_that_found_as_many_offers_are_one_answer_of_the_same_copies() -> None:
    engine = Telling(7, 7)
    found = found_by(engine, ("q", "soudeur"))
    assert found.hits.total.value == 7
    assert {"funding", "funding:sets", "mode"} <= found.aggregations.keys()
    plain, paying = engine.asked
    assert (paying, plain & paying) == ({"funding", "funding:sets", "funding:earlier"}, set())
    (copy,) = engine.copies
    assert copy


def test_parts_between_which_an_offer_came_are_asked_again_as_one() -> None:
    engine = Telling(7, 8, 8)
    assert found_by(engine, ("q", "soudeur")).hits.total.value == 8
    assert [len(engine.asked), {"funding", "mode"} <= engine.asked[2]] == [3, True]


def test_a_search_without_conditions_takes_its_first_hits_from_a_part_of_their_own() -> None:
    engine = Telling(7, 7, 7)  # everything, what starts soon: all of it, what pays
    assert found_by(engine).hits.total.value == 7
    assert len(engine.asked) == 2


def test_a_part_that_fails_ends_the_search() -> None:
    class Failing(Telling):
        async def find_offers(self, body: dict[str, Any], copy: str = "") -> SearchAnswer:
            raise EngineTimeout("late")

    with pytest.raises(EngineTimeout):
        found_by(Failing(7), ("q", "soudeur"))


def test_no_part_goes_on_after_another_one_failed() -> None:
    class Waiting(Telling):
        def __init__(self) -> None:
            super().__init__()
            self.begun, self.ended = asyncio.Event(), asyncio.Event()

        async def find_offers(self, body: dict[str, Any], copy: str = "") -> SearchAnswer:
            try:
                self.begun.set()
                await asyncio.Event().wait()
            finally:
                self.ended.set()
            raise AssertionError

        async def find_in_parts(self, bodies: Sequence[dict[str, Any]], copy: str = "") -> Sequence[SearchAnswer]:
            await self.begun.wait()
            raise EngineTimeout("late")

    async def ask() -> bool:
        engine = Waiting()
        with pytest.raises(EngineTimeout):
            await find_offers(cast(OffersEngine, engine), request_of(("q", "soudeur")))
        return await asyncio.wait_for(engine.ended.wait(), timeout=5)

    assert asyncio.run(ask())
