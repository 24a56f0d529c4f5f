"""Background tasks that survive any exception and report their state to ``/readyz`` and ``/metrics``."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import Context
from datetime import UTC, datetime
from typing import Any, Final

from search_app.base.errors import AppError
from search_app.base.metrics import background_alive, background_failures, background_success

logger = logging.getLogger(__name__)
BACK_OFF: Final = (0.5, 1.0, 2.0, 5.0, 10.0)  # seconds to the next attempt after a failure


class TaskHealth:
    """State of one background task in this process."""

    def __init__(self, name: str, what: str) -> None:
        self.name = name
        self.failures = 0  # since the last success
        self.succeeded_at: datetime | None = None
        self._what = what
        self._alive = background_alive.labels(name)
        self._failed = background_failures.labels(name)
        self._success = background_success.labels(name)
        self._alive.set(1)

    def alive(self, alive: bool) -> None:
        """Set whether the task is alive; a task that only runs on demand counts as alive."""
        self._alive.set(int(alive))

    def succeeded(self) -> None:
        """Record a success."""
        if self.failures:
            logger.warning("%s: well again after %d failures", self._what, self.failures)
        self.failures = 0
        self.succeeded_at = datetime.now(UTC)
        self._success.set_to_current_time()

    def failed(self, error: BaseException) -> None:
        """Record a failure: log an engine error once per series, any other exception each time with its traceback."""
        self.failures += 1
        self._failed.inc()
        if not isinstance(error, AppError):
            logger.error("%s: failed, and goes on", self._what, exc_info=error)
        elif self.failures == 1:
            logger.warning("%s: %s", self._what, error)

    def to_json(self) -> dict[str, Any]:
        """Return the task's entry in the answer of ``/readyz``."""
        moment = self.succeeded_at.isoformat(timespec="seconds") if self.succeeded_at else None
        return {"failures": self.failures, "last_success": moment}


def pause_after(failures: int) -> float:
    """Return the seconds to the next attempt after that many consecutive failures (at least one)."""
    return BACK_OFF[min(failures, len(BACK_OFF)) - 1]


class PeriodicTask:
    """A task that repeats until it is closed.

    ``turn`` runs once and returns the seconds until the next run. An exception is recorded, and the next run follows
    after a pause that grows up to ``longest``. If the asyncio task is cancelled from outside, a new one is started.
    """

    def __init__(self, health: TaskHealth, turn: Callable[[], Awaitable[float]], longest: float = BACK_OFF[-1]) -> None:
        self.health = health
        self._turn = turn
        self._longest = longest  # pause after failures
        self._task: asyncio.Task[None] | None = None
        self._closed = True

    @property
    def is_running(self) -> bool:
        """Whether it was started and not closed."""
        return not self._closed

    def start(self) -> None:
        """Start the task in an empty context, so that it does not inherit the deadline of a request."""
        self._closed = False
        self._task = asyncio.get_running_loop().create_task(self._keep(), context=Context())
        self._task.add_done_callback(self._ended)
        self.health.alive(True)

    def stop(self) -> None:
        """Cancel the task without waiting for it."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()

    async def close(self) -> None:
        """Cancel the task and wait until it has ended."""
        self.stop()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _keep(self) -> None:
        # A cancellation can be lost: the client library takes it for its own time-out if both happen at once.
        while not self._closed and self._task is asyncio.current_task():
            try:
                pause = await self._turn()
                self.health.succeeded()
            except Exception as error:
                self.health.failed(error)
                pause = min(self._longest, pause_after(self.health.failures))
            await asyncio.sleep(pause)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if task is not self._task:
            return
        if self._closed:
            return
        self.health.alive(False)
        error = None if task.cancelled() else task.exception()
        self.health.failed(error or RuntimeError("ended from elsewhere"))
        asyncio.get_running_loop().call_later(pause_after(self.health.failures), self._begin_again)

    def _begin_again(self) -> None:
        if not self._closed:
            self.start()


class OnDemandTask:
    """A task that runs once per call of ``start``, never twice at the same time."""

    def __init__(self, health: TaskHealth, work: Callable[[], Awaitable[None]]) -> None:
        self.health = health
        self._work = work
        self.task: asyncio.Task[None] | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether a run has begun and not ended."""
        return self.task is not None and not self.task.done()

    def start(self) -> None:
        """Start a run unless one is in progress; an exception is recorded."""
        if not self.is_under_way:
            self.task = asyncio.get_running_loop().create_task(self.run(), context=Context())

    async def run(self) -> None:
        """Run once and record the result."""
        try:
            await self._work()
        except Exception as error:
            self.health.failed(error)
        else:
            self.health.succeeded()

    async def close(self) -> None:
        """Cancel the run and wait until it has ended."""
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)
