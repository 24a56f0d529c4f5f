"""Clients of the query module that leave, ask for too much at once, or for what takes too long."""

import asyncio
from typing import Any, Final

import orjson
import pytest

from engine.client import AsyncEngine
from search_app.base.errors import EngineTimeout
from search_app.search.engine.offers import OffersEngine
from search_app.search.engine.scans import Scans
from tests.engine.loaded import LoadedApp

SECONDS: Final = 20.0
PIVOT: Final = "/api/v1/analytics?rows=rome&columns=region"
LEFT: Final = (
    PIVOT, "/pilotage?rows=rome", "/api/v1/analytics/overlaps", "/api/v1/analytics/overlaps.csv",
    *(f"/api/v1/analytics.{kind}?rows=rome&columns=provider" for kind in ("csv", "ndjson", "parquet", "xlsx")),
)  # fmt: skip


class Hanging:
    """The client of the engine, whose sums take for ever; notes which of them were cancelled."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked = asyncio.Event()
        self.ended: list[str] = []
        self._call = AsyncEngine.call_bytes
        hanging = self

        async def call(
            engine: AsyncEngine, method: str, path: str, body: Any = None, *more: Any, **named: Any
        ) -> bytes:
            if isinstance(body, dict) and b"scripted_metric" in orjson.dumps(body):
                await hanging._hang()
            return await hanging._call(engine, method, path, body, *more, **named)

        monkeypatch.setattr(AsyncEngine, "call_bytes", call)

    async def _hang(self) -> None:
        self.asked.set()
        try:
            await asyncio.sleep(SECONDS)
            self.ended.append("answered")
        except asyncio.CancelledError:
            self.ended.append("cancelled")
            raise


async def ask_and_leave(app: LoadedApp, address: str, hanging: Hanging) -> None:
    """Ask for an address, and leave while the engine works; return when the app has no more to do."""
    path, _, query = address.partition("?")
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if asked:
            await hanging.asked.wait()
            return {"type": "http.disconnect"}
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: Any) -> None:
        return None

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(b"host", b"testserver")], "client": ("192.0.2.7", 50000), "server": ("testserver", 80),
    }  # fmt: skip
    await asyncio.wait_for(app.app(scope, receive, send), SECONDS / 2)


@pytest.mark.parametrize("address", LEFT)
def test_client_that_leaves_ends_the_work_of_the_engine(
    loaded_app: LoadedApp, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []
    close_views = OffersEngine.close_views

    async def closing(engine: OffersEngine, views: list[str]) -> None:
        await close_views(engine, views)
        closed.extend(views)

    monkeypatch.setattr(OffersEngine, "close_views", closing)
    hanging = Hanging(monkeypatch)
    scans: Scans = loaded_app.app.state.services.scans
    assert loaded_app.client.portal is not None
    loaded_app.client.portal.call(ask_and_leave, loaded_app, address, hanging)
    loaded_app.client.portal.call(scans.views.drain)
    assert hanging.ended == ["cancelled"]
    assert len(closed) >= 1
    assert (len(scans), len(loaded_app.app.state.pivots)) == (0, 0)


def test_more_tables_at_once_than_a_client_may_have_are_refused(
    loaded_app: LoadedApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loaded_app.app.state.pivots, "_most_of_client", 2)
    monkeypatch.setattr(loaded_app.app.state.pivots, "_patience", 0)

    async def ask_five() -> list[tuple[int, bytes]]:
        answers = await asyncio.gather(*(loaded_app._call(PIVOT) for _ in range(5)))
        return [(each.status, each.content) for each in answers]

    assert loaded_app.client.portal is not None
    answers = loaded_app.client.portal.call(ask_five)
    assert sorted(status for status, _ in answers) == [200, 200, 429, 429, 429]
    refused = next(content for status, content in answers if status == 429)
    assert orjson.loads(refused)["error"]["code"] == "too_many_requests"
    assert loaded_app.get(PIVOT).status == 200


def test_table_that_takes_too_long_says_what_to_narrow(loaded_app: LoadedApp, monkeypatch: pytest.MonkeyPatch) -> None:
    async def late(*_: Any) -> Any:
        raise EngineTimeout("late")

    monkeypatch.setattr(OffersEngine, "search_offers", late)
    answer = loaded_app.get("/api/v1/analytics?rows=region")
    error = answer.json()["error"]
    assert (answer.status, error["code"]) == (503, "engine_timeout")
    assert "une région ou un département" in error["message"]
