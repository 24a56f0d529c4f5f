"""Statements taken in over an engine in memory: ledger first, then offers, whatever comes late, twice or in between."""

from itertools import permutations
from typing import Any

import pytest

from engine.errors import EngineFull, EngineUnreachable, NotStored
from engine.fake import Asked, busy, full, lost
from mappings.keys import key_of
from seats.ledger.store import ledger_id
from seats.projection.markers import Marker, heal
from seats.projection.write import replay
from tests.unit.seats.seats_world import NAMES, ONE, TWO, World, statement

HIGH = 1_700_000_000_000_000


@pytest.fixture
def world() -> World:
    made = World()
    made.offer("A1", "S1", "S2", funders=("2", "4"))
    return made


def test_statement_is_in_ledger_and_offer_when_it_is_answered(world: World) -> None:
    assert world.state(statement("S1", 3, 7)) == (1, 0, 0)
    assert world.kept("S1") == [(7, 3, None, None)]
    assert (world.left("S1"), world.left("S2")) == ({"2": 3, "any": 3}, None)
    (document,) = world.fake.documents(NAMES.ledger).values()
    assert (document["producer"], document["session_key"]) == ("command", key_of("S1"))


@pytest.mark.parametrize("order", [*permutations([(7, 3), (8, 2), (9, 0)])])
def test_highest_sequence_wins_in_any_order_of_arrival(world: World, order: Any) -> None:
    told = [world.state(statement("S1", available, sequence)) for sequence, available in order]
    newest = [max(pair[0] for pair in order[: n + 1]) == order[n][0] for n in range(3)]
    assert told == [(1, 0, 0) if fresh else (0, 1, 0) for fresh in newest]
    assert world.left("S1") == {"2": 0, "any": 0}
    assert world.kept("S1") == [(9, 0, None, None)]


def test_equal_sequence_is_stale_and_told_if_it_says_something_else(world: World) -> None:
    world.state(statement("S1", 3, 7))
    assert world.state(statement("S1", 3, 7)) == (0, 1, 0)
    answer = world.answer(statement("S1", 5, 7))
    assert (answer["accepted"], answer["stale"]) == (0, 1)
    assert [(row["line"], row["known_sequence"]) for row in answer["stale_reasons"]] == [(1, 7)]
    assert world.left("S1") == {"2": 3, "any": 3}


def test_funders_are_figures_of_their_own_and_a_withdrawn_one_is_unknown_again(world: World) -> None:
    assert world.state(statement("S1", 3, 1), statement("S1", 5, 1, funder="4"), statement("S1", 9, 1, "16")) == (
        3,
        0,
        0,
    )
    assert world.left("S1") == {"2": 3, "4": 5, "any": 9}  # a statement adds no funder to the offer
    assert world.state(statement("S1", None, 2), statement("S1", None, 2, "16")) == (2, 0, 0)
    assert world.left("S1") == {"4": 5, "any": 5}


def test_figures_observed_before_the_cutoff_are_kept_and_do_not_count(world: World) -> None:
    world.cutoff = "2026-11-22T18:25:01Z"
    world.state(statement("S1", 3, 1))
    assert (world.kept("S1"), world.left("S1")) == ([(1, 3, None, None)], {})


def test_statement_for_a_session_of_no_offer_is_kept_until_one_has_it(world: World) -> None:
    assert world.state(statement("N1", 4, 7)) == (1, 0, 1)
    assert world.left("N1") is None
    world.load("A2", "N1")
    assert world.left("N1") == {"2": 4, "any": 4}


def test_producer_states_only_sessions_of_its_sources(world: World) -> None:
    answer = world.answer(statement("S1", 3, 7), statement("S2", 1, 7), producer=TWO)
    assert (answer["accepted"], [row["line"] for row in answer["rejected"]]) == (0, [1, 2])
    assert "cette session est de la source one ; ce jeton vaut pour : two" in answer["rejected"][0]["reason"]
    assert world.kept("S1") == []
    assert world.state(statement("S1", 3, 7), producer=ONE) == (1, 0, 0)
    assert world.kept("S1") == [(7, 3, ["one"], "one")]


