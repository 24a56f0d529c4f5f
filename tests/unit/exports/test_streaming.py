"""However an export ends, its view is closed, nothing is logged but what matters, and no part passes for the whole."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest
from msgspec import Raw
from starlette.types import Message, Scope

from search_app.base.errors import EngineTimeout
from search_app.base.turns import Turns
from search_app.exports.streaming import SCOPE_ABORT, Body, ExportResponse, Form, ReaderTooSlow
from search_app.search.engine.scans import Scans
from tests.unit.exports.export_samples import ViewsEngine, until

FORM = Form("text/plain", "offres.txt")
LINE = b"x" * 1_000
BODY = Body(lambda _: (LINE,), b"head\n", b"tail\n")
LONG = 600.0  # seconds


class Client:
    """Reads until it leaves or blocks; ``messages`` are what it was sent."""

    def __init__(self, *, leaves_after: int | None = None, blocks_after: int | None = None) -> None:
        self.leaves_after = leaves_after
        self.blocks_after = blocks_after
        self.messages: list[Message] = []
        self.gone = asyncio.Event()
        self.blocked = asyncio.Event()
        self.scope: Scope = {"type": "http", "method": "GET", "path": "/", "asgi": {"spec_version": "2.3"}}
        self.scope[SCOPE_ABORT] = self.gone.set

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self.blocks_after is not None and len(self.messages) >= self.blocks_after:
            self.blocked.set()
            await asyncio.Event().wait()
        self.messages.append(message)
        if self.leaves_after is not None and len(self.messages) > self.leaves_after:
            self.gone.set()

    @property
    def content(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages)

    @property
    def is_whole(self) -> bool:
        return self.messages[-1].get("more_body") is False


class Play:
    """One export that is sent to a client."""

    def __init__(self, client: Client, offers: int = 500, seconds: float = LONG) -> None:
        self.engine = ViewsEngine(offers)
        self.scans = Scans(self.engine, 1, 0)
        self.client = client
        self.seconds = seconds

    async def begin(self) -> "asyncio.Task[None]":
        scan = await self.scans.open({"size": 100}, "a")
        response = ExportResponse(scan, FORM, BODY, Turns(), self.seconds, scan.total)
        client = self.client
        return asyncio.create_task(response(client.scope, client.receive, client.send))

    async def check_closed(self) -> None:
        await self.scans.views.drain()
        assert (len(self.engine.opened), self.engine.open, len(self.scans)) == (1, set(), 0)


def run(play: Callable[[], Any]) -> None:
    """Run a play; an error that nobody awaits fails it, too."""

    async def watched() -> None:
        told: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
        await asyncio.wait_for(play(), 10)
        await asyncio.sleep(0)
        assert told == []

    asyncio.run(watched())


def test_an_export_is_sent_in_order_and_whole() -> None:
    async def play() -> None:
        play = Play(client := Client())
        await (await play.begin())
        await play.check_closed()
        assert client.content == b"head\n" + LINE * 500 + b"tail\n"
        assert client.is_whole
        sizes = [len(message["body"]) for message in client.messages[1:-2]]
        assert (sizes[0], min(sizes[1:])) == (4_005, 66_000)
        headers = dict(client.messages[0]["headers"])
        assert headers[b"x-total-count"] == b"500"
        assert headers[b"content-disposition"] == b'attachment; filename="offres.txt"'

    run(play)


@pytest.mark.parametrize("after", range(6))
def test_a_client_that_leaves_between_two_pieces_leaves_no_view(after: int, caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        play = Play(client := Client(leaves_after=after), offers=5_000)
        await (await play.begin())
        assert not client.is_whole
        await play.check_closed()

    run(play)
    assert caplog.records == []


def test_a_client_that_was_gone_before_the_first_byte_leaves_no_view(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        play = Play(client := Client())
        client.gone.set()
        await (await play.begin())
        await play.check_closed()

    run(play)
    assert caplog.records == []


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_a_client_that_leaves_while_sending_is_blocked_leaves_no_view(
    after: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def play() -> None:
        play = Play(client := Client(blocks_after=after), offers=5_000)
        sending = await play.begin()
        await client.blocked.wait()
        client.gone.set()
        await sending
        await play.check_closed()

    run(play)
    assert caplog.records == []


def test_a_client_that_leaves_while_a_step_is_awaited_leaves_no_view(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        play = Play(client := Client())
        sending = await play.begin()
        play.engine.gates["read_step"] = asyncio.Event()
        await play.engine.reached.wait()
        client.gone.set()
        await sending
        await play.check_closed()

    run(play)
    assert caplog.records == []


@pytest.mark.parametrize("blocked", [True, False])
def test_an_export_that_the_server_cancels_leaves_no_view(blocked: bool) -> None:
    async def play() -> None:
        play = Play(client := Client(blocks_after=2 if blocked else None), offers=5_000)
        sending = await play.begin()
        await until(lambda: len(client.messages) >= 2)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        await play.check_closed()

    run(play)


@pytest.mark.parametrize("blocks_after", [3, None])
def test_a_client_that_reads_for_too_long_is_dropped(
    blocks_after: int | None, caplog: pytest.LogCaptureFixture
) -> None:
    async def play() -> None:
        play = Play(client := Client(blocks_after=blocks_after), offers=1_000_000, seconds=0.05)
        await (await play.begin())
        assert client.gone.is_set()
        assert not client.is_whole
        await play.check_closed()

    run(play)
    assert [row.getMessage() for row in caplog.records] == ["an export was cut short: it was not read within 0.05 s"]


def test_an_engine_that_fails_half_way_cuts_the_export_short(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        play = Play(client := Client())
        sending = await play.begin()
        play.engine.fails["read_step"] = [EngineTimeout("too late")]
        await sending
        assert client.gone.is_set()
        assert not client.is_whole
        await play.check_closed()

    run(play)
    assert [(row.levelno, row.getMessage()) for row in caplog.records] == [
        (logging.WARNING, "an export was cut short: too late")
    ]


def test_a_server_that_cannot_drop_a_connection_is_told_by_an_exception() -> None:
    async def play() -> None:
        play = Play(client := Client(blocks_after=2), seconds=0.02)
        del client.scope[SCOPE_ABORT]
        with pytest.raises(ReaderTooSlow):
            await (await play.begin())
        await play.check_closed()

    run(play)


def test_a_fault_of_one_part_leaves_no_view() -> None:
    def fail(_: Raw) -> tuple[bytes, ...]:
        raise KeyError("title")

    async def play() -> None:
        engine = ViewsEngine(10)
        scans, client = Scans(engine, 1, 0), Client()
        scan = await scans.open({"size": 100}, "a")
        response = ExportResponse(scan, FORM, Body(fail), Turns(), LONG, None)
        with pytest.raises(KeyError):
            await response(client.scope, client.receive, client.send)
        await scans.views.drain()
        assert (engine.open, len(scans)) == (set(), 0)

    run(play)


@pytest.mark.parametrize(("offers", "of_each"), [(300, 1), (1, 300)])
def test_others_work_while_parts_are_made_even_those_of_one_offer(offers: int, of_each: int) -> None:
    rounds = [0]

    async def other() -> None:
        while True:
            rounds[0] += 1
            await asyncio.sleep(0)

    async def play() -> None:
        engine, client = ViewsEngine(offers), Client()
        scan = await Scans(engine, 1, 0).open({"size": 500}, "a")
        beside = asyncio.create_task(other())
        small = Body(lambda _: (b"x" for _ in range(of_each)))
        await ExportResponse(scan, FORM, small, Turns(seconds=0), LONG, None)(client.scope, client.receive, client.send)
        beside.cancel()
        assert client.content == b"x" * 300
        assert rounds[0] >= 300

    run(play)
