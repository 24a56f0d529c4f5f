"""One process at a time holds a lease; one that fell silent loses it, by the engine's clock."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from engine import lease as module
from engine.errors import EngineConflict, EngineError
from engine.fake import FakeEngine
from engine.lease import TERM, Lease, LeaseHeld, find_holders
from engine.owner import Owner
from engine.requests import Request
from mappings.loader import load_index_body

LOCKS = "x-locks"
ELSEWHERE = Owner("elsewhere", 7, "1")


@pytest.fixture
def fake() -> FakeEngine:
    made = FakeEngine()
    made.create(LOCKS, load_index_body("locks"))
    return made


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Leases that are written meanwhile are of a process on another machine."""
    with monkeypatch.context() as context:
        context.setattr(Owner, "of_this_process", classmethod(lambda _: ELSEWHERE))
        yield context


def test_a_lease_is_held_until_it_is_given_back(fake: FakeEngine) -> None:
    lease = Lease(LOCKS, "work")
    fake.run(lease.take())
    with pytest.raises(LeaseHeld, match="work is under way already \\(process"):
        fake.run(Lease(LOCKS, "work").take())
    fake.run(Lease(LOCKS, "other").take())
    fake.run(lease.give_back())
    fake.run(Lease(LOCKS, "work").take())


def test_a_silent_owner_loses_the_lease_by_the_clock_of_the_engine(
    fake: FakeEngine, elsewhere: pytest.MonkeyPatch
) -> None:
    first = Lease(LOCKS, "work", checkpoint=41)
    fake.run(first.take())
    elsewhere.undo()
    fake.now += TERM
    with pytest.raises(LeaseHeld, match="process 7 on elsewhere"):
        fake.run(Lease(LOCKS, "work").take())
    fake.now += timedelta(seconds=1)
    second = Lease(LOCKS, "work")
    fake.run(second.take())
    assert second.checkpoint == 41
    with pytest.raises(EngineConflict):
        fake.run(first.renew())
    fake.run(first.give_back())  # leaves it to its new owner
    assert fake.documents(LOCKS)["work"]["owner"] == str(Owner.of_this_process())


