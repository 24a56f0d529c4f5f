"""Around a call of a tool: the deadline of the request, unexpected errors, calls at once, clients that leave."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from search_app.assistants.addresses import Allowed
from search_app.assistants.door import Door
from search_app.assistants.server import serve_tools
from search_app.assistants.tools.answer import Answer, Asked, Tool
from search_app.base.deadline import DeadlineMiddleware, seconds_left
from search_app.base.settings import Settings
from search_app.web.app import create_app
from tests.engine.assistants.calls import REVISIONS, call_of
from tests.fake_engine import Documents, fake_engine

SECONDS = 7.0


async def tell_deadline(asked: Asked, arguments: Mapping[str, Any]) -> Answer:
    return Answer([asked.site], {"left": seconds_left(100)})


async def fail(asked: Asked, arguments: Mapping[str, Any]) -> Answer:
    raise RuntimeError("the password is hunter2")


async def echo(asked: Asked, arguments: Mapping[str, Any]) -> Answer:
    await asyncio.sleep(0)
    return Answer([str(arguments["number"])])


WAITING: list[asyncio.Event] = []


async def wait(asked: Asked, arguments: Mapping[str, Any]) -> Answer:
    WAITING.append(event := asyncio.Event())
    await event.wait()
    return Answer(["at last"])


TOOLS = {each.__name__: Tool(each.__name__, "", {"type": "object"}, each) for each in (tell_deadline, fail, echo, wait)}


@asynccontextmanager
async def client_of() -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(public_url="https://formations.example")
    services = create_app(settings, fake_engine(Documents(), settings)).state.services
    door = Door(Allowed(), lambda: serve_tools(services, TOOLS))
    app = Starlette(routes=[*door.routes()], middleware=[Middleware(DeadlineMiddleware, seconds=SECONDS)])
    async with door.opened():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            yield client


async def call(client: httpx.AsyncClient, revision: str, tool: str, **arguments: Any) -> Any:
    headers, body = call_of(revision, tool, **arguments)
    return (await client.post("/mcp", headers=headers, content=body)).json()["result"]


@pytest.mark.parametrize("revision", REVISIONS)
async def test_deadline_of_the_request_holds_for_the_tool(revision: str) -> None:
    async with client_of() as client:
        result = await call(client, revision, "tell_deadline")
    assert 0 < result["structuredContent"]["left"] <= SECONDS
    assert result["content"][0]["text"] == "https://formations.example"


@pytest.mark.parametrize("revision", REVISIONS)
async def test_unexpected_error_is_logged_and_not_told(revision: str, caplog: pytest.LogCaptureFixture) -> None:
    async with client_of() as client:
        result = await call(client, revision, "fail")
    assert result["isError"] is True
    assert "hunter2" not in json.dumps(result)
    assert "hunter2" in caplog.text


async def test_calls_at_once_get_their_own_answers() -> None:
    async with client_of() as client:
        calls = [call(client, REVISIONS[number % 2], "echo", number=number) for number in range(200)]
        results = await asyncio.gather(*calls)
    assert [result["content"][0]["text"] for result in results] == [str(number) for number in range(200)]


@pytest.mark.parametrize("revision", REVISIONS)
async def test_calls_that_are_cancelled_leave_no_task(revision: str) -> None:
    WAITING.clear()
    async with client_of() as client:
        await call(client, revision, "echo", number=1)
        before = len(asyncio.all_tasks())
        calls = [asyncio.create_task(call(client, revision, "wait")) for _ in range(20)]
        while len(WAITING) < len(calls):  # noqa: ASYNC110 - there is no event of the last one
            await asyncio.sleep(0)
        for each in calls:
            each.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) <= before  # those of the first call may still have been ending
