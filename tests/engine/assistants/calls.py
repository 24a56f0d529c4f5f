"""Calls of the door for assistants: JSON-RPC as clients of both revisions send it, and the SDK's own client."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from mcp.client.client import Client
from mcp_types import CLIENT_CAPABILITIES_META_KEY, PROTOCOL_VERSION_META_KEY, CallToolResult, TextContent

STATELESS, HANDSHAKE = "2026-07-28", "2025-11-25"
REVISIONS: Final = (STATELESS, HANDSHAKE)
LETTERS_A_TOKEN: Final = 4
HELLO: Final = {"protocolVersion": HANDSHAKE, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}


def post_of(revision: str, method: str, params: Mapping[str, Any] | None = None) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of a call, as the revision has them."""
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": revision,
    }
    told = dict(params or {})
    if revision == STATELESS:
        headers["Mcp-Method"] = method
        if "name" in told:
            headers["Mcp-Name"] = told["name"]
        told["_meta"] = {PROTOCOL_VERSION_META_KEY: revision, CLIENT_CAPABILITIES_META_KEY: {}}
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": told}
    return headers, json.dumps(body).encode()


def call_of(revision: str, tool: str, **arguments: Any) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of a call of a tool."""
    return post_of(revision, "tools/call", {"name": tool, "arguments": arguments})


@asynccontextmanager
async def connected(address: str, revision: str) -> AsyncIterator[Client]:
    """Yield the SDK's client, connected by the revision."""
    mode = revision if revision == STATELESS else "legacy"
    async with Client(f"{address}/mcp", mode=mode) as client:
        assert client.protocol_version == revision
        yield client


def text_of(result: CallToolResult) -> str:
    """Return the text of an answer; there is one part, and it is complete by itself."""
    (part,) = result.content
    assert isinstance(part, TextContent)
    return part.text


def tokens_of(result: Any) -> float:
    """Return the tokens of a result, in its longer form on the wire: accents as escapes, text and values together."""
    told = result.model_dump(by_alias=True, mode="json", exclude_none=True)
    told.pop("_meta", None)  # who the server is: no client shows it to its model
    return len(json.dumps(told, separators=(",", ":"))) / LETTERS_A_TOKEN