def test_a_dead_process_of_this_machine_loses_it_at_once(fake: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = Owner.of_this_process()
    with monkeypatch.context() as context:
        context.setattr(Owner, "of_this_process", classmethod(lambda _: Owner(mine.host, mine.pid, "1")))
        fake.run(Lease(LOCKS, "work").take())
    fake.run(Lease(LOCKS, "work").take())


def test_an_owner_at_work_keeps_the_lease_beyond_its_term(fake: FakeEngine, elsewhere: pytest.MonkeyPatch) -> None:
    lease = Lease(LOCKS, "work")
    fake.run(lease.take())
    fake.now += TERM - timedelta(seconds=1)
    assert fake.run(lease.keep()) is True  # too early to be written
    assert len([asked for asked in fake.requests if asked.method == "PUT"]) == 1
    lease.kept_at -= module.HEARTBEAT
    assert fake.run(lease.keep()) is True
    elsewhere.undo()
    fake.now += timedelta(seconds=2)
    with pytest.raises(LeaseHeld):
        fake.run(Lease(LOCKS, "work").take())


def test_an_owner_that_lost_it_is_told_at_the_next_heartbeat(fake: FakeEngine) -> None:
    lease = Lease(LOCKS, "work")
    fake.run(lease.take())
    fake.put(LOCKS, {"work": {"name": "work", "owner": str(ELSEWHERE), "until": "2999-01-01T00:00:00+00:00"}})
    lease.kept_at -= module.HEARTBEAT
    assert fake.run(lease.keep()) is False


def test_work_left_undone_leaves_its_checkpoint_to_the_next_owner(fake: FakeEngine) -> None:
    fake.run(Lease(LOCKS, "work", checkpoint=7).take())
    lease = Lease(LOCKS, "work")
    with pytest.raises(LeaseHeld):
        fake.run(lease.take())
    first = Lease(LOCKS, "again", checkpoint=7)
    fake.run(first.take())
    fake.run(first.give_back())
    second = Lease(LOCKS, "again")
    fake.run(second.take())
    assert second.checkpoint == 7
    second.checkpoint = None
    fake.run(second.give_back())
    assert "again" not in fake.documents(LOCKS)


def test_of_two_leases_that_exclude_each_other_one_gives_way(fake: FakeEngine) -> None:
    fake.run(Lease(LOCKS, "one").take())
    with pytest.raises(LeaseHeld, match="one is under way already"):
        fake.run(Lease(LOCKS, "two").take(lambda other: other == "one"))
    assert fake.documents(LOCKS).keys() == {"one"}
    fake.run(Lease(LOCKS, "two").take(lambda other: other == "three"))


def test_a_lease_that_is_over_excludes_nothing(fake: FakeEngine, elsewhere: pytest.MonkeyPatch) -> None:
    fake.run(Lease(LOCKS, "one").take())
    elsewhere.undo()
    fake.now += TERM + timedelta(seconds=1)
    fake.run(Lease(LOCKS, "two").take(lambda other: other == "one"))
    assert [(each.name, each.is_over) for each in fake.run(find_holders(LOCKS))] == [("one", True), ("two", False)]


@pytest.mark.parametrize("resent", [False, True], ids=["a later renewal", "the same request again"])
def test_a_renewal_that_was_written_without_an_answer_is_no_loss(fake: FakeEngine, *, resent: bool) -> None:
    lease = Lease(LOCKS, "work", checkpoint=3)
    fake.run(lease.take())
    fake.now += timedelta(seconds=10)
    steps = lease.renew()
    answer = fake.blocking.call(**_call_of(next(steps)))
    write = steps.send(answer)
    fake.blocking.call(**_call_of(write))  # written, but the answer is lost
    if resent:
        with pytest.raises(EngineConflict) as conflict:
            fake.blocking.call(**_call_of(write))
        request = steps.throw(conflict.value)
        while True:
            try:
                request = steps.send(fake.blocking.call(**_call_of(request)))
            except StopIteration:
                break
    else:
        with pytest.raises(EngineError):
            steps.throw(EngineError("no answer"))
        fake.now += timedelta(seconds=10)
        fake.run(lease.renew())
    fake.run(lease.renew())
    with pytest.raises(LeaseHeld):
        fake.run(Lease(LOCKS, "work").take())


@pytest.mark.parametrize("checkpoint", [None, 3])
def test_a_lease_is_given_back_after_a_renewal_without_an_answer(fake: FakeEngine, checkpoint: int | None) -> None:
    lease = Lease(LOCKS, "work", checkpoint)
    fake.run(lease.take())
    steps = lease.renew()
    fake.blocking.call(**_call_of(steps.send(fake.blocking.call(**_call_of(next(steps))))))
    with pytest.raises(EngineError):
        steps.throw(EngineError("no answer"))
    fake.run(lease.give_back())
    later = Lease(LOCKS, "work")
    fake.run(later.take())
    assert later.checkpoint == checkpoint


def test_a_lost_lease_is_not_taken_for_an_unanswered_renewal(fake: FakeEngine, elsewhere: pytest.MonkeyPatch) -> None:
    lease = Lease(LOCKS, "work")
    fake.run(lease.take())
    steps = lease.renew()
    steps.send(fake.blocking.call(**_call_of(next(steps))))
    with pytest.raises(EngineError):
        steps.throw(EngineError("no answer"))  # nor was it written
    fake.now += TERM + timedelta(seconds=1)
    fake.run(Lease(LOCKS, "work").take())
    elsewhere.undo()
    with pytest.raises(EngineConflict):
        fake.run(lease.renew())


def _call_of(request: Request) -> dict[str, Any]:
    return {"method": request.method, "path": request.path, "body": request.body, "params": request.client_params}


def test_two_that_take_over_at_once_are_one(fake: FakeEngine, elsewhere: pytest.MonkeyPatch) -> None:
    fake.run(Lease(LOCKS, "work").take())
    elsewhere.undo()
    fake.now += TERM + timedelta(seconds=1)
    slow, fast = Lease(LOCKS, "work"), Lease(LOCKS, "work")
    steps = slow.take()
    request = next(steps)
    while "if_seq_no" not in request.params:  # up to the write that takes over
        try:
            answer = fake.blocking.call(request.method, request.path, request.body, request.client_params)
        except EngineConflict as error:
            request = steps.throw(error)
        else:
            request = steps.send(answer)
    fake.run(fast.take())
    with pytest.raises(EngineConflict) as conflict:
        fake.blocking.call(request.method, request.path, request.body, request.client_params)
    with pytest.raises(LeaseHeld, match="another process just now"):
        steps.throw(conflict.value)


def test_without_an_index_there_are_no_holders() -> None:
    assert FakeEngine().run(find_holders("none")) == []
