"""The fixtures behind the app, for all tests that only read them."""

from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from tests.engine.loaded import LoadedApp, load_fixtures, serve

# Segments searched in two threads whatever the machine: counts of large sets are inexact if shard_size is too small.
TWO_SLICES: Final = {
    "index.search.concurrent_segment_search.mode": "all",
    "index.search.concurrent.max_slice_count": 2,
}


@pytest.fixture(scope="session")
def loaded_app(engine_url: str, loaded_prefix: str) -> Iterator[LoadedApp]:
    """The app over the fixtures."""
    with serve(engine_url, loaded_prefix) as app:
        yield app


@pytest.fixture(scope="module", name="app", params=[1, 2], ids=["one shard", "two shards in two slices"])
def app_on_one_shard_and_on_two(
    request: pytest.FixtureRequest, engine_url: str, loaded_app: LoadedApp, module_index_prefix: str
) -> Iterator[LoadedApp]:
    """The app over the fixtures, as they are and in parts that the engine has to put together."""
    if request.param == 1:
        yield loaded_app
        return
    load_fixtures(engine_url, module_index_prefix, shards=request.param)
    httpx.put(f"{engine_url}/{module_index_prefix}offers/_settings", json=TWO_SLICES, timeout=60).raise_for_status()
    with serve(engine_url, module_index_prefix) as app:
        yield app
