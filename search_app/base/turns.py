"""How exports share the event loop with everybody else: one export at a time works, for some milliseconds.

Eight exports that each give way after 5 ms would still let a ping wait for 40 ms a round of the loop. So they queue for
one turn, and between two turns the loop goes round some times, in which all that came in meanwhile is done.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from typing import Final, TypeVar

TURN_SECONDS: Final = 0.004  # of work; longer ones delay others more, shorter ones cost exports more (decision 0011)
ROUNDS: Final = 4  # of the loop between two turns: a request is read, served and answered in three

Made = TypeVar("Made")


class Turns:
    """Hands out turns, first come, first served; whoever works asks ``spent`` often."""

    def __init__(self, seconds: float = TURN_SECONDS) -> None:
        self._seconds = seconds
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._ends = 0.0
        self._given = False  # or about to be

    async def take(self) -> None:
        """Wait for a turn; to be called again after any other wait, for the turn is over then."""
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()
        self._waiting.append(waiter)
        if not self._given:
            self._given = True
            loop.call_soon(self._give)
        await waiter
        self._ends = time.perf_counter() + self._seconds

    def spent(self) -> bool:
        """Whether it is time to let others work."""
        return time.perf_counter() >= self._ends

    async def make(self, parts: Iterable[Made]) -> list[Made]:
        """Return all parts, made in turns."""
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
            if not waiter.done():  # cancelled: its client left
                waiter.set_result(None)
                # Runs after the turn, which the line before has put into the loop's queue.
                asyncio.get_running_loop().call_soon(self._go_round, ROUNDS)
                return
        self._given = False

    def _go_round(self, rounds: int) -> None:
        loop = asyncio.get_running_loop()
        if rounds:
            loop.call_soon(self._go_round, rounds - 1)
        else:
            self._give()
