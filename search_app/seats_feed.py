"""Follows the ledger for everyone who looks at seats on this process: one task, only while somebody does."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import Final

from search_app.engine import Engine
from search_app.errors import AppError, NothingLoaded
from seats.follower import Change, fetch_end, fetch_news, fetch_since, keep_rightful
from seats.hub import Hub, Subscription
from seats.ledger import fetch_checkpoint

logger = logging.getLogger(__name__)

POLL_SECONDS: Final = 0.25  # accepted to shown within a second: this, the refresh of the ledger, and the way
BACK_OFF: Final = (0.25, 0.5, 1.0, 2.0, 5.0)  # seconds to the next attempt while the engine fails
SETTLE_SECONDS: Final = 10.0  # a figure in the ledger is in the offers, and found there, within a second or two
SAMPLE_SECONDS: Final = 5.0  # how often the checkpoint is asked for where only pages need it
CATCHING_UP_AT_ONCE: Final = 8  # after a restart all clients come back together; searches need the engine too


class SeatsFeed:
    """Polls the ledger, publishes what is new, and reads for a client what it missed."""

    def __init__(self, engine: Engine, encode: Callable[[Change], bytes]) -> None:
        self.hub = Hub(encode)
        self._engine = engine
        self._ledger = engine.names.ledger
        self._task: asyncio.Task[None] | None = None
        self._sampling: asyncio.Task[None] | None = None
        self._position: int | None = None  # everything up to it was published, None before the ledger was reached
        self._attempted = asyncio.Event()
        self._reached = asyncio.Event()
        self._catching_up = asyncio.Semaphore(CATCHING_UP_AT_ONCE)
        self._settled = self._candidate = -1
        self._candidate_at = self._noted_at = float("-inf")

    async def subscribe(self, keys: Sequence[str], wake: Callable[[], None], *, held: bool) -> Subscription:
        """Return a subscription that misses nothing from now on; with a failing engine, from when it is back."""
        subscription = self.hub.subscribe(keys, wake, held=held)
        try:
            if self._task is None:
                self._task = asyncio.get_running_loop().create_task(self._follow())
            await self._attempted.wait()
        except asyncio.CancelledError:
            self.unsubscribe(subscription)
            raise
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Forget a subscription; the ledger is left alone when nobody is left."""
        self.hub.unsubscribe(subscription)
        if not len(self.hub) and self._task is not None:
            self._task.cancel()
            self._task = self._position = None
            self._attempted, self._reached = asyncio.Event(), asyncio.Event()

    async def catch_up(self, subscription: Subscription, after: int) -> None:
        """Give a held subscription what was stated after a number, as soon as the engine answers."""
        for failures in range(1_000_000):
            if failures:
                await asyncio.sleep(_pause(failures))
            await self._reached.wait()
            async with self._catching_up:
                try:
                    # Read after the subscription was made: what is beyond comes, or came already, by publishing.
                    position = self._position if self._position is not None else -1
                    missed = await self._engine.run(fetch_since(self._ledger, subscription.keys, after, position))
                    changes = await self._engine.run(keep_rightful(self._engine.names.offers, missed))
                except NothingLoaded:
                    changes = []
                except AppError:
                    continue
            subscription.catch_up(map(self.hub.to_event, changes))
            return

    def settled_checkpoint(self) -> int:
        """Return a number up to which every statement is in what a search finds now, -1 if none is known; never waits.

        It is ten seconds old or older: a statement is in the ledger before it is in the offers.
        """
        due = time.monotonic() - self._noted_at > SAMPLE_SECONDS
        if due and (self._sampling is None or self._sampling.done()):
            self._noted_at = time.monotonic()
            self._sampling = asyncio.get_running_loop().create_task(self._sample())
        return self._settled

    async def close(self) -> None:
        """Stop polling."""
        tasks = [task for task in (self._task, self._sampling) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _follow(self) -> None:
        failures = 0
        while True:
            more = False
            try:
                more = await self._step()
                failures = 0
            except Exception as error:
                failures += 1
                if not isinstance(error, AppError):
                    logger.exception("the ledger of seats could not be followed")
                elif failures == 1:
                    logger.warning("the ledger of seats cannot be followed for now: %s", error)
            self._attempted.set()
            if not more:
                await asyncio.sleep(_pause(failures))

    async def _step(self) -> bool:
        """Publish the next page of what is new; tells whether there is another."""
        try:
            if self._position is None:
                self._moved_to(await self._engine.run(fetch_end(self._ledger)))
                return False
            news = await self._engine.run(fetch_news(self._ledger, self._position))
        except NothingLoaded:  # no statement was ever made: the first one will be number 0
            self._moved_to(-1)
            return False
        self.hub.publish(news.changes)
        self._moved_to(news.checkpoint)
        return news.more

    def _moved_to(self, checkpoint: int) -> None:
        self._position = checkpoint
        self._reached.set()
        self._note(checkpoint)

    async def _sample(self) -> None:
        try:
            self._note(await self._engine.run(fetch_checkpoint(self._ledger)))
        except AppError as error:
            logger.debug("the checkpoint of the ledger of seats is not known for now: %s", error)

    def _note(self, checkpoint: int) -> None:
        now = self._noted_at = time.monotonic()
        if checkpoint < self._candidate:  # another ledger
            self._settled = self._candidate = -1
        if now - self._candidate_at >= SETTLE_SECONDS:
            self._settled, self._candidate, self._candidate_at = self._candidate, checkpoint, now


def _pause(failures: int) -> float:
    return POLL_SECONDS if not failures else BACK_OFF[min(failures, len(BACK_OFF)) - 1]
