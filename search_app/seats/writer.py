"""Writes the statements of all requests of this process, and repairs what it or another process left incomplete."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final

from search_app.base.background import PeriodicTask, TaskHealth
from search_app.base.deadline import deadline
from search_app.base.errors import AppError, EngineTimeout
from search_app.search.engine.offers import OffersEngine
from seats.ledger.history import ensure_indices
from seats.ledger.store import fetch_checkpoint
from seats.projection.frozen import let_live_index_go
from seats.projection.markers import Marker, heal
from seats.projection.write import Cutoff, replay
from seats.statements.forms import Entry
from seats.statements.producers import Producer
from seats.statements.record import record_batch
from seats.statements.tally import SeatsAnswer

logger = logging.getLogger(__name__)
AT_ONCE: Final = 4  # batches of all requests in writing at the same time: the engine has no more cores to use
TICK: Final = 2.0  # seconds between looks at incomplete work
IDLE: Final = 5.0  # seconds after the last statement until the marker is removed
NOT_IN_TIME: Final = (
    "Le moteur de recherche n’a pas enregistré ces places à temps. Envoyez-les de nouveau dans un instant."
)


class SeatsWriter:
    """The writer of one app process; ``seats.projection.markers`` describes what a crash leaves behind and who repairs
    it.

    The marker's checkpoint advances in generations: a checkpoint read at some moment may be put into the marker once
    every batch that had begun by then is finished.
    """

    def __init__(self, engine: OffersEngine, cutoff: Cutoff, seconds: float, replicas: int) -> None:
        self._engine = engine
        self._replicas = replicas  # of an index that is created for statements, as each week
        self._seconds = seconds  # seconds that a batch may take, and may wait while no other batch makes progress
        self._last_stored = float("-inf")
        self._cutoff = cutoff
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._opening = asyncio.Lock()
        self._marker = Marker(engine.names)
        self._marked: int | None = None  # the checkpoint in the marker; None while there is no marker
        self._failed = False
        self._generation = 0
        self._under_way: Counter[int] = Counter()  # batches by the generation in which they began
        # a later checkpoint and the generation that must finish before it is valid
        self._next: tuple[int, int] | None = None
        self._last_used = 0.0
        self._week = ""
        health = TaskHealth("seats_writer", "what statements left undone is not looked after")
        self.periodic = PeriodicTask(health, self._look_after, longest=TICK)

    def start(self) -> None:
        """Start the repair task; needs a running event loop."""
        self.periodic.start()

    async def close(self) -> None:
        """Remove the marker if all work is finished; does not wait for unfinished work."""
        await self.periodic.close()
        if self._marked is not None and not self._failed and not self._under_way:
            try:
                await self._engine.run(self._marker.remove(), self._seconds)
            except AppError as error:
                logger.warning("the marker of seat statements stays: %s", error)

    async def record(self, entries: Sequence[tuple[int, Entry]], producer: Producer, answer: SeatsAnswer) -> None:
        """Record a batch; on return it is durable and about to be searchable. Raises EngineError.

        After an error part of it may be stored: a repetition is then stale, and nothing is done twice.
        """
        begun = time.monotonic()
        try:
            await self._take_turn(begun)
            try:
                await self._write(self._limit(begun), entries, producer, answer)
            finally:
                self._slots.release()
        except TimeoutError as error:
            raise EngineTimeout(NOT_IN_TIME) from error
        self._last_stored = time.monotonic()

    def _limit(self, begun: float) -> float:
        """Return the time until which a batch may wait or work: progress of other batches shows that the engine
        answers.
        """
        return max(begun, self._last_stored) + self._seconds

    async def _take_turn(self, begun: float) -> None:
        while True:
            limit = self._limit(begun)
            try:
                async with asyncio.timeout(limit - time.monotonic()):
                    await self._slots.acquire()
                return
            except TimeoutError:
                if self._limit(begun) <= limit:
                    raise

    async def _write(
        self, limit: float, entries: Sequence[tuple[int, Entry]], producer: Producer, answer: SeatsAnswer
    ) -> None:
        with deadline(limit):
            async with asyncio.timeout(limit - time.monotonic()), self._marking():
                now = datetime.now(UTC)
                await self._engine.run(record_batch(self._engine.names, entries, now, producer, answer, self._cutoff))

    @asynccontextmanager
    async def _marking(self) -> AsyncIterator[None]:
        await self._open()
        generation = self._generation
        self._under_way[generation] += 1
        try:
            yield
        except BaseException:
            self._failed = True
            raise
        finally:
            self._under_way[generation] -= 1
            self._under_way += Counter()  # drops the generations that are finished
            self._last_used = time.monotonic()

    async def _open(self) -> None:
        """Create missing indices and put the marker before the first statement is written."""
        now = datetime.now(UTC)
        week = self._engine.names.seats_history(now.isoformat())
        if self._marked is not None and week == self._week:
            return
        async with self._opening:
            if week != self._week:
                await self._engine.run(ensure_indices(self._engine.names, now, self._replicas))
                self._week = week
            if self._marked is None:
                checkpoint = await self._engine.run(fetch_checkpoint(self._engine.names.ledger))
                await self._engine.run(self._marker.put(checkpoint))
                self._marked, self._next = checkpoint, None
                self._last_used = time.monotonic()

    async def _look_after(self) -> float:
        """Look once for incomplete work; return the seconds until the next look. Raises AppError."""
        healed = await self._engine.run(heal(self._engine.names, self._cutoff))
        if await self._engine.run(let_live_index_go(self._engine.names)):
            logger.warning("a rebuild was ended between freeze and swap: searches show new figures again")
        if healed:
            logger.warning("seat statements of %d writers who are gone were projected again", healed)
        if self._marked is not None:
            await self._move_on()
        return TICK

    async def _move_on(self) -> None:
        """Repair failed batches, advance the marker's checkpoint, or remove the marker when no statement has come for a
        while.
        """
        async with self._opening:
            if self._marked is None:
                return
            engine, names = self._engine, self._engine.names
            if self._failed:
                self._failed = False
                try:
                    await engine.run(replay(names.ledger, names.offers, self._marked, self._cutoff))
                except BaseException:
                    self._failed = True
                    raise
            if not self._under_way and not self._failed and time.monotonic() - self._last_used > IDLE:
                self._marked = None  # first: a batch that arrives meanwhile waits, and puts the marker again
                await engine.run(self._marker.remove(), self._seconds)
                return
            if self._failed:
                self._next = None
            elif self._next is not None and not any(begun <= self._next[1] for begun in self._under_way):
                self._marked, self._next = self._next[0], None
            await engine.run(self._marker.put(self._marked), self._seconds)
            if self._next is None and not self._failed:
                later = await engine.run(fetch_checkpoint(names.ledger), self._seconds)
                self._next = (later, self._generation)
                self._generation += 1
