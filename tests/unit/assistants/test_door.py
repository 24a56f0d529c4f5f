"""What the door refuses before the protocol sees it, and what the protocol says of itself."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from starlette.testclient import TestClient

from search_app.assistants.addresses import Allowed
from search_app.assistants.door import MOST_BYTES, MOST_LARGE, MOST_VALUES, Door
from search_app.base.settings import Settings
from search_app.web.app import create_app
from tests.engine.assistants.calls import HANDSHAKE, HELLO, LETTERS_A_TOKEN, REVISIONS, STATELESS, call_of, post_of
from tests.fake_engine import Documents, fake_engine
from tests.stored_offers import whole_offer

PUBLIC = "https://formations.example"
TOOLS = ["search_offers", "get_offer", "find_code", "count_offers", "search_documents", "seats_history"]


def app_of(**settings: Any) -> TestClient:
    told = Settings.model_validate({"mcp": True, "public_url": PUBLIC, **settings})
    return TestClient(create_app(told, fake_engine(Documents([whole_offer()]), told)), base_url="http://localhost:8000")


@pytest.fixture(name="client", scope="module")
def open_door() -> Iterator[TestClient]:
    with app_of() as client:
        yield client


def ask(
    client: TestClient,
    revision: str,
    method: str,
    params: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Any:
    told, body = post_of(revision, method, params)
    return client.post("/mcp", headers=told | dict(headers or {}), content=body)


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "127.0.0.1:1234"}, 200),
        ({"Host": "formations.example"}, 200),
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1:1.evil.example"}, 421),
        ({"Host": "formations.example.evil.example"}, 421),
        ({"Origin": PUBLIC}, 200),
        ({"Origin": "http://localhost:3000"}, 200),
        ({"Origin": "http://127.0.0.1:8611"}, 200),
        ({"Origin": "http://127.0.0.1:8611.evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:1.evil.example"}, 403),
        ({"Origin": "http://formations.example"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content-Type": "application/json; charset=utf-8"}, 200),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/json-seq"}, 415),
        ({"Content-Encoding": "gzip"}, 415),
    ],
)
def test_hosts_origins_and_kinds(client: TestClient, revision: str, headers: dict[str, str], status: int) -> None:
    answer = ask(client, revision, "tools/list", headers=headers)
    assert answer.status_code == status, answer.text
    if status != 200:
        assert set(answer.json()) == {"error"}
        assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("revision", REVISIONS)
def test_body_over_limit_is_413_and_below_is_read(client: TestClient, revision: str) -> None:
    headers, body = post_of(revision, "tools/list")
    longest = body + b" " * (MOST_BYTES - len(body))
    assert client.post("/mcp", headers=headers, content=longest).status_code == 200
    for content in (longest + b" ", iter([longest, b" "])):
        answer = client.post("/mcp", headers=headers, content=content)
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("part", [b"[],", b'{"a":1},', b"1,"])
def test_body_of_many_values_is_413(client: TestClient, revision: str, part: bytes) -> None:
    headers, _ = post_of(revision, "tools/list")
    body = b'{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"a":[' + part * MOST_VALUES + b"1]}}"
    answer = client.post("/mcp", headers=headers, content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "PUT"])
def test_other_methods_are_refused(client: TestClient, method: str) -> None:
    answer = client.request(method, "/mcp", headers={"Accept": "text/event-stream"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_stateless_revision_discovers_tools_alone(client: TestClient) -> None:
    told = ask(client, STATELESS, "server/discover").json()["result"]
    assert told["capabilities"] == {"tools": {"listChanged": False}}
    assert told["ttlMs"] > 0
    assert told["supportedVersions"] == [STATELESS]


def test_handshake_advertises_tools_alone(client: TestClient) -> None:
    told = ask(client, HANDSHAKE, "initialize", HELLO)
    assert told.json()["result"]["capabilities"] == {"tools": {"listChanged": False}}
    assert told.json()["result"]["protocolVersion"] == HANDSHAKE
    assert "mcp-session-id" not in told.headers


@pytest.mark.parametrize("revision", REVISIONS)
def test_list_of_tools_is_short_and_read_only(client: TestClient, revision: str) -> None:
    answer = ask(client, revision, "tools/list")
    told = answer.json()["result"]
    assert [tool["name"] for tool in told["tools"]] == TOOLS
    assert all(tool["annotations"] == {"readOnlyHint": True} for tool in told["tools"])
    assert all(tool["inputSchema"]["type"] == "object" for tool in told["tools"])
    for whole in (answer.content, json.dumps(told)):  # as sent, and with spaces
        assert len(whole) / LETTERS_A_TOKEN <= 1_000
    if revision == STATELESS:
        assert told["ttlMs"] > 0
        assert told["cacheScope"] == "public"


@pytest.mark.parametrize("revision", REVISIONS)
def test_unknown_tool_is_invalid_params(client: TestClient, revision: str) -> None:
    headers, body = call_of(revision, "delete_offers")
    error = client.post("/mcp", headers=headers, content=body).json()["error"]
    assert error["code"] == -32602
    assert "search_offers" in error["message"]


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("method", ["prompts/list", "resources/list", "resources/templates/list", "logging/setLevel"])
def test_what_does_not_exist_is_not_found(client: TestClient, revision: str, method: str) -> None:
    params = {"level": "debug"} if method == "logging/setLevel" else {}
    assert ask(client, revision, method, params).json()["error"]["code"] == -32601


@pytest.mark.parametrize("revision", REVISIONS)
def test_fault_of_arguments_is_an_answer_in_french(client: TestClient, revision: str) -> None:
    headers, body = call_of(revision, "search_offers", size=11, foo="secret", radius="x")
    result = client.post("/mcp", headers=headers, content=body).json()["result"]
    text = result["content"][0]["text"]
    assert result["isError"] is True
    assert text.startswith("3 paramètres sont incorrects.")
    assert "size" in text
    assert "de 1 à 10" in text
    assert "secret" not in text


@pytest.mark.parametrize(
    ("change", "value"),
    [("Mcp-Method", "tools/call"), ("Mcp-Name", "get_offer"), ("MCP-Protocol-Version", HANDSHAKE + "x")],
)
def test_headers_that_differ_from_the_body_are_refused(client: TestClient, change: str, value: str) -> None:
    headers, body = call_of(STATELESS, "search_offers")
    if change == "Mcp-Method":
        headers, body = post_of(STATELESS, "tools/list")
    answer = client.post("/mcp", headers=headers | {change: value}, content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == -32020


@pytest.mark.parametrize("header", [HANDSHAKE, "2025-06-18", "1999-01-01", None])
@pytest.mark.parametrize("method", ["tools/list", "server/discover"])
def test_header_of_another_revision_than_the_body_is_refused(
    client: TestClient, header: str | None, method: str
) -> None:
    headers, body = post_of(STATELESS, method)
    del headers["MCP-Protocol-Version"]
    told = headers if header is None else headers | {"MCP-Protocol-Version": header}
    answer = client.post("/mcp", headers=told, content=body)
    assert (answer.status_code, answer.json()["error"]["code"], answer.json()["id"]) == (400, -32020, 1)


HOSTILE = (
    b"", b"{", b"[]", b"[[" * 4_000, b"null", b'"a"', b"\xff\xfe", b'{"jsonrpc":"2.0"}', b"1" * 100_000,
    b'{"jsonrpc":"2.0","id":null,"method":"tools/list"}', b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search_offers","arguments":[]}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":{"a":1}}}',
    b'{"jsonrpc":"2.0","id":{"a":1},"method":"tools/list"}',
    b'[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]',
    json.dumps({"jsonrpc": "2.0", "id": "\ud800", "method": "tools/list"}).encode(),
    json.dumps({"jsonrpc": "2.0", "id": 1, "method": "\ud800"}).encode(),
    json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "\ud800"}}).encode(),
)  # fmt: skip


@pytest.mark.parametrize("revision", [*REVISIONS, "1999-01-01", ""])
@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_body_is_a_fault_of_the_caller(client: TestClient, revision: str, body: bytes) -> None:
    headers, _ = post_of(STATELESS, "tools/list")
    answer = client.post("/mcp", headers=headers | {"MCP-Protocol-Version": revision}, content=body)
    assert answer.status_code in (200, 202, 400, 404), answer.text
    assert len(answer.content) < 10_000
    assert "Traceback" not in answer.text
    if answer.status_code == 200:
        assert "error" in answer.json()
    assert ask(client, STATELESS, "tools/list").status_code == 200


def test_rate_limit_holds_for_the_door() -> None:
    with app_of(rate_limit=0.2) as client:
        assert ask(client, STATELESS, "tools/list").status_code == 200
        refusal = ask(client, STATELESS, "tools/list")
        assert (refusal.status_code, refusal.json()["error"]["code"]) == (429, "too_many_requests")
        assert int(refusal.headers["retry-after"]) > 0


def test_without_the_setting_there_is_no_door() -> None:
    with app_of(mcp=False) as client:
        assert ask(client, STATELESS, "tools/list").status_code == 404
        assert client.get("/mcp").status_code == 404


def test_app_that_starts_again_opens_the_door_again() -> None:
    client = app_of()
    for _ in range(2):
        with client:
            assert ask(client, STATELESS, "tools/list").status_code == 200


async def test_long_bodies_are_read_a_few_at_a_time() -> None:
    door = Door(Allowed(), lambda: pytest.fail("never opened"))
    going, refused = asyncio.Event(), asyncio.Event()
    statuses: list[int] = []

    async def post() -> None:
        told = 0

        async def receive() -> dict[str, Any]:
            nonlocal told
            told += 1
            if told > 1:
                await going.wait()
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": b" " * 70_000, "more_body": True}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
                if len(statuses) == 2:
                    refused.set()

        headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
        await door({"type": "http", "method": "POST", "path": "/mcp", "headers": headers}, receive, send)

    async with asyncio.TaskGroup() as group:
        for _ in range(MOST_LARGE + 2):
            group.create_task(post())
        await refused.wait()
        assert statuses == [429, 429]
        going.set()
    assert statuses == [429, 429] + [400] * MOST_LARGE


@pytest.mark.parametrize("is_open", [True, False])
def test_llms_txt_names_the_door_while_it_is_open(is_open: bool) -> None:
    with app_of(mcp=is_open) as client:
        assert (f"]({PUBLIC}/mcp): POST" in client.get("/llms.txt").text) is is_open


@pytest.mark.parametrize("hosts", [[], [b"localhost", b"localhost"], [b"localhost", b"evil.example"]])
async def test_request_names_one_host(hosts: list[bytes]) -> None:
    door = Door(Allowed(), lambda: pytest.fail("never opened"))
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message: Any) -> None:
        statuses.extend([message["status"]] if "status" in message else [])

    headers = [*((b"host", host) for host in hosts), (b"content-type", b"application/json")]
    await door({"type": "http", "method": "POST", "path": "/mcp", "headers": headers}, receive, send)
    assert statuses == [421]
