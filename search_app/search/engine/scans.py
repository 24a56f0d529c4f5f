"""Searches read to their end, step by step, from one frozen view of the index (a point in time of the engine).

The engine keeps few views (300 a node by default), so each one is closed whatever happens to its reader: ``Scan.close``
never waits, hence works in a task that is being cancelled; a background task then tells the engine. What a killed
process leaves open dies after ``Scans.kept`` seconds by itself.
"""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from typing import Any, Final, Self

from msgspec import Raw

from engine.paging import View
from search_app.base.background import Errand, Keeper, Vital
from search_app.base.deadline import seconds_left
from search_app.base.errors import AppError, EngineOverloaded, EngineTimeout, ExportsFull, TooManyRequests
from search_app.base.rates import client_of
from search_app.search.engine.offers import OffersEngine
from search_app.search.engine.steps import Step

FIRST_STEP: Final = 50  # offers of the first step: what a program or a person sees of it at once
STEPS_AT_ONCE: Final = 1  # asked of the engine by one process: with 2, searches of others took twice as long
KEPT: Final = "60s"  # that the engine keeps a view which it is not asked about
KEEP_SECONDS: Final = 15.0  # after which it is asked, where a reader is slow or the steps of others come first
TRIES: Final = 3
PAUSE: Final = 0.5  # seconds before the next try
DRAIN_SECONDS: Final = 1.5  # that the end of the process waits for views to be closed


class Views:
    """Opens views, and closes them in the background: whoever gives one back neither waits nor can fail."""

    def __init__(self, engine: OffersEngine) -> None:
        self._engine = engine
        self._waiting: set[str] = set()
        self._opening: set[asyncio.Task[str]] = set()
        self.closing = Errand(Vital("exports_views", "views of exports stay open until they expire"), self._close_all)

    async def open(self) -> str:
        """Return a new view; if the caller is cancelled meanwhile, the view is closed as soon as it is known."""
        opening = asyncio.get_running_loop().create_task(self._engine.open_view(KEPT))
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(self._close_opened)
            raise

    def close_soon(self, view: str) -> None:
        """Have a view closed."""
        self._waiting.add(view)
        self.closing.start()

    async def drain(self) -> None:
        """Wait until all views that were given back are closed, for some seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while self._opening or self.closing.is_under_way:
                    task = self.closing.task
                    await asyncio.wait([*self._opening, *([task] if task is not None else [])])
                    await asyncio.sleep(0)  # callbacks of those that are done

    def _close_opened(self, opened: asyncio.Task[str]) -> None:
        if not opened.cancelled() and opened.exception() is None:
            self.close_soon(opened.result())

    async def _close_all(self) -> None:
        """Close views until there are none, many in one request; raises AppError if some had to be given up."""
        failed, given_up = 0, None
        while self._waiting:
            views = sorted(self._waiting)
            try:
                await self._engine.close_views(views)
            except AppError as error:
                failed += 1
                if failed < TRIES:
                    await asyncio.sleep(PAUSE)
                    continue
                given_up = error
            failed = 0
            self._waiting.difference_update(views)
        if given_up is not None:
            raise given_up


class Scans:
    """All open scans of a process: how many there may be, and that their views are kept as long as they are read."""

    def __init__(self, engine: OffersEngine, most: int, most_of_client: int) -> None:
        self.engine = engine
        self.views = Views(engine)
        self.steps = asyncio.Semaphore(STEPS_AT_ONCE)
        self._most = most
        self._most_of_client = most_of_client
        self._clients: Counter[str] = Counter()
        self._open: set[Scan] = set()
        self.keeper = Keeper(Vital("exports", "views of open exports are not kept"), self._keep_all)
        self._closed = False

    def __len__(self) -> int:
        return self._clients.total()

    async def open(self, body: dict[str, Any], client: str) -> "Scan":
        """Return all hits of a search in its order, and how many they are; ``size`` in the body is that of a step.

        ``client`` is the address of who asks. Whoever gets the scan closes it. Raises ExportsFull, TooManyRequests,
        EngineError.
        """
        client = client_of(client)
        self._enter(client)
        scan = Scan(self, body, client)
        self._open.add(scan)
        try:
            await scan.begin()
        except BaseException:
            scan.close()
            raise
        if not self.keeper.is_running:
            self.keeper.start()
        return scan

    def leave(self, scan: "Scan") -> None:
        """Give a scan's place back."""
        self._open.discard(scan)
        self._clients -= Counter((scan.client,))
        if not self._open:
            self.keeper.stop()

    async def close(self) -> None:
        """Close all scans, open no more, and wait until the engine knows."""
        self._closed = True
        for scan in tuple(self._open):
            scan.close()
        await self.keeper.close()
        await self.views.drain()

    async def _keep_all(self) -> float:
        """Keep the views of slow readers; returns the seconds until the next time."""
        for scan in tuple(self._open):
            with suppress(AppError):  # its reader will be told with the next step
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
    """All hits of a search, as stored JSON; a context manager, and closed early when the engine has told all."""

    def __init__(self, scans: Scans, body: dict[str, Any], client: str) -> None:
        self.client = client
        self.total = 0
        self._scans = scans
        self._size = min(FIRST_STEP, body["size"])
        self._view = View.of("", body, KEPT)
        self._is_open = False
        self._asked = 0.0
        self._waiting: Step | None = None
        self._told = False  # by the engine, all that there is
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def begin(self) -> None:
        """Open the view and ask for the first step; raises ExportsFull if the engine has too many views."""
        try:
            self._view = View.of(await self._scans.views.open(), self._view.body, KEPT)
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
        """Have the engine keep the view if it was not asked for long; raises EngineError."""
        if self._is_open and time.monotonic() - self._asked >= KEEP_SECONDS:
            await self._ask(0)

    def close(self) -> None:
        """Close the view and give the place back; never waits, and may be called again."""
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
            self._close_view()  # the reader may take its time with what is left
        else:
            # Many leave after the first offers: the engine works more for those that stay.
            self._view.advance(hits[-1].sort)
            self._size = min(2 * self._size, self._view.body["size"])
        return step

    async def _ask(self, size: int) -> Step:
        scans = self._scans
        try:
            async with asyncio.timeout(seconds_left(scans.engine.timeout)):
                await scans.steps.acquire()
        except TimeoutError as error:  # the engine is slow, and others came first
            raise EngineTimeout("Le moteur de recherche n’a pas répondu à temps. Réessayez dans un instant.") from error
        try:
            step = await scans.engine.read_step(self._view.next_page(size))
        finally:
            scans.steps.release()
        self._asked = time.monotonic()
        return step
