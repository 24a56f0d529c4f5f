"""The engine in memory answers the same requests as the real one does."""

import re
import secrets
from collections.abc import Iterator
from typing import Any, Final

import orjson
import pytest

from engine.blocking import Engine
from engine.errors import EngineError, EngineNotFound
from engine.fake import FakeEngine
from engine.requests import Request
from mappings.loader import load_index_body
from mappings.settings import EngineSettings

INDEX, ALIAS, STRICT = "x-plain", "x-alias", "x-seats"
Case = tuple[str, str, Any, dict[str, str]]

KEYWORDS: Final = {"properties": {name: {"type": "keyword"} for name in ("name", "kind")} | {"at": {"type": "date"}}}
BODY: Final = {"settings": {"index": {"number_of_shards": 1}}, "mappings": KEYWORDS, "aliases": {ALIAS: {}}}
STATEMENT: Final = {"session": "S", "session_key": "k", "funder": "2", "sequence": 5}


def lines(*rows: Any) -> bytes:
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


def versioned(version: int, kind: str = "external", key: str = "v") -> dict[str, Any]:
    return {"_id": key, "version": version, "version_type": kind}


def search(query: Any, **more: Any) -> Case:
    return ("POST", f"/{INDEX}/_search", {"query": query, "sort": [{"name": "asc"}], "size": 20, **more}, {})


WRITES: Final[list[Case]] = [
    ("PUT", f"/{INDEX}", BODY, {}),
    ("PUT", f"/{INDEX}", BODY, {}),  # a second time
    ("PUT", f"/{STRICT}", load_index_body("ledger"), {}),
    ("PUT", f"/{INDEX}/_doc/a", {"name": "a", "kind": "one", "at": "2026-11-20T08:00:00Z"}, {}),
    ("PUT", f"/{INDEX}/_doc/a", {"name": "a"}, {"op_type": "create"}),
    ("PUT", f"/{INDEX}/_doc/a", {"name": "a", "kind": "two"}, {"if_seq_no": "0", "if_primary_term": "1"}),
    ("PUT", f"/{INDEX}/_doc/a", {"name": "a"}, {"if_seq_no": "0", "if_primary_term": "1"}),
    ("PUT", f"/{INDEX}/_doc/none", {"name": "a"}, {"if_seq_no": "0", "if_primary_term": "1"}),
    ("DELETE", f"/{INDEX}/_doc/a", None, {"if_seq_no": "0", "if_primary_term": "1"}),
    ("DELETE", f"/{INDEX}/_doc/none", None, {}),
    ("GET", f"/{INDEX}/_doc/a", None, {}),
    ("GET", f"/{INDEX}/_doc/none", None, {}),
    ("GET", "/x-none/_doc/a", None, {}),
    ("POST", f"/{INDEX}/_bulk", lines(
        {"create": {"_id": "b"}}, {"name": "b", "kind": "one", "at": "2026-11-21T08:00:00+00:00"},
        {"create": {"_id": "b"}}, {"name": "again"},
        {"index": {"_id": "c"}}, {"name": "c", "kind": "two", "at": "2026-11-22T08:00:00Z"},
        {"delete": {"_id": "none"}},
        {"update": {"_id": "c"}}, {"doc": {"kind": "three"}},
        {"update": {"_id": "c"}}, {"doc": {"kind": "three"}},
        {"update": {"_id": "none"}}, {"doc": {"kind": "three"}},
        {"update": {"_id": "d"}}, {"doc": {"name": "d"}, "doc_as_upsert": True},
    ), {}),
    ("POST", f"/{ALIAS}/_bulk", lines({"index": {"_id": "e"}}, {"name": "e"}), {"require_alias": "true"}),
    ("POST", f"/{INDEX}/_bulk", lines({"index": {"_id": "f"}}, {"name": "f"}), {"require_alias": "true"}),
    ("POST", "/x-none/_bulk", lines({"delete": {"_id": "f"}}), {"require_alias": "true"}),
    ("POST", f"/{INDEX}/_bulk", lines(
        {"index": versioned(5)}, {"name": "v"},
        {"index": versioned(5)}, {"name": "v"},
        {"index": versioned(5, "external_gte")}, {"name": "v"},
        {"index": versioned(4)}, {"name": "v"},
        {"index": versioned(7)}, {"name": "v"},
        {"delete": versioned(6, "external_gte")},
        {"delete": versioned(7, "external_gte")},
        {"index": versioned(7)}, {"name": "v"},
        {"index": versioned(8)}, {"name": "v"},
        {"delete": {"_id": "v", "if_seq_no": 1, "if_primary_term": 1}},
    ), {}),
    ("POST", f"/{STRICT}/_bulk", lines(
        {"index": versioned(5)}, STATEMENT,
        {"delete": versioned(5, "external_gte")},
        {"index": versioned(3)}, STATEMENT,  # what is deleted is forgotten there
        {"index": {"_id": "w"}}, STATEMENT | {"unknown": 1},
    ), {"refresh": "true"}),
    ("POST", "/_bulk", lines({"index": {"_index": INDEX, "_id": "g"}}, {"name": "g"}), {}),
    ("POST", f"/{INDEX}/_mget", {"ids": ["a", "none", "g"]}, {}),
    ("POST", f"/{INDEX}/_mget", {"ids": ["c"]}, {"_source_includes": "kind"}),
    ("POST", "/x-none/_mget", {"ids": ["a"]}, {}),
]  # fmt: skip

