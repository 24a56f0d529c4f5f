"""What tests share: a real engine, and index names of one's own in it."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from local_engine import process
from local_engine.node import free_ports
from local_engine.settings import EngineOptions

TEST_HEAP = "1g"
MEMORY = Path("/dev/shm")  # Linux: files in memory; containers often have 64 MB of it
MEMORY_BYTES = 4 * 2**30  # for each of two engines far more than the tests ever write
TABLE = "table"  # the property under which a test records what everybody should see
BROWSER_TESTS = Path(__file__).with_name("browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser's tests last: Playwright keeps an event loop running, so no other test could start one."""
    items.sort(key=lambda item: BROWSER_TESTS in item.path.parents)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the tables that tests recorded, wherever they ran."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, told in getattr(report, "user_properties", ()):
                if name == TABLE and report.when == "call":
                    terminalreporter.write_line(f"\n{told}")


@pytest.fixture(scope="session")
def engine_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real engine: the one that BOUSSOLE_TEST_OPENSEARCH_URL names, else one for these tests alone."""
    named = os.environ.get("BOUSSOLE_TEST_OPENSEARCH_URL")
    if named:
        yield named
        return
    with _fast_folder(tmp_path_factory) as data:
        options = EngineOptions(free_ports(1)[0], data, TEST_HEAP, nodes=1)
        process.start(options)
        yield options.url
        process.stop(options.data)


@contextmanager
def _fast_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where there is room: tests make thousands of indices, and each waits for the disk many times.

    Engines that tests kill have folders of their own, on the disk.
    """
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < MEMORY_BYTES:
        yield tmp_path_factory.mktemp("engine")
        return
    with TemporaryDirectory(prefix="boussole-test-", dir=MEMORY, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _own_prefix(engine_url: str) -> Iterator[str]:
    """A prefix that no other test uses; every index that starts with it is deleted afterwards."""
    prefix = f"test-{secrets.token_hex(4)}-"
    yield prefix
    httpx.delete(f"{engine_url}/{prefix}*", params={"expand_wildcards": "all"}, timeout=60).raise_for_status()


@pytest.fixture
def index_prefix(engine_url: str) -> Iterator[str]:
    """An index prefix for one test."""
    yield from _own_prefix(engine_url)


@pytest.fixture(scope="module")
def module_index_prefix(engine_url: str) -> Iterator[str]:
    """An index prefix for the tests of one module, which load once and then only read."""
    yield from _own_prefix(engine_url)
