"""A real browser, and the real app on a port of its own: once over the loaded fixtures, once without an engine."""

import secrets
from collections.abc import Iterator
from shutil import which

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.engine.loaded import load_fixtures
from tests.served import serving

FLAGS = ["--no-sandbox", "--headless=new", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip


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
        with serving(engine_url, prefix) as served:
            yield served.address
    finally:
        httpx.delete(f"{engine_url}/{prefix}*", params={"expand_wildcards": "all"}, timeout=60).raise_for_status()


@pytest.fixture(scope="session")
def site_without_engine() -> Iterator[str]:
    """Address of the app whose engine is away: nothing listens at the port of "discard"."""
    with serving("http://127.0.0.1:9", "none-") as served:
        yield served.address
