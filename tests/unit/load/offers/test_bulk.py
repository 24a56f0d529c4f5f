"""Offers written in bulk over an engine in memory: what is refused, what is overtaken, what ends a load."""

from typing import Any

import orjson
import pytest

from engine.errors import EngineError, EngineFull, NotStored
from engine.fake import FakeEngine, busy, full, lost
from indexer.installation.indices import Indices
from indexer.offers import bulk
from indexer.offers.bulk import ItemFault, Operation, Version, write_operations
from indexer.offers.live import MOVED, fetch_live, take_out_sessions
from indexer.settings import IndexerSettings
from mappings.index_fields import FIELDS as FIELDS_MADE
from mappings.index_fields import index_fields
from tests.stored_offers import named, whole_offer

ALIAS, INDEX = "x-offers", "x-offers-1"
FIELDS = ("n", "key", "source", "sessions", "session_keys", "written_at")
STRICT = {"dynamic": "strict", "properties": {name: {} for name in FIELDS}}


@pytest.fixture
def fake() -> FakeEngine:
    made = FakeEngine()
    made.create(INDEX, {"mappings": STRICT, "aliases": {ALIAS: {}}})
    made.put(INDEX, {"old": {"n": 1}})
    made.requests.clear()
    return made


def write(fake: FakeEngine, *operations: Operation) -> list[ItemFault]:
    return list(write_operations(fake.blocking, ALIAS, operations, lambda _: None))


def body(n: int) -> bytes:
    return orjson.dumps({"n": n})


def test_each_kind_of_operation_does_its_work(fake: FakeEngine) -> None:
    fake.put(INDEX, {"gone": {"n": 0}})
    faults = write(
        fake, Operation("create", "new", body(2)), Operation("index", "old", body(3)), Operation("delete", "gone"),
        Operation("delete", "never was"),
    )  # fmt: skip
    assert faults == []
    assert fake.documents(ALIAS) == {"old": {"n": 3}, "new": {"n": 2}}


def test_operation_with_a_version_is_overtaken_by_a_later_write_and_others_are_not(fake: FakeEngine) -> None:
    stale, first = Operation("index", "old", body(3), Version(9, 1)), Operation("create", "old", body(4))
    current = Operation("index", "kept", body(5), Version(1, 1))
    fake.put(INDEX, {"kept": {"n": 1}})
    faults = {fault.operation: fault for fault in write(fake, stale, current, first)}
    assert {each: fault.is_overtaken for each, fault in faults.items()} == {stale: True, first: False}
    assert {fault.status for fault in faults.values()} == {409}
    assert fake.documents(ALIAS) == {"old": {"n": 1}, "kept": {"n": 5}}


def test_document_that_is_refused_costs_no_other(fake: FakeEngine) -> None:
    bad = Operation("create", "bad", b'{"unknown":1}')
    (fault,) = write(fake, Operation("create", "a", body(1)), bad, Operation("create", "b", body(2)))
    assert (fault.operation, fault.status, fault.is_overtaken) == (bad, 400, False)
    assert "unknown" in fault.reason
    assert fake.documents(ALIAS).keys() == {"old", "a", "b"}


def test_alias_that_is_missing_is_never_made_into_an_index(fake: FakeEngine) -> None:
    with pytest.raises(EngineError):
        list(write_operations(fake.blocking, "x-none", [Operation("create", "a", body(1))], lambda _: None))
    assert "x-none" not in fake.cluster.indices
    rebuilt = write_operations(fake.blocking, INDEX, [Operation("create", "a", body(1))], print, is_alias=False)
    assert list(rebuilt) == []


def test_engine_without_room_is_waited_for_and_one_that_stays_so_ends_the_load(fake: FakeEngine) -> None:
    fake.interfere = busy(2)
    assert write(fake, Operation("create", "a", body(1))) == []
    assert fake.pauses == [0.1, 0.3]
    fake.interfere = busy(99)
    with pytest.raises(NotStored):
        write(fake, Operation("create", "b", body(1)))


