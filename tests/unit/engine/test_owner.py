"""Whose process a lock is, and by which clock it was silent for too long."""

import os
import socket
from datetime import UTC, datetime, timedelta

import pytest

from engine import owner
from engine.lease import Holder, engine_time, fetch_time
from engine.owner import Owner

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_a_process_that_lives_is_not_dead_and_one_of_its_number_that_began_otherwise_is() -> None:
    mine = Owner.of_this_process()
    assert Owner.parse(str(mine)) == mine
    assert not mine.is_dead()
    assert Owner(mine.host, mine.pid, "1").is_dead()
    assert mine.machine == socket.gethostname()


def test_the_same_number_in_another_namespace_is_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = Owner.of_this_process()
    for elsewhere in (f"{socket.gethostname()}@boot/pid:[1]", "other", f"{mine.host}1"):
        assert not Owner(elsewhere, mine.pid, "1").is_dead()
    monkeypatch.setattr(owner, "_here", lambda: f"{socket.gethostname()}@boot/pid:[2]")
    assert not Owner(mine.host, os.getpid(), "1").is_dead()


@pytest.mark.parametrize(("seconds", "over"), [(-1, True), (1, False)])
def test_the_time_that_is_given_decides(seconds: int, over: bool) -> None:
    document = {"name": "x", "owner": "elsewhere 1 1", "until": (NOW + timedelta(seconds=seconds)).isoformat()}
    assert Holder.of(document, NOW).is_over is over


def test_the_time_is_the_engine_s() -> None:
    answer = {"aggregations": {"clock": {"buckets": [{"from": NOW.timestamp() * 1_000}]}}}
    assert engine_time(answer) == NOW
    steps = fetch_time("locks")
    assert next(steps).path == "/locks/_search"
    with pytest.raises(StopIteration) as end:
        steps.send(answer)
    assert end.value.value == NOW


def test_without_an_index_of_locks_the_time_is_ours() -> None:
    assert abs(engine_time({"hits": {"hits": []}}) - datetime.now(UTC)) < timedelta(minutes=1)
