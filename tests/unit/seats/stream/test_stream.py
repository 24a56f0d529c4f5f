"""The stream's address and its connections, without an engine: what is asked, who is written to, who is let in."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from starlette.testclient import TestClient

from mappings.keys import key_of
from search_app.base.errors import AppError, BadParameters, StreamsFull, TooManyRequests
from search_app.seats.open_streams import COMMENT, Stream, Streams
from search_app.seats.stream import MOST_SESSIONS, PATH, StreamQuery, parse_stream
from search_app.web.policies import POSTED, SECURITY_HEADERS
from tests.away_engine import away_app

KEY = key_of("14_SE_1")


def faults(query: str, **headers: str) -> list[tuple[str, str]]:
    with pytest.raises(BadParameters) as caught:
        parse_stream(query.encode(), headers)
    return [(fault.parameter, fault.value) for fault in caught.value.faults]


def test_sessions_are_named_by_number_or_key_each_once() -> None:
    assert parse_stream(b"session=14_SE_1&session=%C3%A9&session=14_SE_1", {}) == StreamQuery((KEY, key_of("é")), None)
    assert parse_stream(f"session={KEY}&session=14_SE_1".encode(), {}) == StreamQuery((KEY,), None)


@pytest.mark.parametrize(
    ("query", "header", "after"),
    [("", "", None), ("&last_event_id=7", "", 7), ("&last_event_id=7", "9", 9), ("&last_event_id=-1", "", -1)],
)
def test_the_number_after_which_a_client_resumes(query: str, header: str, after: int | None) -> None:
    asked = parse_stream(f"session=x{query}".encode(), {"last-event-id": header} if header else {})
    assert asked.after == after


def test_every_fault_is_told_at_once() -> None:
    assert faults("last_event_id=x&size=3&q=") == [("size", "3"), ("q", ""), ("session", "0"), ("last_event_id", "x")]
    assert faults("session=a&last_event_id=1&last_event_id=2") == [("last_event_id", "1 ; 2")]
    assert faults(f"session=a&last_event_id={2**63}") == [("last_event_id", str(2**63))]
    assert faults("session=a&last_event_id=-2") == [("last_event_id", "-2")]
    assert faults("session=a", **{"last-event-id": "١"}) == [("Last-Event-ID", "١")]
    assert faults("session=&session=%20") == [("session", "0")]
    many = "&".join(f"session={n}" for n in range(MOST_SESSIONS + 1))
    assert faults(many) == [("session", str(MOST_SESSIONS + 1))]
    assert len(parse_stream(many.rpartition("&")[0].encode(), {}).keys) == MOST_SESSIONS


def test_a_refusal_is_json_with_the_headers_of_every_answer() -> None:
    with TestClient(away_app()) as client:
        elsewhere = {"Origin": "https://portail.example.fr"}
        wrong = client.get(f"{PATH}?session=a&page=2", headers=elsewhere)
        posted = client.post(f"{PATH}?session=a", headers=elsewhere)
    assert wrong.status_code == 400
    assert wrong.json()["error"]["faults"][0]["parameter"] == "page"
    assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD")
    assert posted.json()["error"]["message"] == "Méthode non autorisée : seuls GET et HEAD sont acceptés."
    for answer, headers in ((wrong, SECURITY_HEADERS), (posted, SECURITY_HEADERS | POSTED)):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert {name: answer.headers[name] for name in headers} == headers


class Client:
    """The other end of a connection: reads only while it is let, leaves when it is told to."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.whole = False
        self.reads = asyncio.Event()
        self.reads.set()
        self.gone = asyncio.Event()

    async def send(self, message: Any) -> None:
        await self.reads.wait()
        if message["body"]:
            self.got.append(message["body"])
        if not message["more_body"]:
            self.whole = True
            self.gone.set()

    async def receive(self) -> dict[str, str]:
        await self.gone.wait()
        return {"type": "http.disconnect"}


async def settle() -> None:
    """Let everything run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


def run(test: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 10))


class Source:
    """What a stream takes from."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def take(self) -> bytes:
        return self.waiting.pop(0) if self.waiting else b""


