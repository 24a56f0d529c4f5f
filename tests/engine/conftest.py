"""The fixtures loaded once, for all tests that only read them."""

from collections.abc import Iterator

import pytest

from tests.engine.loaded import LoadedApp, loaded_fixtures


@pytest.fixture(scope="session")
def loaded_app(engine_url: str) -> Iterator[LoadedApp]:
    """The app over the fixtures; whoever writes needs an index of their own."""
    with loaded_fixtures(engine_url) as app:
        yield app
