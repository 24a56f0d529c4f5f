"""The ledger: what is sent for a statement, and what the engine's answers mean."""

from typing import Any

import pytest

from engine.errors import EngineFull, NotStored, PartialAnswer
from mappings.keys import key_of
from mappings.names import IndexNames
from seats.ledger.store import (
    fetch_checkpoint,
    fetch_current,
    fetch_of_source,
    fetch_page_after,
    ledger_id,
    store,
    waiting_id,
    write_lines,
)
from tests.driving import drive, items_of, lines_of

NAMES = IndexNames("test-")
RECEIVED = "2026-11-22T18:25:00.000Z"
PLACE = ledger_id("S1", "2")
BLOCK = "cluster_block_exception"


def document(sequence: int = 7, **more: Any) -> dict[str, Any]:
    told = {"session": "S1", "session_key": key_of("S1"), "funder": "2", "capacity": 12, "available": 3}
    return {**told, "sequence": sequence, "observed_at": "2026-11-22T18:25:00Z", "producer": "p", **more}


def answers_of(*pairs: tuple[Any, Any]) -> dict[str, Any]:
    """Return the answer to statements: the status in the ledger and that in the history of each."""
    parts = [(items_of("index", one)["items"], items_of("create", other)["items"]) for one, other in pairs]
    return {"items": [item for part in parts for items in part for item in items]}


def test_document_is_written_under_its_sequence_so_that_the_engine_keeps_the_highest() -> None:
    action, told = write_lines(document()).splitlines()
    assert action == b'{"index":{"_id":"%s","version":7,"version_type":"external"}}' % PLACE.encode()
    assert told.startswith(b'{"session":"S1"')


def test_statement_goes_to_the_ledger_and_to_the_history_of_its_week_in_one_request() -> None:
    outcome, (request,) = drive(store(NAMES, [document()], RECEIVED), [answers_of((201, 201))])
    assert outcome.fresh == (True,)
    assert (request.method, request.path, request.pause) == ("POST", "/_bulk", 0.0)
    index, kept, create, told = lines_of(request)
    assert index == {"index": {"_id": PLACE, "version": 7, "version_type": "external", "_index": "test-seats"}}
    assert create == {"create": {"_index": "test-seats-history-2026w47", "_id": f"{PLACE}-7"}}
    assert kept == told == document()


@pytest.mark.parametrize(
    ("rights", "key", "in_history"),
    [
        ({}, PLACE, {}),
        ({"sources": ["one"], "settled": "one"}, PLACE, {}),
        ({"sources": ["one"]}, waiting_id("S1", "2", ["one"]), {"sources": ["one"]}),
    ],
)
def test_history_has_the_sources_of_a_producer_only_while_its_statement_waits(
    rights: dict[str, Any], key: str, in_history: dict[str, Any]
) -> None:
    _, (request,) = drive(store(NAMES, [document(**rights)], RECEIVED), [answers_of((201, 201))])
    index, kept, create, told = lines_of(request)
    assert (index["index"]["_id"], create["create"]["_id"]) == (key, f"{key}-7")
    assert (kept, told) == (document(**rights), document(**in_history))


def test_each_statement_is_fresh_unless_the_ledger_has_one_as_new() -> None:
    answer = answers_of((201, 201), (409, 409), (200, 201), (409, 201))
    outcome, _ = drive(store(NAMES, [document(n) for n in range(4)], RECEIVED), [answer])
    assert outcome.fresh == (True, False, True, False)


def test_what_the_engine_had_no_room_for_is_sent_again_alone_and_later_each_time() -> None:
    busy = (429, "es_rejected_execution_exception")
    answers = [answers_of((201, 201), (busy, 201), (201, busy)), answers_of((busy, 409), (409, 201))]
    answers.append(answers_of((201, 409)))
    outcome, requests = drive(store(NAMES, [document(n) for n in range(3)], RECEIVED), answers)
    assert outcome.fresh == (True, True, False)
    assert [[row["index"]["version"] for row in lines_of(each)[::4]] for each in requests] == [[0, 1, 2], [1, 2], [1]]
    assert [each.pause for each in requests] == [0.0, 0.1, 0.3]


def test_an_engine_that_stays_busy_has_not_stored_the_statement() -> None:
    busy = answers_of(((429, "es_rejected_execution_exception"), 201))
    with pytest.raises(NotStored, match="no room"):
        drive(store(NAMES, [document()], RECEIVED), [busy] * 7)
    with pytest.raises(AssertionError, match="no answer is left"):  # six attempts, no fewer
        drive(store(NAMES, [document()], RECEIVED), [busy] * 5)


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize("in_history", [False, True])
def test_a_full_disk_is_told_apart_and_not_tried_again(status: int, in_history: bool) -> None:
    full = (201, (status, BLOCK)) if in_history else ((status, BLOCK), 201)
    with pytest.raises(EngineFull, match="the engine's reason"):
        drive(store(NAMES, [document()], RECEIVED), [answers_of(full)])


