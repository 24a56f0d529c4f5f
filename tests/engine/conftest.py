"""The fixtures behind the app, for all tests that only read them."""

from collections.abc import Iterator

import pytest

from tests.engine.loaded import LoadedApp, serve


@pytest.fixture(scope="session")
def loaded_app(engine_url: str, loaded_prefix: str) -> Iterator[LoadedApp]:
    """The app over the fixtures."""
    with serve(engine_url, loaded_prefix) as app:
        yield app


@pytest.fixture(scope="module", name="app", params=[1, 2], ids=["one shard", "two shards in two slices"])
def app_on_one_shard_and_on_two(request: pytest.FixtureRequest, engine_url: str) -> Iterator[LoadedApp]:
    """The app over the fixtures, as they are and in parts that the engine has to put together."""
    if request.param == 1:
        yield request.getfixturevalue("loaded_app")
        return
    with serve(engine_url, request.getfixturevalue("loaded_in_parts_prefix")) as app:
        yield app
