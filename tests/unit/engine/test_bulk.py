"""Every operation of a bulk request has an outcome, and what the engine had no room for is sent again."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from engine.bulk import BACK_OFF, Item, Outcome, read_items, write_groups
from engine.errors import EngineFull, NotStored
from engine.fake import Asked, FakeEngine, busy, full

ROOT = Path(__file__).parents[3]
BLOCK = {"type": "cluster_block_exception", "reason": "flood"}


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        (200, None, Outcome.DONE),
        (201, None, Outcome.DONE),
        (404, None, Outcome.MISSING),
        (404, {"type": "document_missing_exception", "reason": ""}, Outcome.MISSING),
        (404, {"type": "index_not_found_exception", "reason": ""}, Outcome.FAILED),
        (409, {"type": "version_conflict_engine_exception", "reason": ""}, Outcome.CONFLICT),
        (429, {"type": "rejected_execution_exception", "reason": ""}, Outcome.BUSY),
        (429, BLOCK, Outcome.FULL),
        (403, BLOCK, Outcome.FULL),
        (403, {"type": "security_exception", "reason": ""}, Outcome.FAILED),
        (503, BLOCK, Outcome.FAILED),
        (503, {"type": "unavailable_shards_exception", "reason": ""}, Outcome.FAILED),
        (400, {"type": "mapper_parsing_exception", "reason": ""}, Outcome.REFUSED),
    ],
)
def test_each_status_has_its_outcome(status: int, error: Any, expected: Outcome) -> None:
    result = {"status": status} | ({"error": error} if error else {})
    (item,) = read_items({"items": [{"index": result}]})
    assert item.outcome is expected
    assert item.is_new is (status == 201)


def test_a_full_disk_is_another_error_than_any_other_refusal() -> None:
    assert type(Item(Outcome.FULL, 429, "cluster_block_exception", "flood").to_error()) is EngineFull
    assert type(Item(Outcome.FAILED, 503, "x", "y").to_error()) is NotStored


def index(key: str, document: dict[str, Any], **action: Any) -> bytes:
    return orjson.dumps({"index": {"_id": key, **action}}) + b"\n" + orjson.dumps(document) + b"\n"


def test_outcomes_are_in_the_order_of_the_groups() -> None:
    fake = FakeEngine()
    fake.put("x", {"a": {"n": 1}})
    groups = [
        index(key, {"n": 2}) + orjson.dumps({"delete": {"_id": f"{key}-none"}}) + b"\n" for key in ("a", "b", "c")
    ]
    items = fake.run(write_groups("/x/_bulk", groups, at_once=2))
    assert [[item.outcome for item in group] for group in items] == [[Outcome.DONE, Outcome.MISSING]] * 3
    assert [group[0].is_new for group in items] == [False, True, True]
    assert [len(asked.body.splitlines()) for asked in fake.requests] == [6, 3]
    assert fake.run(write_groups("/x/_bulk", [])) == []


def test_a_group_without_room_is_sent_again_and_no_other() -> None:
    fake = FakeEngine()

    def refuse_b_twice(asked: Asked) -> Any:
        if len(fake.requests) > 2:
            return None
        fake.interfere = None
        items = fake.blocking.call("POST", "/x/_bulk", asked.body)["items"]
        fake.requests.pop()
        fake.interfere = refuse_b_twice
        error = {"type": "rejected_execution_exception", "reason": "queue"}
        refused = {"index": {"_id": "b", "status": 429, "error": error}}
        return {"items": [refused if item["index"]["_id"] == "b" else item for item in items]}

    fake.interfere = refuse_b_twice
    items = fake.run(write_groups("/x/_bulk", [index(key, {"n": 1}) for key in "abc"]))
    assert [group[0].outcome for group in items] == [Outcome.DONE] * 3
    assert [asked.body.count(b"_id") for asked in fake.requests] == [3, 1, 1]
    assert fake.pauses == list(BACK_OFF[:2])


def test_an_attempt_of_several_requests_waits_once() -> None:
    fake = FakeEngine()
    fake.interfere = busy(2)
    fake.run(write_groups("/x/_bulk", [index(key, {}) for key in "abcd"], at_once=2))
    assert len(fake.requests) == 4
    assert fake.pauses == [BACK_OFF[0]]


def test_an_engine_that_stays_busy_is_an_error_after_the_last_attempt() -> None:
    fake = FakeEngine()
    fake.interfere = busy(99)
    with pytest.raises(NotStored, match="429"):
        fake.run(write_groups("/x/_bulk", [index("a", {})]))
    assert fake.pauses == list(BACK_OFF)
    assert len(fake.requests) == 1 + len(BACK_OFF)


def test_a_full_disk_is_not_tried_again() -> None:
    fake = FakeEngine()
    fake.interfere = full(99)
    with pytest.raises(EngineFull, match="refuses to write"):
        fake.run(write_groups("/x/_bulk", [index("a", {})]))
    assert len(fake.requests) == 1


def test_a_refused_document_is_an_error_unless_it_is_kept() -> None:
    fake = FakeEngine()
    fake.create("x", {"mappings": {"dynamic": "strict", "properties": {"n": {}}}})
    groups = [index("a", {"n": 1}), index("b", {"unknown": 1})]
    with pytest.raises(NotStored, match="strict_dynamic_mapping_exception"):
        fake.run(write_groups("/x/_bulk", groups))
    items = fake.run(write_groups("/x/_bulk", groups, keep_refused=True))
    assert [item.outcome for (item,) in items] == [Outcome.DONE, Outcome.REFUSED]
    assert "unknown" in items[1][0].reason


def test_a_conflict_is_tried_again_only_where_it_is_asked_for() -> None:
    fake = FakeEngine()
    fake.put("x", {"a": {}})
    stale = [index("a", {}, if_seq_no=9, if_primary_term=1)]
    ((item,),) = fake.run(write_groups("/x/_bulk", stale))
    assert item.outcome is Outcome.CONFLICT
    with pytest.raises(NotStored):
        fake.run(write_groups("/x/_bulk", stale, again=(Outcome.BUSY, Outcome.CONFLICT)))


PACKAGES = ("alerts", "engine", "seats", "indexer", "search_app", "mappings", "synonyms", "funding", "language")


def test_nothing_else_reads_the_items_of_a_bulk_answer() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for package in (
            "engine",
            "seats",
            "indexer",
            "search_app",
            "mappings",
            "synonyms",
            "funding",
            "language",
            "alerts",
        )
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"""\[["']items["']\]|get\(["']items["']""", path.read_text("utf-8"))
    }
    # The check that an answer is whole counts them; the fake makes them.
    assert readers == {"engine/bulk.py", "engine/answers.py"}
