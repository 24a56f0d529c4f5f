"""What tests share: a real engine, the fixtures loaded into it, and index names of one's own."""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import settings

from engine.local import process
from engine.local.node import free_ports
from engine.local.settings import EngineOptions
from indexer.interruption import SIGNALS
from tests import shared
from tests.engine.loaded import load_fixtures

TEST_HEAP = "1536m"
TABLE = "table"  # the property under which a test records what everybody should see
# Engines of tests live for seconds: the second compiler would take half of that, and is never paid back.
QUICK_START = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1"}
ENGINE, LOADED, IN_PARTS, DATA = "engine", "loaded", "in-parts", "data"  # what the processes of a run share
TWO_SLICES = {
    "index.search.concurrent_segment_search.mode": "all",
    "index.search.concurrent.max_slice_count": 2,
}
LONGEST_FIRST = ("browser", "engine")  # so that no worker is left alone with a long file at the end

# Hypothesis draws the same examples in every run and sets no time limit for one: a failure by chance tells nothing.
# Fewer than the default, so that the unit tests take less than a minute. For more and new ones:
# `pytest --hypothesis-profile default tests/unit`.
settings.register_profile("steady", derandomize=True, max_examples=50, deadline=None)
settings.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that the workers share."""
    if not _is_worker(config):
        shared.make_folder()
        os.environ.update(QUICK_START)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take away what the workers shared: their engine, or what they loaded into one that was named."""
    if _is_worker(config):
        return
    if shared.made(ENGINE):
        process.stop(shared.folder() / DATA)
    else:
        for prefix in filter(None, map(shared.made, (LOADED, IN_PARTS))):
            _forget(os.environ["BOUSSOLE_TEST_OPENSEARCH_URL"], prefix)
    shared.remove_folder()


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first."""
    items.sort(key=lambda item: item.path.parent.name not in LONGEST_FIRST)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the tables that tests recorded, wherever they ran."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, told in getattr(report, "user_properties", ()):
                if name == TABLE and report.when == "call":
                    terminalreporter.write_line(f"\n{told}")


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    """Commands that run in this process set SIGINT and SIGTERM; children of later tests would inherit them ignored."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        if signal.getsignal(number) is not handler:
            signal.signal(number, handler)


@pytest.fixture(scope="session")
def engine_url() -> str:
    """Address of a real engine: the one that BOUSSOLE_TEST_OPENSEARCH_URL names, else one for this run alone."""
    return os.environ.get("BOUSSOLE_TEST_OPENSEARCH_URL") or shared.once(ENGINE, _start_engine)


def _start_engine() -> str:
    options = EngineOptions(free_ports(1)[0], shared.folder() / DATA, TEST_HEAP, nodes=1)
    process.start(options)
    return options.url


@pytest.fixture(scope="session")
def loaded_prefix(engine_url: str) -> str:
    """Prefix of the fixtures, loaded once for all tests that only read them; who writes needs an index of their own."""
    return shared.once(LOADED, lambda: _load(engine_url, shards=1))


@pytest.fixture(scope="session")
def loaded_in_parts_prefix(engine_url: str) -> str:
    """The same in two shards, each searched in two slices whatever the machine.

    Counts of large sets are inexact if shard_size is too small.
    """

    def load() -> str:
        prefix = _load(engine_url, shards=2)
        httpx.put(f"{engine_url}/{prefix}offers/_settings", json=TWO_SLICES, timeout=60).raise_for_status()
        return prefix

    return shared.once(IN_PARTS, load)


def _load(engine_url: str, shards: int) -> str:
    prefix = f"test-{secrets.token_hex(4)}-"
    load_fixtures(engine_url, prefix, shards=shards)
    return prefix


def _forget(engine_url: str, prefix: str) -> None:
    httpx.delete(f"{engine_url}/{prefix}*", params={"expand_wildcards": "all"}, timeout=60).raise_for_status()


def _own_prefix(engine_url: str) -> Iterator[str]:
    """A prefix that no other test uses; every index that starts with it is deleted afterwards."""
    prefix = f"test-{secrets.token_hex(4)}-"
    yield prefix
    _forget(engine_url, prefix)


@pytest.fixture
def index_prefix(engine_url: str) -> Iterator[str]:
    """An index prefix for one test."""
    yield from _own_prefix(engine_url)


@pytest.fixture(scope="module")
def module_index_prefix(engine_url: str) -> Iterator[str]:
    """An index prefix for the tests of one module, which load once and then only read."""
    yield from _own_prefix(engine_url)
