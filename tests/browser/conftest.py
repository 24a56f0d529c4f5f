"""A real browser, and the real app on a port of its own: once over the loaded fixtures, once without an engine."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import which

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from local_engine.node import free_ports
from tests.engine.loaded import TODAY, load_fixtures

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--headless=new", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip
START_SECONDS = 30


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    chromium = which("chromium") or which("chromium-browser")
    assert chromium, "these tests need Chromium: sudo apt-get install chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def site(engine_url: str) -> Iterator[str]:
    """Address of the app over the fixtures."""
    prefix = f"test-{secrets.token_hex(4)}-"
    try:
        load_fixtures(engine_url, prefix, shards=1)
        with _served(engine_url, prefix) as address:
            yield address
    finally:
        httpx.delete(f"{engine_url}/{prefix}*", params={"expand_wildcards": "all"}, timeout=60).raise_for_status()


@pytest.fixture(scope="session")
def site_without_engine() -> Iterator[str]:
    """Address of the app whose engine is away: nothing listens at the port of "discard"."""
    with _served("http://127.0.0.1:9", "none-") as address:
        yield address


@contextmanager
def _served(engine_url: str, prefix: str) -> Iterator[str]:
    port = free_ports(1)[0]
    settings = {"OPENSEARCH_URL": engine_url, "INDEX_PREFIX": prefix, "PORT": str(port), "TODAY": TODAY.isoformat()}
    environment = {**os.environ, **{f"BOUSSOLE_{name}": value for name, value in settings.items()}}
    process = subprocess.Popen([sys.executable, "-m", "search_app"], cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_until_it_answers(address: str, process: subprocess.Popen[bytes]) -> None:
    last = time.monotonic() + START_SECONDS
    while time.monotonic() < last:
        with suppress(httpx.TransportError):
            httpx.get(f"{address}/healthz", timeout=1).raise_for_status()
            return
        # Either it ends, and will never answer, or it is asked again.
        with suppress(subprocess.TimeoutExpired):
            raise AssertionError(f"the app ended with status {process.wait(timeout=0.05)}")
    raise AssertionError(f"the app at {address} did not answer within {START_SECONDS} s")
