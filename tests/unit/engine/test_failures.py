"""Nothing that the client library can raise leaks from either client, and each failure has its class."""

import asyncio
import inspect
from typing import Any

import pytest
from opensearchpy import exceptions as client_errors

from engine import errors
from engine.blocking import Engine
from engine.client import AsyncEngine
from engine.errors import EngineError
from engine.failures import to_engine_error
from engine.requests import Request, Steps
from search_app.search.engine.faults import TOLD

BLOCK = {"error": {"type": "cluster_block_exception", "reason": "flood"}}
EXISTS = {"error": {"type": "resource_already_exists_exception", "reason": "index exists"}}
CAUSED = {"error": {"type": "search_phase_execution_exception", "reason": "all shards failed",
                    "root_cause": [{"type": "script_exception", "reason": "why"}]}}  # fmt: skip
GONE = {"error": {"type": "search_phase_execution_exception", "reason": "all shards failed",
                  "root_cause": [{"type": "node_disconnected_exception", "reason": "disconnected"}]}}  # fmt: skip
NO_SHARD = {"error": {"type": "search_phase_execution_exception", "reason": "", "root_cause": []}}
CLIENT_EXCEPTIONS = [
    kind
    for kind in vars(client_errors).values()
    if inspect.isclass(kind) and issubclass(kind, client_errors.OpenSearchException)
]


class Raising:
    """A transport that raises."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def perform_request(self, *_: Any, **__: Any) -> Any:
        raise self.error


class AsyncRaising(Raising):
    """The same, awaited."""

    async def perform_request(self, *_: Any, **__: Any) -> Any:
        raise self.error


@pytest.mark.parametrize("kind", CLIENT_EXCEPTIONS)
@pytest.mark.parametrize("status", ["N/A", 400, 404, 409, 429, 500])
def test_every_exception_of_the_client_library_becomes_an_engine_error(kind: type[Exception], status: Any) -> None:
    error = kind(status, "message", {})
    with pytest.raises(EngineError) as blocking:
        Engine(Raising(error), "one:9200").call("GET", "/x")
    with pytest.raises(EngineError) as asynchronous:
        asyncio.run(AsyncEngine(AsyncRaising(error), 1, address="one:9200").call("GET", "/x"))
    assert type(asynchronous.value) is type(blocking.value)
    assert str(asynchronous.value) == str(blocking.value)


@pytest.mark.parametrize(
    ("status", "info", "expected"),
    [
        (400, CAUSED, errors.EngineRefused),
        (400, EXISTS, errors.EngineConflict),
        (401, {}, errors.EngineFailed),
        (403, {}, errors.EngineFailed),
        (403, BLOCK, errors.EngineFull),
        (404, {"found": False}, errors.EngineNotFound),
        (404, None, errors.EngineFailed),
        (405, {}, errors.EngineRefused),
        (409, {}, errors.EngineConflict),
        (413, {}, errors.EngineRefused),
        (429, {}, errors.EngineBusy),
        (429, BLOCK, errors.EngineFull),
        (500, CAUSED, errors.EngineFailed),
        (500, GONE, errors.EngineUnavailable),
        (500, NO_SHARD, errors.EngineUnavailable),
        (502, None, errors.EngineUnavailable),
        (503, BLOCK, errors.EngineUnavailable),
        (504, None, errors.EngineUnavailable),
    ],
)
def test_each_status_has_its_class(status: int, info: Any, expected: type[EngineError]) -> None:
    error = to_engine_error(client_errors.TransportError(status, "", info), "GET /x", "one")
    assert type(error) is expected
    assert error.status == status


def test_the_innermost_reason_is_told_and_the_request() -> None:
    error = to_engine_error(client_errors.TransportError(500, "x", CAUSED), "POST /x/_search", "one")
    assert str(error) == "POST /x/_search: 500 search_phase_execution_exception: why"
    assert error.told == "script_exception: why"


def test_every_class_of_the_tree_has_its_error_of_the_api() -> None:
    tree = {kind for kind in vars(errors).values() if inspect.isclass(kind) and issubclass(kind, EngineError)}
    assert tree == TOLD.keys()


def test_steps_may_catch_the_error_of_a_request() -> None:
    closed: list[bool] = []

    def steps() -> Steps[str]:
        try:
            yield Request("PUT", "/x/_doc/a")
        except errors.EngineConflict as error:
            return f"caught {error.status}"
        finally:
            closed.append(True)
        return "stored"

    error = client_errors.ConflictError(409, "version_conflict_engine_exception", {})
    assert Engine(Raising(error)).run(steps()) == "caught 409"
    assert asyncio.run(AsyncEngine(AsyncRaising(error), 1).run(steps())) == "caught 409"
    with pytest.raises(errors.EngineFailed):
        Engine(Raising(client_errors.TransportError(500, "", {}))).run(steps())
    assert closed == [True] * 3


def test_the_indexer_repeats_what_was_lost_or_had_no_room_and_nothing_else() -> None:
    pauses: list[float] = []
    for error, attempts in (
        (client_errors.ConnectionError("N/A", "reset", OSError()), 4),
        (client_errors.ConnectionTimeout("TIMEOUT", "late", OSError()), 4),
        (client_errors.TransportError(429, "", {}), 4),
        (client_errors.TransportError(503, "", {}), 1),
    ):
        pauses.clear()
        with pytest.raises(EngineError):
            Engine(Raising(error), sleep=pauses.append).call_patiently("GET", "/x", None)
        assert len(pauses) == attempts - 1


@pytest.mark.parametrize(
    ("error", "calls"),
    [
        (client_errors.ConnectionError("N/A", "reset", OSError()), 2),
        (client_errors.ConnectionTimeout("TIMEOUT", "late", OSError()), 1),
        (client_errors.TransportError(429, "", {}), 1),
        (client_errors.TransportError(503, "", {}), 1),
    ],
)
def test_the_app_repeats_once_what_was_lost_and_nothing_else(error: Exception, calls: int) -> None:
    called: list[str] = []

    class Counting:
        async def perform_request(self, method: str, *_: Any, **__: Any) -> Any:
            called.append(method)
            raise error

    with pytest.raises(EngineError):
        asyncio.run(AsyncEngine(Counting(), 1).call("GET", "/x"))
    assert len(called) == calls
