"""Nothing that the client library can raise leaks, and an answer that is not whole is not an answer."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from unittest.mock import patch

import orjson
import pytest
from opensearchpy import exceptions as client_errors

from engine.failures import to_engine_error
from mappings.index_fields import META_SHAPE, SHAPE
from search_app.base import errors
from search_app.base.settings import Settings
from search_app.search.engine.faults import to_app_error
from search_app.search.engine.offers import OffersEngine

Asked = TypeVar("Asked")


def client_exceptions() -> list[type[client_errors.OpenSearchException]]:
    members = vars(client_errors).values()
    return [kind for kind in members if inspect.isclass(kind) and issubclass(kind, client_errors.OpenSearchException)]


class BrokenTransport:
    """Raises what it is told to, as the client would."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def perform_request(self, *_: Any, **__: Any) -> None:
        raise self.error


def error_of(error: Exception) -> errors.AppError:
    async def search() -> errors.AppError:
        engine = OffersEngine.connect(Settings())
        await engine.close()
        with patch.object(engine.client, "transport", BrokenTransport(error)):
            return await failure(engine)

    async def failure(engine: OffersEngine) -> errors.AppError:
        with pytest.raises(errors.AppError) as caught:
            await engine.search_offers({"size": 0})
        return caught.value

    return asyncio.run(search())


@pytest.mark.parametrize("kind", client_exceptions())
@pytest.mark.parametrize("status", ["N/A", 400, 500])
def test_every_exception_of_the_client_becomes_one_of_ours(kind: type[Exception], status: Any) -> None:
    found = error_of(kind(status, "message", {}))
    assert 500 <= found.status < 600
    assert found.message


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (client_errors.ConnectionError("N/A", "refused", OSError()), errors.EngineUnavailable),
        (client_errors.ConnectionTimeout("TIMEOUT", "late", OSError()), errors.EngineTimeout),
        (client_errors.NotFoundError(404, "", {"error": {"type": "index_not_found_exception"}}), errors.NothingLoaded),
        (client_errors.NotFoundError(404, "", {"pits": []}), errors.NothingLoaded),
        (client_errors.NotFoundError(404, "<html>", None), errors.EngineFailed),
        (client_errors.TransportError(401, "security", {}), errors.EngineFailed),
        (client_errors.TransportError(429, "rejected", {}), errors.EngineOverloaded),
        (client_errors.TransportError(429, "", {"error": {"type": "cluster_block_exception"}}), errors.EngineFull),
        (client_errors.TransportError(403, "", {"error": {"type": "cluster_block_exception"}}), errors.EngineFull),
        (client_errors.TransportError(502, "bad gateway", {}), errors.EngineUnavailable),
        (client_errors.TransportError(503, "no shard", {}), errors.EngineUnavailable),
        (client_errors.TransportError(504, "gateway time-out", {}), errors.EngineUnavailable),
        (client_errors.TransportError(500, "script_exception", {}), errors.EngineFailed),
        (client_errors.RequestError(400, "parse", {}), errors.EngineRefused),
    ],
)
def test_each_failure_has_its_own_code(error: Any, expected: type[errors.AppError]) -> None:
    assert type(to_app_error(to_engine_error(error, "GET /", ""))) is expected


SHARDS = {"total": 2, "successful": 2, "failed": 0}
UNASSIGNED = {"total": 2, "successful": 1, "failed": 0}  # as the engine tells of a shard that no node has
CAUSE = {"type": "script_exception", "reason": "runtime\nerror " + "x" * 1000}
FAILED = {"error": {"type": "search_phase_execution_exception", "reason": "all shards failed", "root_cause": [CAUSE]}}


def test_a_failure_is_logged_in_one_line_with_the_reason_of_the_engine(caplog: pytest.LogCaptureFixture) -> None:
    error_of(client_errors.TransportError(500, "search_phase_execution_exception", FAILED))
    (told,) = caplog.messages
    assert told.startswith("the engine answered 500: script_exception: runtime error xxx")
    assert "\n" not in told
    assert len(told) < 400
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.parametrize(("status", "info"), [(404, FAILED), (429, FAILED), ("N/A", OSError())])
def test_what_is_no_fault_of_a_request_is_not_logged(status: Any, info: Any, caplog: pytest.LogCaptureFixture) -> None:
    error_of(client_errors.TransportError(status, "message", info))
    assert caplog.messages == []