def test_statements_before_their_session_wait_apart_by_rights_and_only_the_rightful_one_counts(world: World) -> None:
    assert world.state(statement("N1", 99, HIGH), producer=TWO) == (1, 0, 1)
    assert world.state(statement("N1", 5, 7), producer=ONE) == (1, 0, 1)
    assert world.state(statement("N1", 4, 6), producer=ONE) == (0, 1, 0)
    world.load("A2", "N1", source="one")
    assert world.left("N1") == {"2": 5, "any": 5}
    assert world.kept("N1") == [(7, 5, ["one"], "one"), (HIGH, 99, ["two"], None)]
    assert world.state(statement("N1", 3, 8), producer=ONE) == (1, 0, 0)
    assert world.left("N1") == {"2": 3, "any": 3}


def test_what_lost_its_right_with_the_session_makes_way_and_waits(world: World) -> None:
    world.state(statement("S1", 9, 900), producer=ONE)
    world.offer("A1", "S2")
    world.offer("B1", "S1", source="two")
    assert world.state(statement("S1", 4, 3), producer=TWO) == (1, 0, 0)
    assert world.left("S1") == {"2": 4, "any": 4}
    assert world.kept("S1") == [(3, 4, ["two"], "two"), (900, 9, ["one"], None)]


def test_batch_waits_for_an_engine_without_room_and_is_stored_once(world: World) -> None:
    world.state(statement("S2", 1, 1))
    world.fake.interfere = busy(2)
    assert world.state(statement("S1", 3, 7)) == (1, 0, 0)
    assert world.fake.pauses == [0.1, 0.3]
    assert world.left("S1") == {"2": 3, "any": 3}


def test_full_disk_is_an_error_of_its_own_and_nothing_is_in_the_offers(world: World) -> None:
    world.fake.interfere = full(1)
    with pytest.raises(EngineFull):
        world.state(statement("S1", 3, 7))
    assert (world.kept("S1"), world.left("S1")) == ([], None)
    world.fake.interfere = busy(99)
    with pytest.raises(NotStored) as refusal:
        world.state(statement("S1", 3, 7))
    assert not isinstance(refusal.value, EngineFull)
    world.fake.interfere = None
    assert world.state(statement("S1", 3, 7)) == (1, 0, 0)


def fail_projection(world: World) -> None:
    """Lose every request that writes into the offers, as long as it is tried."""
    losing = lost(99)
    world.fake.interfere = lambda asked: losing(asked) if "offers" in asked.path else None


def test_repeated_statement_mends_what_was_left_out_of_the_offers(world: World) -> None:
    fail_projection(world)
    with pytest.raises(EngineUnreachable):
        world.state(statement("S1", 3, 7))
    assert (world.kept("S1"), world.left("S1")) == ([(7, 3, None, None)], None)
    world.fake.interfere = None
    assert world.state(statement("S1", 3, 7)) == (0, 1, 0)
    assert world.left("S1") == {"2": 3, "any": 3}


def test_writer_that_died_is_healed_from_its_checkpoint_on(world: World) -> None:
    world.state(statement("S2", 1, 1))
    fail_projection(world)
    with pytest.raises(EngineUnreachable):
        world.state(statement("S1", 3, 7))
    world.fake.interfere = None
    world.refresh()
    (marker,) = world.fake.documents(NAMES.locks).values()
    assert marker["checkpoint"] == 0  # of the ledger before this batch: S2 alone was in it
    assert world.fake.run(heal(NAMES, lambda: "")) == 0  # this process lives
    world.fake.put(NAMES.locks, {marker["name"]: marker | {"until": "2026-11-23T11:59:59+00:00"}})
    assert world.fake.run(heal(NAMES, lambda: "")) == 1
    assert world.left("S1") == {"2": 3, "any": 3}
    assert world.fake.documents(NAMES.locks) == {}


