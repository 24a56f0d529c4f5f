"""The indexer's blocking client, with retries while the engine is busy or unreachable."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Self

import orjson
from opensearchpy import OpenSearch, Urllib3HttpConnection
from opensearchpy.exceptions import OpenSearchException
from urllib3 import Timeout

from engine.again import may_be_sent_again
from engine.answers import NO_PARAMS, check_answer, read_answer
from engine.connection import Connection
from engine.errors import BadAnswer, EngineBusy, EngineError, EngineNotFound, EngineTimeout, EngineUnreachable
from engine.failures import to_engine_error
from engine.requests import Answer, Request, Steps

LONG: Final = 300.0  # seconds for what may rightly take long: a bulk request on a busy disk, a refresh after a load
RETRIES: Final = (0.5, 2.0, 5.0)  # seconds between attempts when the connection is lost or the engine is too busy
POOL_SIZE: Final = 4
CONNECT_SECONDS: Final = 5.0  # a machine that is gone refuses no connection


class QuickToConnect(Urllib3HttpConnection):
    """The library's connection, with a time limit for connecting: the library gives it that of the whole request."""

    def perform_request(self, *arguments: Any, **named: Any) -> Any:
        """Send one request; return (status, headers, text)."""
        whole = named.pop("timeout", None) or self.timeout
        named["timeout"] = Timeout(connect=min(CONNECT_SECONDS, whole), read=whole)
        return super().perform_request(*arguments, **named)


class Engine:
    """A blocking, thread-safe connection to the engine; every failure is an EngineError.

    ``transport`` is the client library's, or a replacement in tests.
    """

    def __init__(self, transport: Any, address: str = "", sleep: Callable[[float], None] = time.sleep) -> None:
        self.transport = transport
        self.address = address  # without user and password: it is printed
        self._sleep = sleep
        self.nodes = 1  # addresses that a request may be sent to

    @classmethod
    def connect(cls, connection: Connection) -> Self:
        """Create the client; nothing is sent yet."""
        client = OpenSearch(**connection.options(), connection_class=QuickToConnect, pool_maxsize=POOL_SIZE)
        made = cls(client.transport, connection.shown)
        made.nodes = len(connection.addresses)
        return made

    def close(self) -> None:
        """Close all connections."""
        self.transport.close()

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        params: Mapping[str, Any] | None = None,
        timeout: float | None = None,
    ) -> Any:
        """Send one request and return the decoded answer, if it is complete.

        Of several nodes, others are asked if one does not answer and the request may be sent again.
        """
        given, what = params or NO_PARAMS, f"{method} {path}"
        raw = self._send(method, path, body, given, timeout)
        try:
            answer = read_answer(orjson.loads, raw)
            check_answer(path, body, answer, given, filtered="filter_path" in given)
        except BadAnswer as error:
            raise type(error)(f"{what}: {error}") from error
        return answer

    def _send(self, method: str, path: str, body: Any, params: Mapping[str, Any], timeout: float | None) -> Any:
        for left in reversed(range(self.nodes)):
            try:
                return self.transport.perform_request(method, path, params=dict(params), body=body, timeout=timeout)
            except OpenSearchException as error:
                failure = to_engine_error(error, f"{method} {path}", self.address)
                if not left or not may_be_sent_again(failure, error, method, path):
                    raise failure from error
        raise AssertionError  # the last attempt returns or raises

    def call_patiently(self, method: str, path: str, body: Any, params: Mapping[str, Any] | None = None) -> Any:
        """Send a request that may be repeated, several times if the connection is lost or the engine is too busy."""
        for pause in RETRIES:
            try:
                return self.call(method, path, body, params, LONG)
            except (EngineUnreachable, EngineTimeout, EngineBusy):
                self._sleep(pause)
        return self.call(method, path, body, params, LONG)

    def run(self, steps: Steps[Answer], *, patiently: bool = True) -> Answer:
        """Drive steps to their end, one request after the other; they may catch the EngineError of a request.

        With ``patiently`` False each request is sent once, within the time limit of an ordinary call.
        """
        call = self.call_patiently if patiently else self.call
        try:
            request = next(steps)
            while True:
                if request.pause:
                    self._sleep(request.pause)
                try:
                    answer = _answer(call, request)
                except EngineError as error:
                    request = steps.throw(error)
                else:
                    request = steps.send(answer)
        except StopIteration as end:
            result: Answer = end.value
            return result
        finally:
            steps.close()

    def exists(self, name: str) -> bool:
        """Tell whether there is an index or alias of this name."""
        try:
            self.call("GET", f"/{name}/_settings", params={"filter_path": "*.settings.index.uuid"})
        except EngineNotFound:
            return False
        return True


def _answer(call: Callable[..., Any], request: Request) -> Any:
    """Return the answer to a request, or all answers if there are others beside it."""

    def ask(each: Request) -> Any:
        return call(each.method, each.path, each.body, each.client_params)

    if not request.beside:
        return ask(request)
    asked = (request, *request.beside)
    with ThreadPoolExecutor(len(asked)) as threads:  # all end before an error is raised
        return list(threads.map(ask, asked))
