"""Statements that waited are moved once their session is known; exports are restored; offers are compared with both."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from mappings.keys import key_of
from seats.ledger import compare as comparing
from seats.ledger.compare import Comparison, compare
from seats.ledger.restore import Restored, parse_document, restore
from seats.ledger.settling import fetch_settled_figures, settle
from seats.ledger.store import ledger_id, waiting_id
from seats.statements.parse import Rejection
from tests.unit.seats.seats_world import NAMES, ONE, TWO, World, statement

HIGH = 1_700_000_000_000_000
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    made = World()
    made.offer("A1", "S1")
    return made


def settle_all(world: World, source: str = "one") -> None:
    documents = list(world.fake.documents(NAMES.ledger).values())
    world.fake.run(settle(NAMES.ledger, documents, {each["session_key"]: source for each in documents}))


def test_waiting_statement_is_moved_to_the_place_and_nothing_is_left_behind(world: World) -> None:
    world.state(statement("N1", 5, 7), producer=ONE)
    assert world.fake.documents(NAMES.ledger).keys() == {waiting_id("N1", "2", ["one"])}
    settle_all(world)
    ((key, document),) = world.fake.documents(NAMES.ledger).items()
    assert (key, document["settled"]) == (ledger_id("N1", "2"), "one")
    settle_all(world)
    assert world.kept("N1") == [(7, 5, ["one"], "one")]


def test_statement_without_the_right_goes_on_waiting(world: World) -> None:
    world.state(statement("N1", 99, HIGH), producer=TWO)
    settle_all(world, "one")
    assert world.kept("N1") == [(HIGH, 99, ["two"], None)]


def test_place_keeps_the_higher_sequence_when_a_lower_one_is_settled(world: World) -> None:
    world.state(statement("N1", 5, 7), producer=ONE)
    world.state(statement("N1", 8, 9))
    settle_all(world)
    assert world.kept("N1") == [(9, 8, None, None)]


def test_displaced_statement_gives_way_in_a_ledger_that_still_remembers_deleted_ones(world: World) -> None:
    world.offer("A1", "S1", source="two")
    world.state(statement("S1", 9, HIGH), producer=TWO)
    world.offer("A1", "S1", source="one")
    world.refresh()
    world.fake.cluster.indices[NAMES.ledger].settings["gc_deletes"] = "60s"  # as earlier versions created it
    assert world.state(statement("S1", 5, 7), producer=ONE) == (1, 0, 0)
    assert [row[:3] for row in world.kept("S1")] == [(7, 5, ["one"]), (HIGH, 9, ["two"])]


@pytest.mark.parametrize("requests", range(1, 6))
def test_settling_that_is_cut_off_after_any_request_is_completed_by_the_next(world: World, requests: int) -> None:
    world.state(statement("N1", 5, 7), producer=ONE)
    documents = list(world.fake.documents(NAMES.ledger).values())
    steps = settle(NAMES.ledger, documents, {key_of("N1"): "one"})
    answer: Any = None
    for _ in range(requests):
        try:
            asked = steps.send(answer)
        except StopIteration:
            break
        answer = world.fake.blocking.call(asked.method, asked.path, asked.body, asked.client_params)
    settle_all(world)
    assert world.kept("N1") == [(7, 5, ["one"], "one")]


def test_load_gets_figures_of_its_sessions_with_what_waited_for_them(world: World) -> None:
    world.state(statement("N1", 5, 7), producer=ONE)
    world.state(statement("N1", 9, 7), producer=TWO)
    world.state(statement("N2", 1, 3), statement("N3", 1, 3))
    keys = [key_of(each) for each in ("N1", "N2")]
    figures = world.fake.run(fetch_settled_figures(NAMES.ledger, keys, "one"))
    assert {key: [each["available"] for each in rows] for key, rows in figures.items()} == {keys[0]: [5], keys[1]: [1]}
    assert world.kept("N1") == [(7, 5, ["one"], "one"), (7, 9, ["two"], None)]


def line(world: World, **changes: Any) -> dict[str, Any]:
    stored = statement("S1", 3, 7) | {"session_key": "x", "received_at": "2026-11-22T18:25:00Z", "producer": "p"}
    parsed = parse_document(orjson.dumps(stored | changes), 4, NOW)
    assert isinstance(parsed, dict)
    return parsed


def restored(world: World, *documents: dict[str, Any]) -> Restored:
    told = Restored()
    world.fake.run(restore(NAMES, list(enumerate(documents, 1)), lambda: "", told))
    world.refresh()
    return told


def test_restored_line_is_in_the_ledger_and_in_its_offer_and_a_higher_sequence_stays(world: World) -> None:
    world.state(statement("S2", 1, 1))
    told = restored(world, line(world), line(world, session="N1"))
    assert (told.restored, told.stale, told.unknown, told.rejected) == (2, 0, 1, 0)
    assert world.left("S1") == {"2": 3, "any": 3}
    world.state(statement("S1", 2, 8))
    told = restored(world, line(world))
    assert (told.restored, told.stale) == (0, 1)
    assert world.left("S1") == {"2": 2, "any": 2}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"received_at": "yesterday"}, "received_at"),
        ({"received_at": "2026-11-22T18:25:00"}, "received_at"),
        ({"received_at": None}, "received_at"),
        ({"producer": 3}, "producer"),
        ({"sources": []}, "sources"),
        ({"sources": "one"}, "sources"),
        ({"sources": ["one", 2]}, "sources"),
        ({"settled": 3}, "settled"),
        ({"sequence": -1}, "sequence"),
    ],
)
def test_line_of_an_export_is_rejected_with_its_number_and_field(changes: dict[str, Any], field: str) -> None:
    stored = statement("S1", 3, 7) | {"received_at": "2026-11-22T18:25:00Z", "producer": "p"}
    found = parse_document(orjson.dumps(stored | changes), 4, NOW)
    assert isinstance(found, Rejection)
    assert (found.line, found.field) == (4, field)
    assert found.reason


def test_line_of_an_export_has_the_fields_of_the_ledger_and_no_others(world: World) -> None:
    document = line(world, sources=["one"], settled="one", colour="red")
    assert (document["session_key"], document["sources"], document["settled"]) == (key_of("S1"), ["one"], "one")
    assert "colour" not in document


def comparison(world: World) -> Comparison:
    world.refresh()
    return world.fake.run(compare(NAMES, lambda _: None))


def test_ledger_and_offers_agree_after_every_statement(world: World) -> None:
    world.state(statement("S1", 3, 7), statement("N1", 1, 1))
    found = comparison(world)
    assert (found.statements, found.waiting, found.differ, found.lag_seconds) == (2, 1, 0, 0.0)


@pytest.mark.parametrize("sequence", [6, 8])
def test_offer_with_another_figure_than_the_ledger_differs(world: World, sequence: int) -> None:
    world.state(statement("S1", 3, 7))
    seats = [{"funder": "2", "available": 3, "sequence": sequence, "observed_at": "x"}]
    session = {"id": "S1", "key": key_of("S1"), "seats": seats}
    offer = {"source": "one", "funder": ["2"], "sessions": [session], "session_keys": [session["key"]],
             "purchases": ["?"]}  # fmt: skip
    world.fake.put("x-offers-1", {"A1": offer})
    found = comparison(world)
    assert (found.statements, found.differ) == (1, 1)
    assert found.lag_seconds > 0


def test_what_differs_is_looked_at_again_before_it_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.state(statement("S1", 3, 7))
    world.offer("A1", "S1")  # as if the figure had not been projected yet
    monkeypatch.setattr(comparing, "SUSPECTS_AT_ONCE", 1)

    def project_meanwhile(asked: Any) -> None:
        if asked.path.endswith("offers/_refresh"):
            world.fake.interfere = None
            world.load("A1", "S1")

    world.fake.interfere = project_meanwhile
    assert comparison(world).differ == 0
