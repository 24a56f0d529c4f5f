"""The one adapter through which the indexer speaks to the engine, and the errors that come out of it."""

import time
from collections.abc import Mapping
from typing import Any, Final

import orjson
from opensearchpy import OpenSearch, Urllib3HttpConnection
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import ConnectionTimeout, OpenSearchException, SerializationError, TransportError
from opensearchpy.serializer import JSONSerializer

from engine.answers import BLOCK, BadAnswer, check_answer
from engine.requests import Answer, Steps
from mappings.settings import EngineSettings
from seats.ledger.store import SeatsNotStored

LONG: Final = 300.0  # seconds for what may rightly take long: a bulk request on a busy disk, a refresh after a load
RETRIES: Final = (0.5, 2.0, 5.0)  # seconds between attempts when the connection is lost or the engine is too busy
BUSY: Final = 429


class EngineError(Exception):
    """The engine could not do what was asked; the message is one clear line."""


class EngineUnreachable(EngineError):
    """No engine answers at the configured address, or it went away."""


class EngineFull(EngineError):
    """The engine refuses to write: its disk is full or its indices are read-only."""


class EngineNotFound(EngineError):
    """The index, alias or document asked for is not there."""


class EngineConflict(EngineError):
    """Someone else has created or changed the document or index meanwhile."""


class EngineBusy(EngineError):
    """The engine has no room for a request right now, and had none in several attempts."""


class _FastJson(JSONSerializer):
    """JSON by orjson, which reads bulk answers several times faster."""

    def loads(self, s: str) -> Any:
        try:
            return orjson.loads(s)
        except ValueError as error:  # half an answer, or none: an error of the engine like any other
            raise SerializationError(s[:100], error) from error

    def dumps(self, data: Any) -> Any:
        return data if isinstance(data, str | bytes) else orjson.dumps(data).decode()


class Engine:
    """A blocking connection to the engine; safe to use from several threads."""

    def __init__(self, settings: EngineSettings) -> None:
        self.address = settings.engine_address  # without user and password: it is printed
        self._client = OpenSearch(
            settings.engine_addresses,
            connection_class=Urllib3HttpConnection,
            serializer=_FastJson(),
            timeout=settings.engine_timeout,
            max_retries=0,
            pool_maxsize=4,
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        params: Mapping[str, Any] | None = None,
        timeout: float | None = None,
    ) -> Any:
        """Send one request and return the decoded answer, if it is whole; raises EngineError and nothing else."""
        given = dict(params or {})
        try:
            answer = self._client.transport.perform_request(
                method, path, params=dict(given), body=body, timeout=timeout
            )
            check_answer(path, body, answer, given, filtered="filter_path" in given)
        except OpenSearchException as error:
            raise self._explain(error, f"{method} {path}") from error
        except BadAnswer as error:
            raise EngineError(f"{method} {path}: {error}") from error
        return answer

    def call_patiently(self, method: str, path: str, body: Any, params: Mapping[str, Any] | None = None) -> Any:
        """Send a request that may be repeated, several times if the connection is lost or the engine is too busy."""
        for pause in RETRIES:
            try:
                return self.call(method, path, body, params, LONG)
            except (EngineUnreachable, EngineBusy):
                time.sleep(pause)
        return self.call(method, path, body, params, LONG)

    def run(self, steps: Steps[Answer]) -> Answer:
        """Drive steps to their end, one request after the other."""
        answer: Any = None
        try:
            while True:
                request = steps.send(answer)
                if request.pause:
                    time.sleep(request.pause)
                answer = self.call_patiently(request.method, request.path, request.body, request.client_params)
        except StopIteration as end:
            result: Answer = end.value
            return result
        except SeatsNotStored as error:
            raise EngineError(f"the engine refused seat figures: {error}") from error
        except BadAnswer as error:
            raise EngineError(str(error)) from error

    def exists(self, name: str) -> bool:
        """Tell whether there is an index or alias of this name."""
        try:
            self.call("GET", f"/{name}/_settings", params={"filter_path": "*.settings.index.uuid"})
        except EngineNotFound:
            return False
        return True

    def _explain(self, error: OpenSearchException, what: str) -> EngineError:
        if isinstance(error, ConnectionTimeout):
            return EngineUnreachable(f"the engine at {self.address} did not answer in time ({what})")
        if isinstance(error, NoConnection):
            return EngineUnreachable(f"no engine answers at {self.address}: is it running? ({_cause(error)})")
        if not isinstance(error, TransportError):
            return EngineError(f"{what}: {error}")
        reason = f"{what}: {error.status_code} {error.error}: {_reason(error)}"
        if error.error == BLOCK:
            return EngineFull(explain_block(_reason(error)))
        kinds: dict[Any, type[EngineError]] = {404: EngineNotFound, 409: EngineConflict, BUSY: EngineBusy}
        already = error.error == "resource_already_exists_exception"
        return EngineConflict(reason) if already else kinds.get(error.status_code, EngineError)(reason)


def explain_block(reason: str) -> str:
    """Return the line for an engine that refuses to write, told by its own reason."""
    return f"the engine refuses to write, its disk is full or the index is read-only ({reason})"


def _cause(error: TransportError) -> str:
    return str(error.info).partition("Failed to establish a new connection: ")[2] or str(error.error)


def _reason(error: TransportError) -> str:
    info = error.info
    if isinstance(info, dict) and isinstance(info.get("error"), dict):
        causes = info["error"].get("root_cause") or [info["error"]]
        return str(causes[0].get("reason") or info["error"].get("reason"))
    return str(info)