def test_full_disk_ends_the_load_at_once_and_is_told_as_such(fake: FakeEngine) -> None:
    fake.interfere = full(1)
    with pytest.raises(EngineFull, match="disk is full or the index is read-only"):
        write(fake, Operation("create", "a", body(1)))
    assert (fake.pauses, len(fake.requests)) == ([], 1)


def test_lost_connection_is_tried_again(fake: FakeEngine) -> None:
    fake.interfere = lost(2)
    assert write(fake, Operation("index", "old", body(7))) == []
    assert fake.documents(ALIAS) == {"old": {"n": 7}}
    assert fake.pauses == [0.5, 2.0]


def test_large_operations_are_sent_in_requests_of_a_few_megabytes(
    fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "REQUEST_BYTES", 500)
    advanced: list[int] = []
    operations = [Operation("create", f"k{n}", b'{"n":"%s"}' % (b"x" * 100)) for n in range(10)]
    assert list(write_operations(fake.blocking, ALIAS, operations, advanced.append)) == []
    assert advanced == [4, 4, 2]
    assert sorted(len(asked.body.splitlines()) for asked in fake.requests) == [4, 8, 8]
    assert len(fake.documents(ALIAS)) == 11


WRITTEN = "2026-11-01T03:00:00+00:00"


def offer(*sessions: str, **more: Any) -> dict[str, Any]:
    rows = {"sessions": [{"key": each} for each in sessions], "session_keys": [*sessions]}
    return {"source": "one", "written_at": WRITTEN, **rows, **more}


def indices_of(fake: FakeEngine) -> Indices:
    return Indices(fake.blocking, IndexerSettings(index_prefix="x-"))


def test_live_offer_has_the_version_at_which_its_figures_were_read(fake: FakeEngine) -> None:
    figure = {"funder": "2", "available": 3, "sequence": 7}
    fake.put(INDEX, {"A": offer("s1", "s2")})
    fake.put(INDEX, {"A": offer("s1", "s2") | {"sessions": [{"key": "s1", "seats": [figure]}, {"key": "s2"}]}})
    (found,) = fetch_live(indices_of(fake), ["A", "none"]).values()
    assert (found.version, found.figures) == (Version(2, 1), {"s1": [figure], "s2": []})
    assert fetch_live(indices_of(fake), []) == {}
    (operation,) = [Operation("index", "A", body(1), found.version)]
    assert write(fake, operation) == []
    assert write(fake, operation)[0].is_overtaken


def test_session_is_taken_out_of_the_offer_that_had_it(fake: FakeEngine) -> None:
    fake.cluster.indices[INDEX].mappings = {}
    fake.create("x-seats")
    others = {"A": offer("s1", "s2", hash="h"), "B": offer("s3"), "C": offer("s4", source="two")}
    fake.put(INDEX, others)
    owners = {"s2": "B", "s3": "B", "s4": "B"}
    assert take_out_sessions(indices_of(fake), "one", owners) is True
    live = fake.documents(ALIAS)
    assert [row["key"] for row in live["A"]["sessions"]] == ["s1"]
    assert live["A"]["hash"] == MOVED  # the load that has the offer writes it again
    assert (live["B"], live["C"]) == (others["B"], others["C"])
    assert fake.cluster.indices[INDEX].visible["A"].source == live["A"]
    assert take_out_sessions(indices_of(fake), "one", owners) is False


def test_offer_whose_only_session_moved_is_found_by_none_of_its_fields(fake: FakeEngine) -> None:
    fake.cluster.indices[INDEX].mappings = {}
    fake.create("x-seats")
    offer = named(whole_offer(), "A")
    offer["sessions"] = offer["sessions"][:1]
    key = offer["sessions"][0]["key"]
    fake.put(INDEX, {offer["key"]: offer | index_fields(offer)})
    assert take_out_sessions(indices_of(fake), offer["source"], {key: "another"}) is True
    left = fake.documents(ALIAS)[offer["key"]]
    assert left["sessions"] == []
    assert {name: left[name] for name in FIELDS_MADE if name in left} == index_fields(left)
    assert "windows" not in left
