"""An answer of the engine that is none, or not whole, is found out before anything reads it."""

import re
from pathlib import Path
from typing import Any, Final

import orjson
import pytest

from engine.answers import check_answer, found_documents, is_index_missing, read_answer
from engine.blocking import Engine
from engine.errors import BadAnswer, FailedDocument, LateAnswer, PartialAnswer
from engine.requests import Request, Steps
from mappings.names import IndexNames
from mappings.settings import EngineSettings
from seats.ledger.store import fetch_checkpoint

ROOT: Final = Path(__file__).parents[3]
WHOLE: Final = {"total": 1, "successful": 1, "failed": 0}
NONE: Final = {"total": 0, "successful": 0, "failed": 0}
AWAY: Final = {"total": 1, "successful": 0, "failed": 0}
HITS: Final[dict[str, Any]] = {"timed_out": False, "_shards": WHOLE, "hits": {"hits": []}}
IDS: Final = {"ids": ["a"]}
LINES: Final = b'{"index":{"_id":"a"}}\n{}\n{"delete":{"_id":"b"}}\n'
STORED: Final = {"index": {"status": 201}}
NOT_THERE: Final = {"delete": {"status": 404, "result": "not_found"}}
ERROR: Final = {"type": "no_shard_available_action_exception", "reason": "none"}

# path, body, a whole answer
RIGHT: Final[list[tuple[str, Any, Any]]] = [
    ("/x/_search", {}, HITS),
    ("/x/_search?request_cache=false", {"aggs": {"n": {}}}, HITS | {"aggregations": {"n": {}}}),
    ("/none/_search", {"aggs": {"n": {}}}, HITS | {"_shards": NONE}),
    ("/x/_mget", IDS, {"docs": [{"_id": "a", "found": False}]}),
    ("/x/_mget", IDS, {"docs": [{"_id": "a", "error": {"type": "index_not_found_exception", "reason": "x"}}]}),
    ("/x/_bulk", LINES, {"errors": True, "items": [STORED, NOT_THERE]}),
    ("/_bulk", b'{"create":{}}\n{}\n', {"items": [{"create": {"status": 409, "error": ERROR}}]}),
    ("/x/_msearch?a=b", b"{}\n{}\n", {"responses": [{}]}),
    ("/x/_count", {}, {"count": 0, "_shards": WHOLE}),
    ("/x/_stats", None, {"_shards": WHOLE, "indices": {}}),
    ("/x/_refresh", None, {"_shards": WHOLE}),
    ("/none*/_refresh", None, {"_shards": NONE}),
    ("/x/_flush", None, {"_shards": WHOLE}),
    ("/x/_forcemerge", None, {"task": "n:1"}),
    ("/x/_search/point_in_time", None, {"pit_id": "p", "_shards": WHOLE}),
    ("/_search/point_in_time", {"pit_id": ["p"]}, {"pits": []}),
    ("/x/_doc/a", {}, {"result": "created"}),
    ("/_alias/x", None, {"y": {}}),
    ("/x/_mapping", None, {"y": {}}),
    ("/x*,y*/_mapping", None, {}),
    ("/_tasks/n:1", None, {"completed": False}),
    ("/x", {}, {"acknowledged": True}),
    ("/_cat/indices/x*", None, []),
    ("/_snapshot/r", None, {"acknowledged": True}),
    ("/_snapshot/r/one", {}, {"accepted": True}),
    ("/_snapshot/r/_all", None, {"snapshots": []}),
    ("/_snapshot/r/one/_restore", {}, {"accepted": True}),
    ("/_cluster/health/x", None, {"status": "green"}),
]
WRONG: Final[list[tuple[str, Any, Any, type[BadAnswer]]]] = [
    ("/x/_search", {}, HITS | {"timed_out": True}, LateAnswer),
    ("/x/_search", {}, HITS | {"_shards": WHOLE | {"failed": 1}}, PartialAnswer),
    ("/x/_search", {}, HITS | {"_shards": {"total": 2, "successful": 1, "failed": 0}}, PartialAnswer),
    ("/x/_search", {}, {"timed_out": False, "_shards": WHOLE}, BadAnswer),
    ("/x/_search", {"aggs": {"n": {}}}, HITS | {"aggregations": {}}, BadAnswer),
    ("/x/_mget", IDS, {"docs": [{"_id": "a", "error": ERROR}]}, FailedDocument),
    ("/x/_mget", IDS, {"docs": []}, BadAnswer),
    ("/x/_mget", IDS, {"docs": [{"_id": "a"}]}, BadAnswer),
    ("/x/_bulk", LINES, {"items": [STORED]}, BadAnswer),
    ("/x/_bulk", LINES, {"items": [STORED, {"delete": {"status": 503}}]}, BadAnswer),
    ("/x/_msearch", b"{}\n{}\n", {"responses": []}, BadAnswer),
    ("/x/_count", {}, {"count": 7, "_shards": {"total": 2, "successful": 1, "failed": 1}}, PartialAnswer),
    ("/x/_stats", None, {"_shards": AWAY, "indices": {}}, PartialAnswer),
    ("/x/_refresh", None, {"_shards": AWAY}, PartialAnswer),
    ("/x/_flush", None, {"_shards": AWAY}, PartialAnswer),
    ("/x/_forcemerge", None, {"_shards": WHOLE}, BadAnswer),
    ("/x/_search/point_in_time", None, {"pit_id": "p", "_shards": {"failed": 1}}, PartialAnswer),
    ("/_cat/indices/x*", None, {}, BadAnswer),
]


