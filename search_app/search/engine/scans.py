"""Scans: searches read to their end, step by step, from a point in time.

The engine keeps few points in time (300 per node by default), so each one is closed whatever happens to its reader:
``Scan.close`` never awaits, and therefore works in a task that is being cancelled; a background task then tells the
engine. Those of a killed process expire after ``Scans.kept`` seconds.
"""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from typing import Any, Final, Protocol, Self

from msgspec import Raw

from engine.paging import View
from search_app.base.background import PeriodicTask, TaskHealth
from search_app.base.deadline import seconds_left
from search_app.base.errors import AppError, EngineOverloaded, EngineTimeout, ExportsFull, TooManyRequests
from search_app.base.rates import client_of
from search_app.search.engine.offers import OffersEngine
from search_app.search.engine.steps import Step
from search_app.search.engine.views import KEPT, Views

FIRST_STEP: Final = 50  # offers of the first step: the part that a client sees first
STEPS_AT_ONCE: Final = 1  # requested by one process: with 2, searches of others took twice as long
KEEP_SECONDS: Final = 15.0  # interval of extension, if the reader is slow or other steps come first


class OpenScan(Protocol):
    """What an open export has, whatever it reads."""

    client: str

    async def keep(self) -> None:
        """Extend its point in time."""

    def close(self) -> None:
        """Close it and leave."""


class Scans:
    """All open scans of a process: their limits, and the extension of their points in time."""

    def __init__(self, engine: OffersEngine, most: int, most_of_client: int) -> None:
        self.engine = engine
        self.views = Views(engine)
        self.steps = asyncio.Semaphore(STEPS_AT_ONCE)
        self._most = most
        self._most_of_client = most_of_client
        self._clients: Counter[str] = Counter()
        self._open: set[OpenScan] = set()
        self.periodic = PeriodicTask(TaskHealth("exports", "views of open exports are not kept"), self._keep_all)
        self._closed = False

    def __len__(self) -> int:
        return self._clients.total()

    async def open(self, body: dict[str, Any], client: str, index: str = "") -> "Scan":
        """Return all hits of a search in order, and their number; ``size`` in the body is that of a step.

        ``client`` is the address of the client, ``index`` another index than the offers'. The caller must close the
        scan. Raises ExportsFull, TooManyRequests, EngineError.
        """
        client = client_of(client)
        self._enter(client)
        scan = Scan(self, body, client, index)
        self._open.add(scan)
        try:
            await scan.begin()
        except BaseException:
            scan.close()
            raise
        self._start_keeping()
        return scan

    def add(self, scan: "OpenScan") -> None:
        """Count a scan of another kind among the open ones; raises ExportsFull, TooManyRequests."""
        self._enter(scan.client)
        self._open.add(scan)
        self._start_keeping()

    def _start_keeping(self) -> None:
        if not self.periodic.is_running:
            self.periodic.start()

    def leave(self, scan: "OpenScan") -> None:
        """Release a scan's place."""
        self._open.discard(scan)
        self._clients -= Counter((scan.client,))
        if not self._open:
            self.periodic.stop()

    async def close(self) -> None:
        """Close all scans, refuse new ones, and wait until the engine has closed them."""
        self._closed = True
        for scan in tuple(self._open):
            scan.close()
        await self.periodic.close()
        await self.views.drain()

    async def _keep_all(self) -> float:
        """Extend the points in time of slow readers; return the seconds until the next time."""
        for scan in tuple(self._open):
            with suppress(AppError):  # its reader gets the error with the next step
                await scan.keep()
        return KEEP_SECONDS

    def _enter(self, client: str) -> None:
        if self._closed or len(self) >= self._most:
            raise ExportsFull("Trop d’exports sont en cours. Réessayez dans un instant.")
        if self._most_of_client and self._clients[client] >= self._most_of_client:
            refusal = TooManyRequests("Trop d’exports sont en cours depuis cette adresse. Réessayez dans un instant.")
            refusal.retry_after = ExportsFull.retry_after
            raise refusal
        self._clients[client] += 1


class Scan:
    """All hits of a search, as stored JSON; a context manager, closed early when all hits were read."""

    def __init__(self, scans: Scans, body: dict[str, Any], client: str, index: str = "") -> None:
        self.client = client
        self._index = index
        self.total = 0
        self._scans = scans
        self._size = min(FIRST_STEP, body["size"])
        self._view = View.of("", body, KEPT)
        self._is_open = False
        self._asked = 0.0
        self._waiting: Step | None = None
        self._told = False  # all hits were received
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def begin(self) -> None:
        """Open the point in time and request the first step; raises ExportsFull if the engine has too many."""
        try:
            self._view = View.of(await self._scans.views.open(self._index), self._view.body, KEPT)
            self._is_open = True
        except EngineOverloaded as error:
            raise ExportsFull("Trop d’exports pour le moteur de recherche. Réessayez dans un instant.") from error
        self._waiting = await self._ask_next()
        self.total = self._waiting.hits.total.value

    async def next_step(self) -> list[Raw]:
        """Return the stored offers of the next step, none at the end; raises EngineError, ExportsFull once closed."""
        step, self._waiting = self._waiting, None
        if step is None:
            if self._told:
                return []
            if self._closed:
                raise ExportsFull("Cet export s’arrête : le service redémarre.")
            step = await self._ask_next()
        return [hit.source for hit in step.hits.hits]

    async def keep(self) -> None:
        """Extend the point in time if it was not used for long; raises EngineError."""
        if self._is_open and time.monotonic() - self._asked >= KEEP_SECONDS:
            await self._ask(0)

    def close(self) -> None:
        """Close it and release the place; never waits, and may be called again."""
        self._close_view()
        if not self._closed:
            self._closed = True
            self._scans.leave(self)

    def _close_view(self) -> None:
        if self._is_open:
            self._scans.views.close_soon(self._view.id)
            self._is_open = False

    async def _ask_next(self) -> Step:
        step = await self._ask(self._size)
        hits = step.hits.hits
        self._told = len(hits) < self._size
        if self._told:
            self._close_view()  # the reader may take its time with the rest
        else:
            # Many disconnect after the first offers: later steps are larger.
            self._view.advance(hits[-1].sort)
            self._size = min(2 * self._size, self._view.body["size"])
        return step

    async def _ask(self, size: int) -> Step:
        scans = self._scans
        try:
            async with asyncio.timeout(seconds_left(scans.engine.timeout)):
                await scans.steps.acquire()
        except TimeoutError as error:  # the engine is slow, and other scans came first
            raise EngineTimeout("Le moteur de recherche n’a pas répondu à temps. Réessayez dans un instant.") from error
        try:
            step = await scans.engine.read_step(self._view.next_page(size))
        finally:
            scans.steps.release()
        self._asked = time.monotonic()
        return step
