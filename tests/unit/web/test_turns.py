"""Exports work one at a time, for some milliseconds, and everybody else's work is done in between."""

import asyncio
from collections.abc import Iterator
from itertools import pairwise

from search_app.base.turns import ROUNDS, Turns


def test_between_two_turns_of_any_exports_the_loop_goes_round() -> None:
    async def run() -> None:
        turns, rounds, gaps = Turns(seconds=0), [0], []
        loop = asyncio.get_running_loop()

        def go_round() -> None:
            rounds[0] += 1
            loop.call_soon(go_round)

        async def export() -> None:
            for _ in range(5):
                await turns.take()
                gaps.append(rounds[0])
                assert turns.spent()

        loop.call_soon(go_round)
        await asyncio.gather(*(export() for _ in range(8)))
        assert len(gaps) == 40
        assert min(b - a for a, b in pairwise(gaps)) >= ROUNDS

    asyncio.run(run())


def test_turns_are_given_in_the_order_in_which_they_were_asked_for() -> None:
    async def run() -> None:
        turns, given = Turns(seconds=0), []

        async def export(name: str) -> None:
            for _ in range(3):
                await turns.take()
                given.append(name)

        await asyncio.gather(*map(export, "abc"))
        assert "".join(given) == "abcabcabc"

    asyncio.run(run())


def test_who_leaves_the_queue_holds_up_no_one() -> None:
    async def run() -> None:
        turns = Turns(seconds=0)
        waiting = [asyncio.create_task(turns.take()) for _ in range(4)]
        await asyncio.sleep(0)
        for task in waiting[:3]:
            task.cancel()
        await asyncio.wait_for(waiting[3], 5)
        await asyncio.wait_for(turns.take(), 5)

    asyncio.run(run())


def test_a_turn_is_not_spent_at_once() -> None:
    async def run() -> bool:
        turns = Turns(seconds=60)
        await turns.take()
        return turns.spent()

    assert asyncio.run(run()) is False


def test_parts_made_in_turns_let_others_work_and_are_all_there() -> None:
    others = [0]

    def parts() -> Iterator[int]:
        for number in range(10):
            yield number * 100 + others[0]

    async def run() -> list[int]:
        async def other() -> None:
            while True:
                others[0] += 1
                await asyncio.sleep(0)

        beside = asyncio.create_task(other())
        made = await Turns(seconds=0).make(parts())
        beside.cancel()
        return made

    made = asyncio.run(run())
    assert [number // 100 for number in made] == list(range(10))
    assert len({number % 100 for number in made}) == 10