def test_the_earliest_checkpoint_of_the_dead_is_that_from_which_they_are_healed(world: World) -> None:
    for number in range(4):
        world.state(statement(f"N{number}", number, 1))
    for checkpoint in (2, 0):
        world.fake.run(Marker(NAMES).put(checkpoint))
    world.offer("A2", *(f"N{number}" for number in range(4)))
    world.refresh()
    for key, marker in world.fake.documents(NAMES.locks).items():
        world.fake.put(NAMES.locks, {key: marker | {"until": "2000-01-01T00:00:00+00:00"}})
    assert world.fake.run(heal(NAMES, lambda: "")) == 2
    assert [world.left(f"N{number}") for number in range(4)] == [None, *({"2": n, "any": n} for n in (1, 2, 3))]


def test_replay_begins_after_the_checkpoint_and_returns_the_last_number(world: World) -> None:
    for number in range(3):
        world.state(statement(f"N{number}", number, 1))
    world.offer("A2", "N0", "N1", "N2")
    assert world.fake.run(replay(NAMES.ledger, NAMES.offers, 1, lambda: "")) == 2
    assert [world.left(f"N{number}") for number in range(3)] == [None, None, {"2": 2, "any": 2}]
    assert world.fake.run(replay(NAMES.ledger, NAMES.offers, 2, lambda: "")) == 2


@pytest.mark.parametrize(("producer", "most"), [(None, 3), (ONE, 4)])
def test_statements_for_known_sessions_take_few_requests(world: World, producer: Any, most: int) -> None:
    rights = {} if producer is None else {"producer": producer}
    world.state(statement("S1", 1, 1), **rights)
    world.asked()
    assert world.state(*(statement("S1", n, n) for n in range(2, 30)), **rights) == (28, 0, 0)
    sent = [path for path in world.asked() if path.endswith(("_bulk", "_search", "_mget")) and "locks" not in path]
    assert len(sent) == most, sent


def test_ledger_is_written_before_the_offers_are_looked_for(world: World) -> None:
    """A load that brings the session has been seen by then, or sees the figure in the ledger."""
    loaded: list[str] = []

    def load_meanwhile(asked: Asked) -> None:
        if asked.path == "/_bulk" and not loaded:
            loaded.append(asked.path)
            world.load("A2", "N1")

    world.state(statement("S1", 1, 1))
    world.fake.interfere = load_meanwhile
    assert world.state(statement("N1", 5, 7), producer=ONE) == (1, 0, 0)
    assert world.left("N1") == {"2": 5, "any": 5}
    assert world.kept("N1") == [(7, 5, ["one"], "one")]
    assert ledger_id("N1", "2") in world.fake.documents(NAMES.ledger)


def test_marker_that_is_gone_already_is_removed_without_an_error(world: World) -> None:
    """Another process may have healed what this one was slow to end."""
    assert world.fake.run(heal(NAMES, lambda: "")) == 0  # there are no locks at all yet
    world.state(statement("S1", 1, 1))
    marker = Marker(NAMES)
    world.fake.run(marker.put(0))
    world.fake.run(marker.remove())
    world.fake.run(marker.remove())
    assert world.fake.documents(NAMES.locks) == {}


def test_two_that_heal_at_once_both_end_well(world: World) -> None:
    world.state(statement("S1", 1, 1))
    world.fake.run(Marker(NAMES).put(0))
    ((key, marker),) = world.fake.documents(NAMES.locks).items()
    world.fake.put(NAMES.locks, {key: marker | {"until": "2000-01-01T00:00:00+00:00"}})

    def heal_meanwhile(asked: Asked) -> None:
        if asked.method == "DELETE":
            world.fake.interfere = None
            world.fake.run(heal(NAMES, lambda: ""))

    world.fake.interfere = heal_meanwhile
    assert world.fake.run(heal(NAMES, lambda: "")) == 1
    assert world.fake.documents(NAMES.locks) == {}
