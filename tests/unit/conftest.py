"""Unit tests open no socket: whoever connects, binds or looks a name up in one fails."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

REFUSED = ("connect", "connect_ex", "bind")  # asyncio's own pair of sockets needs none of them


@pytest.fixture(autouse=True)
def refused_sockets() -> Iterator[list[str]]:
    """Refuse every socket during a test, not longer: tests of other folders share the process. Yields the calls."""
    calls: list[str] = []

    def refuse(name: str) -> Any:
        def call(*arguments: Any, **_: Any) -> None:
            calls.append(f"{name}{arguments[-1:]}")
            raise AssertionError(f"a unit test called socket.{name}{arguments[-1:]}")

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in REFUSED:
            patch.setattr(socket.socket, name, refuse(name))
        patch.setattr(socket, "getaddrinfo", refuse("getaddrinfo"))
        yield calls


@pytest.fixture(autouse=True)
def no_socket(refused_sockets: list[str]) -> Iterator[None]:
    """Fail a test that tried to open a socket, even where the error was taken for that of an engine that is away."""
    yield
    calls = refused_sockets.copy()
    refused_sockets.clear()
    assert calls == []
