"""The fixtures, loaded by the real commands into a real engine, behind the real app."""

import asyncio
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from io import StringIO
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import httpx
from starlette.applications import Starlette
from starlette.testclient import TestClient

from engine.local.loading import harvest_commands
from fixtures.documents.serve import served_sources
from indexer.cli import run as run_indexer
from search_app.base.settings import Settings
from search_app.web.app import create_app
from tests.oracle.fixture_truth import DATA

TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class RawAnswer:
    """A response as the server sent it."""

    status: int
    content: bytes

    def json(self) -> Any:
        """Return the body as JSON; raises ValueError if it is not, NaN and Infinity included."""
        return json.loads(self.content, parse_constant=_refuse)

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


@dataclass(frozen=True)
class LoadedApp:
    """The app over loaded fixtures; ``client`` runs its event loop."""

    app: Starlette
    client: TestClient

    def get(self, path_and_query: str) -> RawAnswer:
        """Ask for exactly these bytes after the host: no client library mends or refuses them."""
        assert self.client.portal is not None
        return self.client.portal.call(self._call, path_and_query)

    def search(self, parameters: Mapping[str, list[str]]) -> RawAnswer:
        """Ask the API for offers."""
        return self.get(f"/api/v1/offers?{urlencode(parameters, doseq=True)}")

    async def _call(self, path_and_query: str) -> RawAnswer:
        path, _, query = path_and_query.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode("utf-8", "surrogateescape"),
            "root_path": "",
            "headers": [(b"host", b"testserver")],
            "client": ("127.0.0.1", 50000),
            "server": ("testserver", 80),
        }
        status, parts = 0, []

        requested = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if requested.is_set():  # the client stays: whoever waits for it to leave waits until the answer is whole
                await asyncio.Event().wait()
            requested.set()
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))

        await self.app(scope, receive, send)
        return RawAnswer(status, b"".join(parts))


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def load_fixtures(engine_url: str, prefix: str, shards: int) -> None:
    """Run the commands that a person would run: tables, each source of the manifest, register, seats, documents.

    In this process: to start workers takes longer than to convert so little, and tests of their own look at them.
    """
    manifest = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
    reference = [
        part for name, path in manifest["reference"].items() for part in (f"--{name}".replace("_", "-"), _at(path))
    ]
    environment = _environment(engine_url, prefix, shards)
    with ExitStack() as stack, TemporaryDirectory() as rejects, patch.dict(os.environ, environment):
        loads = [
            ["load", "--source", source["name"], "--workers", "1", "--rejects-dir", rejects, *map(_at, source["files"])]
            for source in manifest["sources"]
        ]
        editions = [
            [
                *("providers", "--edition", edition["date"], "--rejects-dir", rejects),
                *(
                    part
                    for key in edition
                    if key != "date"
                    for part in (f"--{key.replace('_', '-')}", _at(edition[key]))
                ),
            ]
            for edition in manifest["register"]["editions"]
        ]
        others = [["funding"], ["seats", _at(manifest["seats"])]]
        sources = stack.enter_context(served_sources(TODAY))
        harvests = harvest_commands(manifest, sources)
        for arguments in (["reference", *reference], *loads, *editions, *others, *harvests):
            with redirect_stdout(StringIO()) as told, redirect_stderr(told):
                status = run_indexer(arguments)
            # Two of the statements name a funder that does not exist: the others are taken, and the status says so.
            expected = 1 if arguments[0] == "seats" else 0
            assert status == expected, f"indexer {' '.join(arguments)} ended with status {status}:\n{told.getvalue()}"
    httpx.post(f"{engine_url}/{prefix}*/_refresh", timeout=60).raise_for_status()


@contextmanager
def loaded_fixtures(engine_url: str) -> Iterator[LoadedApp]:
    """Yield the app over the fixtures, loaded under a prefix of their own that is removed afterwards."""
    prefix = f"test-{secrets.token_hex(4)}-"
    try:
        load_fixtures(engine_url, prefix, shards=1)
        with serve(engine_url, prefix) as app:
            yield app
    finally:
        httpx.delete(f"{engine_url}/{prefix}*", params={"expand_wildcards": "all"}, timeout=60).raise_for_status()


@contextmanager
def serve(engine_url: str, prefix: str, today: date = TODAY) -> Iterator[LoadedApp]:
    """Yield the app over what was loaded; for it, today is the fixtures' day unless another one is told.

    It waits longer than others: the engine of the tests has only its first compiler, and serves several at once.
    """
    own = {"BOUSSOLE_TODAY": today.isoformat(), "BOUSSOLE_ENGINE_TIMEOUT": "20"}
    with patch.dict(os.environ, _environment(engine_url, prefix, 1) | own):
        app = create_app(Settings.from_environment())
    with TestClient(app) as client:
        yield LoadedApp(app, client)


def _at(path: str) -> str:
    return str((DATA / path).resolve())


def _environment(engine_url: str, prefix: str, shards: int) -> dict[str, str]:
    return {
        "BOUSSOLE_OPENSEARCH_URL": engine_url,
        "BOUSSOLE_INDEX_PREFIX": prefix,
        "BOUSSOLE_SHARDS": str(shards),
    }