READS: Final[list[Case]] = [
    search({"match_all": {}}),
    search({"term": {"kind": "one"}}),
    search({"term": {"kind": {"value": "one"}}}),
    search({"terms": {"kind": ["one", "two"]}}),
    search({"prefix": {"name": "b"}}),
    search({"exists": {"field": "at"}}),
    search({"ids": {"values": ["a", "c", "none"]}}),
    search({"range": {"at": {"gte": "2026-11-21T08:00:00Z"}}}),
    search({"range": {"at": {"gt": "2026-11-21T08:00:00Z", "lte": "2026-11-22T08:00:00+00:00"}}}),
    search({"range": {"_seq_no": {"gt": 2}}}, sort=[{"_seq_no": "asc"}]),
    search({"bool": {"filter": [{"exists": {"field": "kind"}}], "must_not": {"term": {"kind": "one"}}}}),
    search({"bool": {"should": [{"term": {"name": "a"}}, {"term": {"name": "b"}}]}}),
    search({"bool": {"filter": [{"match_all": {}}], "should": [{"term": {"name": "a"}}]}}),
    search({"bool": {"filter": [], "should": [{"term": {"name": "a"}}], "minimum_should_match": 1}}),
    search({"match_all": {}}, sort=[{"kind": "desc"}, {"name": "asc"}]),
    search({"match_all": {}}, _source=["name"]),
    search({"match_all": {}}, size=2, search_after=["b"], track_total_hits=False),
    search({"match_all": {}}, size=0),
    search({"match_all": {}}, _source=False, seq_no_primary_term=True, version=True),
    search({"match_all": {}}, _source={"excludes": ["kind"]}),
    ("POST", "/x-none/_search", {}, {}),
    ("POST", "/x-none/_search", {"aggs": {}}, {"ignore_unavailable": "true"}),
    ("POST", f"/{INDEX}/_count", {"query": {"term": {"kind": "one"}}}, {}),
    ("GET", f"/{STRICT}/_stats", None, {"level": "shards"}),
    ("GET", f"/{INDEX}/_mapping", None, {}),
    ("GET", "/x-none/_mapping", None, {}),
    ("GET", "/x-none*/_mapping", None, {}),
    ("GET", f"/_alias/{ALIAS}", None, {}),
    ("GET", "/_alias/x-none", None, {}),
    ("GET", f"/_cat/aliases/{ALIAS}", None, {"h": "alias,index", "format": "json"}),
    ("GET", f"/_cat/indices/{STRICT}*", None, {"h": "index", "format": "json"}),
    ("DELETE", "/x-none", None, {}),
]
# What differs between two runs of the same engine, or tells of nothing.
UNTOLD: Final = ("took", "_shards", "_index", "index", "index_uuid", "shard", "max_score", "_score", "reason", "_type",
                 "root_cause", "resource.type", "resource.id", "forced_refresh", "shards_acknowledged")  # fmt: skip


