"""A real browser, and the real app on a port of its own: once over the loaded fixtures, once without an engine."""

from collections.abc import Iterator
from shutil import which

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.reused_pages import ReusedPages
from tests.served import serving

FLAGS = ["--no-sandbox", "--headless=new", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip

expect.set_options(timeout=15_000)  # ms; the machine has other tests to run


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; closed after each module: Playwright keeps an event loop running, and others need theirs."""
    chromium = which("chromium") or which("chromium-browser")
    assert chromium, "these tests need Chromium: sudo apt-get install chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def reused(browser: Browser) -> Iterator[ReusedPages]:
    """Pages for tests that only look; closed after each module, as the browser is."""
    made = ReusedPages(browser)
    yield made
    made.close()


@pytest.fixture(scope="session")
def site(engine_url: str, loaded_prefix: str) -> Iterator[str]:
    """Address of the app over the fixtures."""
    with serving(engine_url, loaded_prefix) as served:
        yield served.address


@pytest.fixture(scope="session")
def site_without_engine() -> Iterator[str]:
    """Address of the app whose engine is away: nothing listens at the port of "discard"."""
    with serving("http://127.0.0.1:9", "none-") as served:
        yield served.address
