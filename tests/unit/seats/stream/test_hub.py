"""Who gets which change of a figure, in which order, and how much is kept for those who are slow."""

import random
from collections.abc import Sequence

import pytest

from seats.hub import EVENTS_AT_ONCE, Hub, Subscription
from seats.ledger.follower import Change

FUNDERS = ("2", "4", "16")


class Room:
    """A hub whose events are the text ``number:key:funder:sequence;``; counts how often one was encoded."""

    def __init__(self) -> None:
        self.encoded = 0
        self.woken: list[str] = []
        self.hub = Hub(self._encode)

    def _encode(self, row: Change) -> bytes:
        self.encoded += 1
        told = row.statement
        return f"{row.number}:{told['session_key']}:{told['funder']}:{told['sequence']};".encode()

    def subscribe(self, *keys: str, name: str = "one", held: bool = False) -> Subscription:
        return self.hub.subscribe(keys, lambda: self.woken.append(name), held=held)


def change(number: int, key: str, sequence: int, funder: str = "2") -> Change:
    told = {"session": f"number of {key}", "session_key": key, "funder": funder, "sequence": sequence}
    return Change(number, told)


def taken(subscription: Subscription) -> list[str]:
    return subscription.take().decode().split(";")[:-1]


def test_a_change_goes_to_those_who_want_its_session_and_is_encoded_once_for_all() -> None:
    room = Room()
    one, two, three = room.subscribe("a", "b"), room.subscribe("b", name="two"), room.subscribe("c", name="three")
    room.hub.publish([change(1, "b", 7), change(2, "z", 1)])
    assert room.encoded == 1
    assert room.woken.count("one") == room.woken.count("two") == 1
    assert "three" not in room.woken
    assert taken(one) == taken(two) == ["1:b:2:7"]
    assert taken(three) == taken(one) == []


def test_a_session_is_found_by_its_number_too_and_told_once_to_who_named_both() -> None:
    room = Room()
    one, both = room.subscribe("number of a"), room.subscribe("a", "number of a", name="both")
    room.hub.publish([change(1, "a", 1)])
    assert taken(one) == taken(both) == ["1:a:2:1"]


def test_what_a_slow_client_has_not_taken_is_kept_once_a_session_and_funder() -> None:
    room = Room()
    slow = room.subscribe("a", "b")
    room.hub.publish(change(number, "ab"[number % 2], number, FUNDERS[number % 3]) for number in range(10_000))
    assert [row.split(":")[0] for row in taken(slow)] == [str(number) for number in range(9_994, 10_000)]


def test_events_are_taken_in_the_order_of_their_numbers_so_that_a_client_can_resume_after_any() -> None:
    room = Room()
    one = room.subscribe("a", "b")
    room.hub.publish([change(1, "a", 1), change(2, "b", 1), change(3, "a", 2)])
    assert taken(one) == ["2:b:2:1", "3:a:2:2"]


def test_many_events_are_taken_in_parts() -> None:
    room = Room()
    keys = [f"k{n}" for n in range(EVENTS_AT_ONCE + 5)]
    one = room.subscribe(*keys)
    room.hub.publish(change(number, key, 1) for number, key in enumerate(keys))
    assert [len(taken(one)) for _ in range(3)] == [EVENTS_AT_ONCE, 5, 0]


@pytest.mark.parametrize("late", [6, 7])
def test_a_figure_never_goes_back_nor_is_repeated(late: int) -> None:
    room = Room()
    one = room.subscribe("a")
    room.hub.publish([change(9, "a", 7)])
    room.hub.publish([change(9, "a", late)])
    assert taken(one) == ["9:a:2:7"]
    room.woken.clear()
    room.hub.publish([change(9, "a", late)])
    assert (taken(one), room.woken) == ([], [])
    room.hub.publish([change(10, "a", 1, funder="4")])
    assert taken(one) == ["10:a:4:1"]


def test_nothing_is_given_before_what_came_earlier() -> None:
    room = Room()
    one = room.subscribe("a", "b", "c", held=True)
    room.hub.publish([change(8, "a", 8), change(9, "b", 9)])
    assert (taken(one), room.woken) == ([], [])
    earlier = [change(3, "c", 3), change(4, "a", 4)]
    one.catch_up(map(room.hub.to_event, earlier))
    assert room.woken
    assert taken(one) == ["3:c:2:3", "8:a:2:8", "9:b:2:9"]


def test_a_client_that_missed_nothing_is_no_longer_held_back() -> None:
    room = Room()
    one = room.subscribe("a", held=True)
    one.catch_up([])
    assert room.woken == []
    room.hub.publish([change(1, "a", 1)])
    assert taken(one) == ["1:a:2:1"]


def test_whoever_leaves_leaves_nothing_behind() -> None:
    room = Room()
    all_of_them = [room.subscribe("a", "b"), room.subscribe("b", "c", name="two"), room.subscribe("b", name="three")]
    assert (len(room.hub), room.hub.sessions) == (3, 3)
    room.hub.unsubscribe(all_of_them[1])
    room.hub.publish([change(1, "b", 1), change(2, "c", 1)])
    assert (sorted(room.woken), room.encoded) == (["one", "three"], 1)
    room.hub.unsubscribe(all_of_them[0])
    room.hub.unsubscribe(all_of_them[2])
    assert (len(room.hub), room.hub.sessions) == (0, 0)
    room.hub.publish([change(3, "b", 2)])
    assert room.encoded == 1


def test_readers_of_any_speed_end_with_the_newest_figures() -> None:
    """Random changes, random takers that come and go: sequences only rise, and the last one taken is the highest."""
    rng = random.Random(3)
    room = Room()
    keys = [f"k{n}" for n in range(6)]
    readers = [(room.subscribe(*rng.sample(keys, 3)), dict[str, int]()) for _ in range(8)]
    highest: dict[str, int] = {}
    for number in range(2_000):
        pair_key, funder, sequence = rng.choice(keys), rng.choice(FUNDERS), rng.randint(0, 500)
        pair = f"{pair_key}:{funder}"
        if sequence > highest.get(pair, -1):  # the ledger takes nothing else
            highest[pair] = sequence
            room.hub.publish([change(number, pair_key, sequence, funder)])
        reader, seen = rng.choice(readers)
        note(taken(reader), seen)
    for reader, seen in readers:
        note(taken(reader), seen)
        wanted = {pair: sequence for pair, sequence in highest.items() if pair.partition(":")[0] in reader.keys}
        assert seen == wanted


def note(rows: Sequence[str], seen: dict[str, int]) -> None:
    for row in rows:
        _, key, funder, sequence = row.split(":")
        assert int(sequence) > seen.get(f"{key}:{funder}", -1)
        seen[f"{key}:{funder}"] = int(sequence)
