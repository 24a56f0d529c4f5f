"""An engine for exports that opens no socket: it knows which views are open, and fails or waits when it is told to."""

import asyncio
from collections.abc import Sequence
from typing import Any

from engine.requests import Request
from mappings.names import IndexNames
from search_app.base.responses import to_bytes
from search_app.search.engine.offers import OffersEngine
from search_app.search.engine.steps import Step, read_step


class ViewsEngine(OffersEngine):
    """Holds numbers as offers; ``fails`` are errors raised by the next calls of a name, ``gates`` hold calls back."""

    def __init__(self, offers: int = 0) -> None:
        self.names = IndexNames("test-")
        self.timeout = 5.0
        self.offers = offers
        self.opened: list[str] = []
        self.open: set[str] = set()
        self.asked: list[tuple[int, str]] = []
        self.fails: dict[str, list[Exception]] = {}
        self.gates: dict[str, asyncio.Event] = {}
        self.reached = asyncio.Event()

    async def open_view(self, keep_alive: str, index: str = "") -> str:
        view = f"view-{len(self.opened)}"
        self.opened.append(view)
        self.open.add(view)
        await self._meet("open_view")
        return view

    async def close_views(self, views: Sequence[str]) -> None:
        await self._meet("close_views")
        self.open.difference_update(views)

    async def read_step(self, page: Request) -> Step:
        body: Any = page.body
        self.asked.append((body["size"], body["pit"]["keep_alive"]))
        await self._meet("read_step")
        assert body["pit"]["id"] in self.open
        begin = body.get("search_after", [0])[0]
        numbers = range(begin, min(begin + body["size"], self.offers))
        hits = [{"_source": {"number": number}, "sort": [number + 1]} for number in numbers]
        return read_step(to_bytes({"hits": {"total": {"value": self.offers}, "hits": hits}}))

    async def _meet(self, name: str) -> None:
        gate = self.gates.get(name)
        if gate is not None:
            self.reached.set()
            await gate.wait()
        if self.fails.get(name):
            raise self.fails[name].pop(0)


async def until(condition: Any) -> None:
    """Return when a condition holds; raises TimeoutError if it never does."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - of what has no event
            await asyncio.sleep(0.001)