@pytest.mark.parametrize("info", [None, "text", {"error": "text"}, {"error": {"root_cause": []}}])
def test_an_answer_without_a_reason_is_logged_too(info: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert type(error_of(client_errors.TransportError(503, "message", info))) is errors.EngineUnavailable
    assert caplog.messages == ["the engine answered 503: no reason given"]


def counted(*items: dict[str, Any]) -> list[int]:
    """What counting makes of these answers of the engine, one a search."""

    bodies: list[dict[str, Any]] = [{"size": 0} for _ in items]
    return answered(orjson.dumps({"responses": items}), lambda engine: engine.count_offers(bodies))


SHAPED = {"boussole-offers-1": {"mappings": {"_meta": {META_SHAPE: SHAPE}}}}


def answered(body: bytes, ask: Callable[[OffersEngine], Awaitable[Asked]], mapping: Any = SHAPED) -> Asked:
    """What asking makes of these bytes as the engine's answer, and of this as the mapping of the offers."""

    class Transport:
        async def perform_request(self, _: str, path: str, **__: Any) -> bytes:
            return orjson.dumps(mapping) if "_mapping" in path else body

    async def asked() -> Asked:
        engine = OffersEngine.connect(Settings())
        await engine.close()
        with patch.object(engine.client, "transport", Transport()):
            return await ask(engine)

    return asyncio.run(asked())


@pytest.mark.parametrize("told", [[], {}, {"took": 3}, {"x": {}}, {"x": {"mappings": None}}])
def test_a_shape_that_cannot_be_read_is_an_unreadable_answer(told: Any) -> None:
    with pytest.raises(errors.EngineUnreadable):
        answered(b"", lambda engine: engine.find_offers({"aggs": {}}), told)


def test_an_index_of_another_version_is_not_searched() -> None:
    former = {"boussole-offers-1": {"mappings": {"dynamic": "strict"}}}
    with pytest.raises(errors.OtherShape):
        answered(b"", lambda engine: engine.find_offers({"aggs": {}}), former)


@pytest.mark.parametrize("body", [b"<html>a proxy's page</html>", b'{"took": 3}', b""])
def test_an_answer_that_is_none_is_refused_and_logged(body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(errors.EngineUnreadable):
        answered(body, lambda engine: engine.find_offers({"aggs": {}}))
    assert [message.partition(":")[0] for message in caplog.messages] == ["the engine's answer could not be used"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"timed_out": True}, errors.EngineTimeout),
        ({"_shards": {"failed": 1}}, errors.EngineIncomplete),
        ({"_shards": UNASSIGNED}, errors.EngineIncomplete),
    ],
)
def test_a_search_that_is_not_whole_is_no_answer(fault: dict[str, Any], expected: type[errors.AppError]) -> None:
    whole = {"timed_out": False, "_shards": SHARDS, "hits": {"total": {"value": 0}}}
    assert answered(orjson.dumps(whole), lambda engine: engine.find_offers({"aggs": {}})).hits.total.value == 0
    with pytest.raises(expected):
        answered(orjson.dumps(whole | fault), lambda engine: engine.find_offers({"aggs": {}}))


WHOLE = {"timed_out": False, "_shards": SHARDS, "hits": {"total": {"value": 7}}, "status": 200}


def test_several_searches_are_counted_at_once() -> None:
    assert counted(WHOLE, WHOLE) == [7, 7]
    assert counted() == []


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({**FAILED, "status": 500}, errors.EngineFailed),
        ({**FAILED, "status": 400}, errors.EngineRefused),
        ({**FAILED, "status": 503}, errors.EngineUnavailable),
        ({**FAILED, "status": 404}, errors.NothingLoaded),
        ({**WHOLE, "timed_out": True}, errors.EngineTimeout),
        ({**WHOLE, "_shards": SHARDS | {"failed": 1}}, errors.EngineIncomplete),
        ({**WHOLE, "_shards": UNASSIGNED}, errors.EngineIncomplete),
    ],
)
def test_one_search_that_fails_fails_all_that_were_asked_with_it(
    item: dict[str, Any], expected: type[errors.AppError]
) -> None:
    with pytest.raises(errors.AppError) as caught:
        counted(WHOLE, item)
    assert type(caught.value) is expected


def test_every_error_of_the_tree_has_a_code_and_a_status_of_its_own_shape() -> None:
    tree = [kind for kind in vars(errors).values() if inspect.isclass(kind) and issubclass(kind, errors.AppError)]
    codes = {kind.code for kind in tree}
    assert len(tree) >= 12
    assert "bad_parameters" in codes
    assert all(400 <= kind.status <= 599 for kind in tree)
    assert all(kind.retry_after for kind in tree if kind.status in (429, 503))
