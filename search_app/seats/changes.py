"""Follows the ledger for all subscribers of this process: one polling task, only while there are subscribers."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Final

from search_app.base.background import OnDemandTask, PeriodicTask, TaskHealth
from search_app.base.errors import EngineTimeout, NothingLoaded
from search_app.search.engine.offers import OffersEngine
from seats.hub import Hub, Subscription
from seats.ledger.follower import Change, fetch_end, fetch_news, fetch_since, keep_rightful
from seats.ledger.store import fetch_checkpoint

POLL_SECONDS: Final = 0.25  # a change must show within a second: this, the refresh of the ledger, and the transport
# seconds to the next attempt while the engine fails, so that streams continue soon after it is back
LONGEST_PAUSE: Final = 0.5
SETTLE_SECONDS: Final = 10.0  # a figure in the ledger is searchable in the offers within a second or two
SAMPLE_SECONDS: Final = 5.0  # how often the checkpoint is read if only pages need it
CATCHING_UP_AT_ONCE: Final = 8  # after a restart all clients reconnect together; searches need the engine too
NOT_FOLLOWED: Final = "Le moteur de recherche ne répond pas : les places ne peuvent pas être suivies en ce moment."


class SeatChanges:
    """Polls the ledger, publishes new figures, and reads for a client what it missed."""

    def __init__(self, engine: OffersEngine, encode: Callable[[Change], bytes]) -> None:
        self.hub = Hub(encode)
        self._engine = engine
        self._ledger = engine.names.ledger
        self.periodic = PeriodicTask(
            TaskHealth("seats_feed", "the ledger of seats cannot be followed"), self._follow, LONGEST_PAUSE
        )
        self.sampling = OnDemandTask(
            TaskHealth("seats_sample", "the ledger’s number is not known for pages"), self._sample
        )
        self._position: int | None = None  # everything up to it is published; None until the ledger was read
        self._following = asyncio.Event()  # set while the last attempt succeeded
        self._catching_up = asyncio.Semaphore(CATCHING_UP_AT_ONCE)
        self._settled = self._candidate = -1
        self._candidate_at = self._noted_at = float("-inf")

    async def subscribe(self, keys: Sequence[str], wake: Callable[[], None], *, held: bool) -> Subscription:
        """Return a subscription that misses nothing from now on; raises EngineTimeout if that cannot be guaranteed in
        time.
        """
        subscription = self.hub.subscribe(keys, wake, held=held)
        try:
            if not self.periodic.is_running:
                self._following.clear()  # a task that ended may have left it set
                self.periodic.start()
            async with asyncio.timeout(self._engine.timeout):
                await self._following.wait()
        except TimeoutError as error:
            self.unsubscribe(subscription)
            raise EngineTimeout(NOT_FOLLOWED) from error
        except asyncio.CancelledError:
            self.unsubscribe(subscription)
            raise
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Remove a subscription; polling stops with the last one."""
        self.hub.unsubscribe(subscription)
        if not len(self.hub):
            self.periodic.stop()
            self._position = None
            self._following.clear()

    async def catch_up(self, subscription: Subscription, after: int) -> None:
        """Deliver to a held subscription what was stated after a number, as soon as the engine answers."""
        while True:
            await self._following.wait()
            async with self._catching_up:
                try:
                    # Read after subscribing: later figures are delivered by ``publish``, or were already.
                    position = self._position if self._position is not None else -1
                    steps = fetch_since(self._ledger, subscription.keys, after, position)
                    missed = await self._engine.run(steps, self._engine.timeout)
                    rightful = keep_rightful(self._engine.names.offers, missed)
                    changes = await self._engine.run(rightful, self._engine.timeout)
                    events = [self.hub.to_event(change) for change in changes]
                except NothingLoaded:
                    events = []
                except Exception as error:
                    self.periodic.health.failed(error)
                    await asyncio.sleep(LONGEST_PAUSE)
                    continue
            subscription.catch_up(events)
            return

    def settled_checkpoint(self) -> int:
        """Return a checkpoint up to which every statement is searchable, -1 if none is known; never waits.

        It is at least ten seconds old: a statement is in the ledger before it is in the offers.
        """
        if time.monotonic() - self._noted_at > SAMPLE_SECONDS and not self.sampling.is_under_way:
            self._noted_at = time.monotonic()
            self.sampling.start()
        return self._settled

    async def close(self) -> None:
        """Stop polling."""
        await self.periodic.close()
        await self.sampling.close()

    async def _follow(self) -> float:
        """Publish new figures; return the seconds until the next poll. Raises AppError."""
        try:
            more = await self._step()
        except Exception:
            self._following.clear()
            raise
        self._following.set()
        return 0.0 if more else POLL_SECONDS

    async def _step(self) -> bool:
        """Publish the next page of new figures; tell whether there is another page."""
        try:
            if self._position is None:
                self._moved_to(await self._engine.run(fetch_end(self._ledger), self._engine.timeout))
                return False
            news = await self._engine.run(fetch_news(self._ledger, self._position), self._engine.timeout)
        except NothingLoaded:  # no statement yet: the first one will be number 0
            self._moved_to(-1)
            return False
        self.hub.publish(news.changes)
        self._moved_to(news.checkpoint)
        return news.more

    def _moved_to(self, checkpoint: int) -> None:
        self._position = checkpoint
        self._note(checkpoint)

    async def _sample(self) -> None:
        try:
            checkpoint = await self._engine.run(fetch_checkpoint(self._ledger), self._engine.timeout)
        except NothingLoaded:  # no statement yet
            return
        self._note(checkpoint)

    def _note(self, checkpoint: int) -> None:
        now = self._noted_at = time.monotonic()
        if checkpoint < self._candidate:  # a different ledger
            self._settled = self._candidate = -1
        if now - self._candidate_at >= SETTLE_SECONDS:
            self._settled, self._candidate, self._candidate_at = self._candidate, checkpoint, now
