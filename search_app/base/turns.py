"""Scheduling of exports on the event loop: one export works at a time, for a few milliseconds.

If eight exports each yielded after 5 ms, a ping could still wait 40 ms in each iteration of the loop. Therefore exports
queue for one turn, and between two turns the loop runs some iterations, which serve everything that arrived meanwhile.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from typing import Final, TypeVar

# seconds of work; longer turns delay other requests more, shorter ones slow exports more (decision 0011)
TURN_SECONDS: Final = 0.004
ROUNDS: Final = 4  # loop iterations between two turns: reading, serving and answering a request takes three

Made = TypeVar("Made")


class Turns:
    """First-come, first-served queue of turns; the holder of a turn calls ``spent`` often."""

    def __init__(self, seconds: float = TURN_SECONDS) -> None:
        self._seconds = seconds
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._ends = 0.0
        self._given = False  # or about to be given

    async def take(self) -> None:
        """Wait for a turn; to be called again after any other ``await``, because the turn is over then."""
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()
        self._waiting.append(waiter)
        if not self._given:
            self._given = True
            loop.call_soon(self._give)
        await waiter
        self._ends = time.perf_counter() + self._seconds

    def spent(self) -> bool:
        """Tell whether the turn is used up."""
        return time.perf_counter() >= self._ends

    async def make(self, parts: Iterable[Made]) -> list[Made]:
        """Return all parts, computed in turns."""
        made: list[Made] = []
        await self.take()
        for part in parts:
            made.append(part)
            if self.spent():
                await self.take()
        return made

    def _give(self) -> None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():  # cancelled: the client disconnected
                waiter.set_result(None)
                # Runs after the turn, which ``set_result`` has already queued on the loop.
                asyncio.get_running_loop().call_soon(self._go_round, ROUNDS)
                return
        self._given = False

    def _go_round(self, rounds: int) -> None:
        loop = asyncio.get_running_loop()
        if rounds:
            loop.call_soon(self._go_round, rounds - 1)
        else:
            self._give()
