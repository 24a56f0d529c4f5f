"""A search from its address to the engine and back, over documents in memory: what is asked, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from operator import itemgetter
from typing import Any, Final

import orjson
import pytest
from starlette.testclient import TestClient

from engine.client import AsyncEngine
from mappings.names import IndexNames
from mappings.reference import pack_table
from search_app.base.settings import Settings
from search_app.search.engine.offers import OffersEngine
from search_app.web.app import create_app
from tests.fake_engine import Documents, FakeTransport
from tests.stored_offers import named, whole_offer

ALBI: Final = ["81004", "Albi", ["81000"], 49714, "81", "76", 43.93, 2.15]
OFFERS: Final = "/boussole-offers/_search"
MANY: Final = "/boussole-offers/_msearch"
FACETS: Final = [
    "funder", "recruiting", "seats", "region", "department", "domain", "nsf", "level", "mode", "rhythm", "entry",
    "state_funded", "audience", "rome", "provider",
]  # fmt: skip
NEAR_ALBI: Final = {"geo_distance": {"distance": "12.0km", "location": {"lat": 43.93, "lon": 2.15}}}
AROUND_ALBI: Final = {"bool": {"should": [NEAR_ALBI, {"term": {"commune": "81004"}}]}}
REMOTE: Final = {"term": {"mode": "remote"}}


class Transport(FakeTransport):
    """Records requests about offers; the next ``empty`` searches find none, and sets that are ``cut`` miss an offer."""

    def __init__(self) -> None:
        super().__init__(Documents([named(whole_offer(), f"A{n}") for n in range(3)]), IndexNames("boussole-"))
        self.asked: list[tuple[str, Any]] = []
        self.empty = 0  # how many of the next searches find nothing
        self.cut: frozenset[str] = frozenset()

    async def perform_request(self, method: str, path: str, *, body: Any = None, **more: Any) -> bytes:
        path = path.partition("?")[0]
        if "offers/_" in path and not path.endswith("_mapping"):
            lines = [orjson.loads(line) for line in body.splitlines()][1::2] if isinstance(body, bytes) else body
            self.asked.append((path, lines))
        answer = await super().perform_request(method, path, body=body, **more)
        if self.cut and path == MANY:
            return self._without_some(answer)
        if self.empty and path == OFFERS:
            self.empty -= 1
            found = orjson.loads(answer)
            found["hits"] = {"total": {"value": 0, "relation": "eq"}, "hits": []}
            return orjson.dumps(found)
        return answer

    def _without_some(self, answer: bytes) -> bytes:
        found = orjson.loads(answer)
        counts = found["responses"][0]["aggregations"]
        for name in self.cut & counts.keys():
            counts[name] = {"buckets": counts[name]["buckets"][:0], "sum_other_doc_count": 1}
        return orjson.dumps(found)


class Knowing(OffersEngine):
    """Knows one town."""

    async def get_tables(self, names: object = None) -> list[dict[str, Any]]:
        return [pack_table("communes", [ALBI], "")]

    async def get_lexicon(self, known: str) -> dict[str, Any] | None:
        return None

    async def get_rules(self, name: str, known: str) -> dict[str, Any] | None:
        return None


@pytest.fixture
def transport() -> Transport:
    return Transport()


@pytest.fixture
def browser(transport: Transport) -> Iterator[TestClient]:
    settings = Settings(today=date(2026, 11, 23))
    engine = Knowing(AsyncEngine(transport, 5.0), IndexNames("boussole-"), 5.0)
    with TestClient(create_app(settings, engine)) as client:
        transport.asked.clear()
        yield client


def search(browser: TestClient, query: str) -> dict[str, Any]:
    answer = browser.get(f"/api/v1/offers?{query}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_search_is_one_request_and_its_facets_come_in_their_order(browser: TestClient, transport: Transport) -> None:
    answer = search(browser, "place=Albi&radius=12&level=13&size=2")
    ((path, body),) = transport.asked
    assert path == OFFERS
    assert body["query"]["bool"]["filter"] == [{"bool": {"should": [AROUND_ALBI, REMOTE]}}]
    assert body["post_filter"] == {"bool": {"filter": [{"terms": {"level": ["13"]}}]}}
    assert (answer["total"], len(answer["results"]), answer["pages"]) == (3, 2, 2)
    assert list(answer["facets"]) == FACETS
    assert (answer["place"]["label"], answer["place"]["kind"], answer["place"]["radius"]) == ("Albi (81)", "town", 12.0)


def test_words_that_are_filters_become_parameters_before_the_engine_is_asked(
    browser: TestClient, transport: Transport
) -> None:
    answer = search(browser, "q=soudeur+%C3%A0+Albi")
    assert answer["understood"]["words"] == "soudeur"
    assert [each["parameters"] for each in answer["understood"]["filters"]] == [{"place": "Albi (81)"}]
    ((_, body),) = transport.asked
    in_place, words = body["query"]["bool"]["filter"]
    near = in_place["bool"]["should"][0]["bool"]["should"][0]
    assert near["geo_distance"]["location"] == {"lat": 43.93, "lon": 2.15}
    assert words["bool"]["should"][0]["match"]["words"]["query"] == "soudeur"
    assert body["sort"][1] == {"_score": "desc"}  # after the part: on-site offers first
    held_there = {"constant_score": {"filter": {"bool": {"must_not": REMOTE}}, "boost": 0.2}}
    assert held_there in body["query"]["bool"]["should"]


def test_trainings_take_a_second_request_for_their_members(browser: TestClient, transport: Transport) -> None:
    search(browser, "group=training&region=76")
    (_, first), (path, second) = transport.asked
    assert (first["collapse"], path) == ({"field": "training_key"}, OFFERS)
    assert {"terms": {"region": ["76"]}} in second["query"]["bool"]["filter"]
    assert second["aggs"]["members"]["terms"]["field"] == "training_key"


def test_words_that_find_nothing_are_looked_for_loosely_only_if_no_filter_is_the_reason(
    browser: TestClient, transport: Transport
) -> None:
    transport.empty = 1
    answer = search(browser, "q=zzzz&region=76")
    assert [path for path, _ in transport.asked] == [OFFERS, "/boussole-offers/_msearch"]
    (alone,) = transport.asked[1][1]
    assert "region" not in str(alone["query"]["bool"]["filter"])  # the words alone are counted
    assert answer["total"] == 0
    assert answer["understood"]["loose"] is False


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("place=Nulleparville&funder=99&x=1", {"place", "funder", "x"}),
        ("lat=43", {"lon"}),
        ("sort=distance", {"sort"}),
        ("page=101&size=100", {"page"}),
    ],
)
def test_faults_are_told_all_at_once_and_the_engine_is_not_asked(
    browser: TestClient, transport: Transport, query: str, parameters: set[str]
) -> None:
    answer = browser.get(f"/api/v1/offers?{query}")
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_parameters"
    assert {fault["parameter"] for fault in answer.json()["error"]["faults"]} == parameters
    assert transport.asked == []


def test_export_reads_every_offer_of_the_search_in_its_order(browser: TestClient, transport: Transport) -> None:
    answer = browser.get("/api/v1/offers.ndjson?region=76&sort=seats")
    assert (answer.status_code, answer.headers["x-total-count"]) == (200, "3")
    assert [orjson.loads(line)["id"] for line in answer.content.splitlines()] == ["14_AF_A0", "14_AF_A1", "14_AF_A2"]


def test_answer_that_did_not_change_is_not_sent_again(browser: TestClient) -> None:
    first = browser.get("/api/v1/offers?region=76")
    again = browser.get("/api/v1/offers?region=76", headers={"If-None-Match": first.headers["etag"]})
    other = browser.get("/api/v1/offers?region=84", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)


def test_facets_are_counted_by_value_where_a_set_of_values_is_not_whole(
    browser: TestClient, transport: Transport
) -> None:
    whole = search(browser, "size=1")
    assert whole["facets"]["level"] == [{"value": "13", "label": whole["facets"]["level"][0]["label"], "count": 3,
                                         "selected": False}]  # fmt: skip
    transport.asked.clear()
    transport.cut = frozenset({"set:training"})
    again = search(browser, "size=1")
    assert again["total"] == whole["total"]
    for name, rows in whole["facets"].items():  # the fake does not put them in order
        assert sorted(again["facets"][name], key=itemgetter("value")) == sorted(rows, key=itemgetter("value")), name
    (_, (first, _)), (_, (second, _)) = transport.asked[-2:]
    assert "set:training" in first["aggs"]
    assert not [name for name in second["aggs"] if name.startswith("set:")]
    assert second["aggs"]["level"]["terms"]["field"] == "level"


def test_on_pages_an_order_by_distance_gives_way_to_an_area(browser: TestClient) -> None:
    assert browser.get("/offres?place=Tarn&ordre=distance").status_code == 200
    assert browser.get("/offres?place=Tarn&sort=distance&seats=x").status_code == 400
    assert browser.get("/api/v1/offers?place=Tarn&sort=distance").status_code == 400
