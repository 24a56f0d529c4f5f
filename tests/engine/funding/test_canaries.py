"""The served process and a real engine: what was posted is in none of their logs, and on none of their wires."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from anyio.from_thread import start_blocking_portal

from engine.local.node import free_ports
from tests.canaries import CANARY, VALID, form_posts, json_posts, traces
from tests.served import ROOT, Served, environment_of

# Every logger of the process at its most talkative, on its standard error.
TALKATIVE = (
    "import logging, sys; logging.basicConfig(level=logging.DEBUG); logging.debug('begun'); "
    "from search_app.__main__ import main; sys.exit(main())"
)


@dataclass
class Wire:
    """All bytes that went to the engine, headers included."""

    sent: bytearray = field(default_factory=bytearray)


@contextmanager
def recording(engine_url: str, wire: Wire) -> Iterator[str]:
    """Yield the address of a proxy that notes what it passes on to the engine."""
    engine = urlsplit(engine_url)

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, noted: bytearray | None) -> None:
        try:
            while part := await reader.read(65_536):
                if noted is not None:
                    noted += part
                writer.write(part)
                await writer.drain()
        finally:
            writer.close()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_engine, to_engine = await asyncio.open_connection(engine.hostname, engine.port)
        both = pump(reader, to_engine, wire.sent), pump(from_engine, writer, None)
        await asyncio.gather(*both, return_exceptions=True)

    async def close(server: asyncio.Server) -> None:
        server.close()

    with start_blocking_portal() as portal:
        server = portal.call(asyncio.start_server, pass_on, "127.0.0.1", 0)
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        portal.call(close, server)


@contextmanager
def talkative(engine_url: str, prefix: str, log: Path) -> Iterator[str]:
    """Yield the address of an app that logs all it can."""
    port = free_ports(1)[0]
    served = Served(f"http://127.0.0.1:{port}", environment_of(engine_url, prefix, port) | {"PYTHONASYNCIODEBUG": "1"})
    with log.open("wb") as file:
        served.process = subprocess.Popen(
            [sys.executable, "-c", TALKATIVE], cwd=ROOT, env=served.environment, stdout=file, stderr=file
        )
        served.wait_until_it_answers()
        try:
            yield served.address
        finally:
            served.stop()


def key_of_first(address: str) -> str:
    found = httpx.get(f"{address}/api/v1/offers?upcoming=true&size=1").raise_for_status().json()
    return str(found["results"][0]["key"])


def test_nothing_posted_is_logged_or_sent_to_the_engine(engine_url: str, loaded_prefix: str, tmp_path: Path) -> None:
    wire, log = Wire(), tmp_path / "log"
    with recording(engine_url, wire) as proxied, talkative(proxied, loaded_prefix, log) as address:
        key = key_of_first(address)
        targets = [(path, json_posts) for path in (f"/api/v1/offers/{key}/funding", "/api/v1/offers/search")]
        targets += [(path, form_posts) for path in (f"/offres/{key}/financement", "/offres")]
        judged = 0
        with httpx.Client(base_url=address, timeout=20) as client:
            for path, posts in targets:
                for each in posts():
                    headers = {"Content-Type": each.kind} if each.kind else {}
                    answer = client.post(f"{path}?{each.query}", content=each.content, headers=headers)
                    judged += answer.status_code == 200
                    assert answer.status_code < 500, (path, each.name)
                    assert CANARY not in answer.text, (path, each.name)
                    assert traces(repr(answer.headers)) == [], (path, each.name)
            metrics = client.get("/metrics").text
        assert judged >= 2
        assert traces(metrics) == []
    assert b"/_mget" in wire.sent
    assert traces(bytes(wire.sent)) == []
    logged = log.read_bytes()
    assert b"DEBUG" in logged
    assert traces(logged) == []


def test_answers_for_two_persons_do_not_meet(engine_url: str, loaded_prefix: str, tmp_path: Path) -> None:
    with talkative(engine_url, loaded_prefix, tmp_path / "log") as address:
        target = f"{address}/api/v1/offers/{key_of_first(address)}/funding"
        nobody = httpx.post(target, json={}).raise_for_status().json()
        somebody = httpx.post(target, json={"person": VALID}).raise_for_status().json()
        again = httpx.post(target, json={}).raise_for_status().json()
    assert nobody == again
    assert somebody != nobody