class Both:
    """Sends a request to both engines, under names of a test's own in the real one."""

    def __init__(self, real: Engine, prefix: str) -> None:
        self.real, self.fake, self.prefix = real, FakeEngine().blocking, prefix

    def answers(self, case: Case) -> tuple[Any, Any]:
        """Return the meaning of both answers."""
        method, path, body, params = case
        named = (
            orjson.loads(orjson.dumps(body).replace(b'"x-', f'"{self.prefix}'.encode()))
            if isinstance(body, dict)
            else body
        )
        if isinstance(body, bytes):
            named = body.replace(b'"x-', f'"{self.prefix}'.encode())
        real = told(self.real, method, re.sub(r"(?<=/)x-", self.prefix, path), named, params)
        return self._renamed(real), told(self.fake, method, path, body, params)

    def _renamed(self, answer: Any) -> Any:
        return orjson.loads(orjson.dumps(answer).replace(self.prefix.encode(), b"x-"))


def told(engine: Engine, method: str, path: str, body: Any, params: dict[str, str]) -> Any:
    try:
        return meaning(engine.call(method, path, body, params))
    except EngineError as error:
        return [type(error).__name__, error.status, error.kind]


def meaning(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: meaning(value) for name, value in answer.items() if name not in UNTOLD}
    return [meaning(each) for each in answer] if isinstance(answer, list) else answer


@pytest.fixture(scope="module")
def both(engine_url: str, module_index_prefix: str) -> Iterator[Both]:
    real = Engine.connect(EngineSettings(opensearch_url=engine_url).connection)
    made = Both(real, f"{module_index_prefix}{secrets.token_hex(2)}-")
    yield made
    real.close()


@pytest.fixture(scope="module")
def written(both: Both) -> Both:
    for case in WRITES:
        real, fake = both.answers(case)
        assert fake == real, case
    return both


def test_writes_have_the_same_outcomes_versions_and_numbers(written: Both) -> None:
    assert len(WRITES) > 20


def test_a_search_sees_what_was_refreshed(written: Both) -> None:
    both = written
    both.answers(("POST", f"/{INDEX}/_refresh", None, {}))
    both.answers(("PUT", f"/{INDEX}/_doc/unseen", {"name": "unseen"}, {}))
    # the real one may refresh by itself after a second, hence only the one in memory is looked at
    assert told(both.fake, *search({"ids": {"values": ["unseen"]}}))["hits"]["hits"] == []
    both.answers(("DELETE", f"/{INDEX}/_doc/unseen", None, {"refresh": "true"}))
    for case in READS:
        real, fake = both.answers(case)
        assert comparable(fake) == comparable(real), case


def comparable(answer: Any) -> Any:
    """Leave out what the real engine tells beside: settings of a mapping, all but the checkpoint of statistics."""
    if isinstance(answer, dict) and "indices" in answer and "_all" in answer:
        answer = {name: value for name, value in answer.items() if name != "_all"}
    if isinstance(answer, dict) and "indices" in answer:
        shards = [copy for each in answer["indices"].values() for copies in each["shards"].values() for copy in copies]
        return [(copy["routing"]["primary"], copy["seq_no"]["local_checkpoint"]) for copy in shards]
    return answer


def test_a_view_shows_what_was_there_when_it_was_opened(written: Both) -> None:
    for engine, prefix in ((written.real, written.prefix), (written.fake, "x-")):
        name = f"{prefix}plain"
        engine.call("POST", f"/{name}/_refresh")
        view = engine.call("POST", f"/{name}/_search/point_in_time", params={"keep_alive": "1m"})["pit_id"]
        engine.call("PUT", f"/{name}/_doc/late", {"name": "late"}, {"refresh": "true"})
        body = {"size": 100, "sort": [{"_seq_no": "asc"}], "pit": {"id": view, "keep_alive": "1m"}}
        found = [hit["_id"] for hit in engine.call("POST", "/_search", body)["hits"]["hits"]]
        body["search_after"] = [engine.call("POST", "/_search", body)["hits"]["hits"][1]["sort"][0]]
        rest = [hit["_id"] for hit in engine.call("POST", "/_search", body)["hits"]["hits"]]
        assert "late" not in found
        assert len(found) == 7
        assert rest == found[2:]
        assert engine.call("DELETE", "/_search/point_in_time", {"pit_id": [view]})["pits"][0]["successful"] is True
        with pytest.raises(EngineNotFound):
            engine.call("POST", "/_search", body)
        engine.call("DELETE", f"/{name}/_doc/late", params={"refresh": "true"})


def test_a_request_that_ignores_a_status_is_answered(written: Both) -> None:
    def missing() -> Iterator[Request]:
        yield Request("DELETE", "/x-none", ignore=(404,))

    for engine in (written.real, written.fake):
        engine.run(missing())  # type: ignore[arg-type]
