"""The fixtures behind the app, for all tests that only read them."""

from collections.abc import Iterator

import pytest

from tests.engine.loaded import LoadedApp, serve


@pytest.fixture(scope="session")
def loaded_app(engine_url: str, loaded_prefix: str) -> Iterator[LoadedApp]:
    """The app over the fixtures."""
    with serve(engine_url, loaded_prefix) as app:
        yield app