@pytest.mark.parametrize("pair", [((503, BLOCK), 201), ((400, "mapper_parsing_exception"), 201), (201, (500, "x"))])
def test_any_other_refusal_is_an_error_with_the_reason_of_the_engine(pair: tuple[Any, Any]) -> None:
    with pytest.raises(NotStored, match="the engine's reason") as refusal:
        drive(store(NAMES, [document()], RECEIVED), [answers_of(pair)])
    assert not isinstance(refusal.value, EngineFull)


def shards(*copies: tuple[bool, int]) -> dict[str, Any]:
    rows = [{"routing": {"primary": primary}, "seq_no": {"local_checkpoint": number}} for primary, number in copies]
    return {"indices": {"test-seats-ledger": {"shards": {"0": rows}}}}


@pytest.mark.parametrize(
    ("copies", "checkpoint"),
    [([(True, 41)], 41), ([(True, 41), (False, 7)], 41), ([(False, 99), (True, 41)], 41), ([(True, -1)], -1)],
)
def test_checkpoint_is_that_of_the_primary(copies: list[tuple[bool, int]], checkpoint: int) -> None:
    found, (request,) = drive(fetch_checkpoint("test-seats-ledger"), [shards(*copies)])
    assert found == checkpoint
    assert (request.method, request.path) == ("GET", "/test-seats-ledger/_stats")


def test_checkpoint_of_several_shards_is_the_lowest_of_their_primaries() -> None:
    answer = shards((True, 41))
    answer["indices"]["other"] = {"shards": {"0": shards((True, 12))["indices"]["test-seats-ledger"]["shards"]["0"]}}
    assert drive(fetch_checkpoint("x"), [answer])[0] == 12


@pytest.mark.parametrize("copies", [[], [(False, 41)]])
def test_checkpoint_is_never_invented_where_no_primary_answers(copies: list[tuple[bool, int]]) -> None:
    with pytest.raises(PartialAnswer):
        drive(fetch_checkpoint("x"), [shards(*copies)])


def test_page_of_the_log_begins_after_the_checkpoint_and_ends_at_its_last_number() -> None:
    hits = [{"_source": document(n), "sort": [n + 10]} for n in (1, 2)]
    (documents, last), (request,) = drive(fetch_page_after("x", 9), [{"hits": {"hits": hits}}])
    assert ([each["sequence"] for each in documents], last) == ([1, 2], 12)
    assert request.body == {
        "size": 2000, "query": {"range": {"_seq_no": {"gt": 9}}}, "sort": [{"_seq_no": "asc"}],
    }  # fmt: skip
    assert drive(fetch_page_after("x", 9), [{"hits": {"hits": []}}])[0] == ([], 9)


def test_present_documents_are_read_by_id_and_those_that_are_missing_left_out() -> None:
    docs = [{"found": True, "_source": document()}, {"found": False}]
    found, (request,) = drive(fetch_current("x", [("S1", "2"), ("S1", "4")]), [{"docs": docs}])
    assert (found, request.body) == ([document()], {"ids": [PLACE, ledger_id("S1", "4")]})
    assert drive(fetch_current("x", []), [])[0] == []


def test_statements_of_a_source_are_those_of_producers_that_may_speak_for_it() -> None:
    found, (request,) = drive(fetch_of_source("x", ["k1"], "one"), [{"hits": {"hits": [{"_source": document()}]}}])
    assert found == [document()]
    everyone = {"bool": {"must_not": {"exists": {"field": "sources"}}}}
    rights = {"bool": {"should": [everyone, {"term": {"sources": "one"}}]}}
    assert request.body == {
        "size": 10_000, "query": {"bool": {"filter": [{"terms": {"session_key": ["k1"]}}, rights]}},
    }  # fmt: skip
    assert request.params == {"allow_partial_search_results": "false"}


def test_an_answer_that_is_cut_is_asked_for_again_in_halves() -> None:
    full = {"hits": {"hits": [{"_source": document()}] * 10_000}}
    one = {"hits": {"hits": [{"_source": document()}]}}
    found, requests = drive(fetch_of_source("x", ["k1", "k2", "k3"], "one"), [full, one, one])
    assert len(found) == 2
    asked = [request.body["query"]["bool"]["filter"][0]["terms"]["session_key"] for request in requests]  # type: ignore[index,call-overload]
    assert (asked[0], sorted(key for keys in asked[1:] for key in keys)) == (["k1", "k2", "k3"], ["k1", "k2", "k3"])