def test_a_stream_writes_one_thing_after_the_other_and_waits_for_a_slow_client() -> None:
    async def test() -> None:
        client, source = Client(), Source()
        stream = Stream(client.send, 0)
        stream.wake()  # before it was begun: nothing may be written yet
        await settle()
        stream.begin(b"first", source.take)
        await settle()
        client.reads.clear()
        source.waiting = [b"a", b"b"]
        for _ in range(3):
            stream.wake()
            stream.beat()
        await settle()
        assert (client.got, source.waiting) == ([b"first"], [b"b"])
        client.reads.set()
        await settle()
        assert client.got == [b"first", b"a", b"b"]
        stream.beat()
        await settle()
        assert client.got[-1] == COMMENT
        assert stream.writer is None

    run(test)


def test_a_stream_that_ends_gives_what_it_has_and_then_no_more() -> None:
    async def test() -> None:
        client, source = Client(), Source()
        streams = Streams(5, 5, 600)
        stream = Stream(client.send, streams.new_end())
        stream.begin(b"first", source.take)
        holding = asyncio.create_task(streams.hold(stream, client.receive))
        await settle()
        source.waiting = [b"last"]
        streams.close()
        await settle()
        assert (client.got, client.whole) == ([b"first", b"last"], True)
        await holding
        source.waiting = [b"late"]
        stream.wake()
        await settle()
        assert source.waiting == [b"late"]
        with pytest.raises(StreamsFull):
            streams.enter("a")

    run(test)


def test_a_client_that_takes_nothing_is_let_go_when_it_was_told_the_end_in_vain() -> None:
    async def test() -> None:
        client, source = Client(), Source()
        streams = Streams(5, 5, 600)
        stream = Stream(client.send, streams.new_end())
        stream.begin(b"first", source.take)
        holding = asyncio.create_task(streams.hold(stream, client.receive))
        await settle()
        client.reads.clear()
        stream.end()
        await settle()
        assert not holding.done()
        stream.end()
        await holding
        await settle()
        assert stream.writer is None
        assert not client.whole

    run(test)


def test_a_client_that_leaves_frees_what_was_being_written_to_it() -> None:
    async def test() -> None:
        client, source = Client(), Source()
        streams = Streams(5, 5, 600)
        stream = Stream(client.send, streams.new_end())
        client.reads.clear()
        stream.begin(b"first", source.take)
        holding = asyncio.create_task(streams.hold(stream, client.receive))
        await settle()
        client.gone.set()
        await holding
        await settle()
        assert stream.writer is None
        assert client.got == []

    run(test)


@pytest.mark.parametrize("error", [RuntimeError, ConnectionResetError])
def test_a_server_that_only_raises_where_the_client_is_gone_frees_the_stream(error: type[Exception]) -> None:
    async def test() -> None:
        async def send(_: Any) -> None:
            raise error("closed")

        streams = Streams(5, 5, 600)
        stream = Stream(send, streams.new_end())
        holding = asyncio.create_task(streams.hold(stream, Client().receive))
        await settle()
        stream.begin(b"first", Source().take)
        writer = stream.writer
        assert writer is not None
        await settle()
        assert holding.done()  # at once, not with the next sign of life
        assert (stream.writer, writer.done()) == (None, True)
        assert writer.cancelled() or writer.exception() is None

    run(test)


def test_the_timer_gives_each_stream_a_sign_of_life_and_ends_the_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search_app.seats.open_streams.BEAT_SECONDS", 0.06)

    async def test() -> None:
        streams = Streams(5, 0, 600)
        clients = [Client(), Client()]
        holding = []
        for client, ends_at in zip(clients, (streams.new_end(), 0.0), strict=True):
            streams.enter("a")
            stream = Stream(client.send, ends_at)
            stream.begin(b"first", bytes)
            holding.append(asyncio.create_task(streams.hold(stream, client.receive)))
        await holding[1]
        assert clients[1].whole
        while COMMENT not in clients[0].got:
            await clients[0].reads.wait()
            await settle()
        assert not clients[0].whole
        streams.close()
        await holding[0]

    run(test)


def refused(streams: Streams, client: str) -> type[AppError] | None:
    try:
        streams.enter(client)
    except AppError as error:
        return type(error) if error.retry_after else None
    return None


def test_places_are_limited_by_client_and_in_all_and_given_back() -> None:
    streams = Streams(3, 2, 600)
    assert [refused(streams, name) for name in "aaab"] == [None, None, TooManyRequests, None]
    assert refused(streams, "c") is StreamsFull
    streams.leave("a")
    assert [refused(streams, "a"), len(streams)] == [None, 3]
    unlimited = Streams(200, 0, 600)
    assert {refused(unlimited, "a") for _ in range(150)} == {None}
