"""What is read of the ledger's log, against a log whose searches show numbers before earlier ones."""

import random
from collections.abc import Mapping
from typing import Any, TypeVar

from engine.requests import Request, Steps
from seats.ledger.follower import fetch_end, fetch_news, fetch_since
from seats.ledger.store import SESSIONS_AT_ONCE

Answer = TypeVar("Answer")


class FakeLedger:
    """A ledger in memory: documents by session key, the numbers still being written, and what a search can find."""

    def __init__(self) -> None:
        self.written: dict[str, int] = {}
        self.in_flight: set[int] = set()
        self.found: dict[str, int] = {}
        self.next = 0
        self.asked: list[str] = []

    def write(self, key: str) -> int:
        number = self.next
        self.next += 1
        self.written[key] = number
        return number

    def run(self, steps: Steps[Answer]) -> Answer:
        answer: Any = None
        while True:
            try:
                request = steps.send(answer)
            except StopIteration as end:
                result: Answer = end.value
                return result
            answer = self.answer(request)

    def answer(self, request: Request) -> Any:
        name = request.path.rpartition("/")[2]
        self.asked.append(name)
        if name == "_stats":
            copy = {
                "routing": {"primary": True},
                "seq_no": {"local_checkpoint": min(self.in_flight, default=self.next) - 1},
            }
            return {"indices": {"seats": {"shards": {"0": [copy]}}}}
        if name == "_refresh":
            self.found = {key: number for key, number in self.written.items() if number not in self.in_flight}
            return {}
        assert request.params == {"preference": "_primary", "allow_partial_search_results": "false"}
        assert isinstance(request.body, Mapping)
        return {"hits": {"hits": list(self._hits(request.body))}}

    def _hits(self, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        filters = body["query"]["bool"]["filter"]
        numbers = next(each["range"]["_seq_no"] for each in filters if "range" in each)
        named = next((each["bool"]["should"] for each in filters if "bool" in each), None)
        keys = None if named is None else named[0]["terms"]["session_key"]
        found = sorted((number, key) for key, number in self.found.items())
        return [
            {"sort": [number], "_source": {"session_key": key}}
            for number, key in found
            if numbers["gt"] < number <= numbers["lte"] and (keys is None or key in keys)
        ][: body["size"]]


def test_a_log_that_did_not_grow_costs_one_call() -> None:
    ledger = FakeLedger()
    ledger.write("a")
    assert ledger.run(fetch_news("seats", 0)).checkpoint == 0
    assert ledger.asked == ["_stats"]


def test_a_number_that_is_still_being_written_is_waited_for_by_those_after_it() -> None:
    ledger = FakeLedger()
    ledger.in_flight = {ledger.write("a")}
    ledger.write("b")
    news = ledger.run(fetch_news("seats", -1))
    assert (list(news.changes), news.checkpoint) == ([], -1)
    ledger.in_flight = set()
    news = ledger.run(fetch_news("seats", news.checkpoint))
    assert [change.number for change in news.changes] == [0, 1]


def test_a_long_log_is_read_in_pages() -> None:
    ledger = FakeLedger()
    for number in range(4_500):
        ledger.write(f"k{number}")
    sizes, after, more = [], -1, True
    while more:
        news = ledger.run(fetch_news("seats", after))
        sizes.append(len(news.changes))
        after, more = news.checkpoint, news.more
    assert (sizes, after) == ([2_000, 2_000, 500], 4_499)


def test_a_log_that_is_shorter_than_it_was_is_read_from_its_beginning() -> None:
    ledger = FakeLedger()
    ledger.write("a")
    news = ledger.run(fetch_news("seats", 700))
    assert [change.number for change in news.changes] == [0]
    assert news.checkpoint == 0


def test_whatever_the_moment_every_last_figure_is_read_once_and_in_order() -> None:
    rng = random.Random(5)
    ledger, seen, after = FakeLedger(), list[tuple[int, str]](), -1
    for _ in range(400):
        for _ in range(rng.randint(0, 4)):
            number = ledger.write(f"k{rng.randint(0, 30)}")
            if rng.random() < 0.3:
                ledger.in_flight.add(number)
        for number in list(ledger.in_flight):
            if rng.random() < 0.5:
                ledger.in_flight.discard(number)
        news = ledger.run(fetch_news("seats", after))
        seen += [(change.number, change.statement["session_key"]) for change in news.changes]
        after = news.checkpoint
    ledger.in_flight = set()
    seen += [
        (change.number, change.statement["session_key"]) for change in ledger.run(fetch_news("seats", after)).changes
    ]
    assert seen == sorted(set(seen))
    assert {(number, key) for key, number in ledger.written.items()} <= set(seen)


def test_what_a_client_missed_is_that_of_its_sessions_and_up_to_where_it_is_told_the_rest() -> None:
    ledger = FakeLedger()
    for key in ("a", "b", "c", "a", "d"):
        ledger.write(key)
    checkpoint = ledger.run(fetch_end("seats"))
    ledger.write("b")
    assert checkpoint == 4
    missed = ledger.run(fetch_since("seats", ["a", "b", "d"], 1, checkpoint))
    assert [(change.number, change.statement["session_key"]) for change in missed] == [(3, "a"), (4, "d")]


def test_more_sessions_than_one_question_holds_are_asked_in_parts_and_told_in_order() -> None:
    ledger = FakeLedger()
    keys = [f"k{n}" for n in range(SESSIONS_AT_ONCE + 50)]
    for key in reversed(keys):
        ledger.write(key)
    missed = ledger.run(fetch_since("seats", keys, -1, ledger.run(fetch_end("seats"))))
    assert [change.number for change in missed] == list(range(len(keys)))
    assert ledger.asked.count("_search") == 2


def test_a_number_ahead_of_this_process_missed_nothing_and_one_of_another_log_missed_all() -> None:
    ledger = FakeLedger()
    for key in ("a", "b"):
        ledger.write(key)
    ledger.run(fetch_end("seats"))
    assert ledger.run(fetch_since("seats", ["a", "b"], 1, 0)) == []
    assert len(ledger.run(fetch_since("seats", ["a", "b"], 50, 1))) == 2
