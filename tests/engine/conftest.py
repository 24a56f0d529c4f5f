"""The fixtures loaded once, for all tests that only read them."""

import secrets
from collections.abc import Iterator

import httpx
import pytest

from tests.engine.loaded import LoadedApp, load_fixtures, serve


@pytest.fixture(scope="session")
def loaded_app(engine_url: str) -> Iterator[LoadedApp]:
    """The app over the fixtures; whoever writes needs an index of their own."""
    prefix = f"test-{secrets.token_hex(4)}-"
    try:
        load_fixtures(engine_url, prefix, shards=1)
        with serve(engine_url, prefix) as app:
            yield app
    finally:
        httpx.delete(f"{engine_url}/{prefix}*", params={"expand_wildcards": "all"}, timeout=60).raise_for_status()