@pytest.mark.parametrize(("path", "body", "answer"), RIGHT, ids=[f"{n} {row[0]}" for n, row in enumerate(RIGHT)])
def test_a_whole_answer_passes_and_nothing_that_stands_in_its_place(path: str, body: Any, answer: Any) -> None:
    check_answer(path, body, answer)
    others: list[Any] = [{}, [], None, "text", 7]
    for other in others:
        if other != answer and not (path == "/x" and other == {}):  # what is read of others is looked at by its reader
            with pytest.raises(BadAnswer):
                check_answer(path, body, other)


@pytest.mark.parametrize(
    ("path", "body", "answer", "kind"), WRONG, ids=[f"{n} {row[0]}" for n, row in enumerate(WRONG)]
)
def test_an_answer_in_part_is_none(path: str, body: Any, answer: Any, kind: type[BadAnswer]) -> None:
    with pytest.raises(BadAnswer) as caught:
        check_answer(path, body, answer)
    assert type(caught.value) is kind


# Kinds of calls whose answers are looked at where they are read, or not at all.
READ_ELSEWHERE: Final = {"_settings", "_reindex", "_cancel", "_aliases", "_delete_by_query"}


def test_every_kind_of_call_has_its_check() -> None:
    source = "".join(
        path.read_text("utf-8")
        for folder in ("seats", "search_app", "indexer")
        for path in (ROOT / folder).rglob("*.py")
    )
    kinds = set(re.findall(r"/(_[a-z_]+)", source))
    checked = {part for path, _, _ in RIGHT for part in re.findall(r"/(_[a-z_]+)", path)}
    assert {"_search", "_mget", "_bulk", "_stats", "_alias"} <= kinds
    assert kinds - checked - READ_ELSEWHERE == set()


def test_a_filter_leaves_out_hits_but_not_what_tells_of_failure() -> None:
    told = {"timed_out": False, "_shards": WHOLE}
    check_answer("/x/_search", {}, told, filtered=True)
    for lacking in told:
        with pytest.raises(BadAnswer):
            check_answer("/x/_search", {}, {k: v for k, v in told.items() if k != lacking}, filtered=True)


def test_an_error_that_was_to_be_ignored_is_an_answer() -> None:
    error = {"error": {"type": "index_not_found_exception"}, "status": 404}
    check_answer("/x/_refresh", None, error, {"ignore": (404,)})
    with pytest.raises(BadAnswer):
        check_answer("/x/_refresh", None, error)


def test_a_missing_index_holds_no_document_and_is_told_from_a_missing_document() -> None:
    missing = {"docs": [{"_id": "a", "error": {"type": "index_not_found_exception"}}]}
    assert (found_documents(missing), is_index_missing(missing)) == ([], True)
    rows = [{"_id": "a", "found": True}, {"_id": "b", "found": False}]
    assert (found_documents({"docs": rows}), is_index_missing({"docs": rows})) == (rows[:1], False)


@pytest.mark.parametrize("shards", [{}, {"0": []}, {"0": [{"routing": {"primary": False}}]}])
def test_a_ledger_whose_shard_is_away_has_no_number_and_is_not_empty(shards: Any) -> None:
    steps = fetch_checkpoint("seats")
    next(steps)
    with pytest.raises(PartialAnswer):
        steps.send({"indices": {"seats": {"shards": shards}}})


def test_the_indexer_takes_no_part_of_an_answer_either(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine.connect(EngineSettings(opensearch_url="http://127.0.0.1:9").connection)
    answers = iter([orjson.dumps({"docs": [{"_id": "a", "error": ERROR}]}), b"{}", b"null"])
    monkeypatch.setattr(engine.transport, "perform_request", lambda *_, **__: next(answers))

    def ask() -> Steps[None]:
        yield Request("POST", f"/{IndexNames('x-').offers}/_mget", IDS)

    for kind in (FailedDocument, BadAnswer, BadAnswer):
        with pytest.raises(BadAnswer, match="POST /x-offers/_mget: ") as caught:
            engine.run(ask())
        assert type(caught.value) is kind
    engine.close()


@pytest.mark.parametrize("text", ['{"took": 3', "<html>", ""])
def test_an_answer_that_is_no_json_is_a_bad_one(text: str) -> None:
    with pytest.raises(BadAnswer):
        read_answer(orjson.loads, text)
