"""HTTP protocol of one connection, with limits that uvicorn lacks.

Limits: size and time of a request head; time without progress while a client reads a response; time to discard an
unread body; time for responses to finish at shutdown.
"""

import asyncio
from collections import deque
from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from search_app.base.errors import AppError, BadRequest, HeadTooLarge, HeadTooSlow
from search_app.base.metrics import count_answer
from search_app.base.proxies import plain_address
from search_app.exports.streaming import SCOPE_ABORT
from search_app.seats.stream import SCOPE_END
from search_app.web.server.connections import STATE, Connections
from search_app.web.server.heads import fault_of
from search_app.web.server.refusals import to_refusal
from search_app.web.server.unframed import reset_at_close, without_chunks

MOST_HEADERS: Final = 100  # browsers send twenty, proxies add ten
MOST_PIPELINED: Final = 32  # requests received before the previous one is answered: each takes some kB
LINGER_SECONDS: Final = 1.0  # seconds for a refused client to read the reason before the connection is closed
LINGER_BYTES: Final = 2**20  # bytes that a client may still send after its next request was refused during a response


class BoundedProtocol(HttpToolsProtocol):
    """One connection; ``_apart`` counts the bytes since the last progress (a byte of a body or a complete head).

    uvicorn's ``cycle`` is the request received last, ``_running`` the one being answered; ``pipeline`` holds the
    requests that wait behind it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held: Connections = self.app_state[STATE]
        self._settings = self._held.settings
        self._in_head = True
        self._begun = False
        self._apart = 0
        self._head_bytes = 0
        self._error: AppError | None = None  # why the next head, or the one being read, is refused
        self._refused = False
        self._running: RequestResponseCycle | None = None
        self._ahead: deque[int] = deque()  # bytes of each request in the pipeline
        self._late: asyncio.TimerHandle | None = None  # timer for data that the client has to send
        self._stalled: asyncio.TimerHandle | None = None  # timer for data that the client has to read

    # The connection.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Register the connection and wait for a head."""
        super().connection_made(transport)
        if self.client is not None:
            self.client = (plain_address(self.client[0]), self.client[1])
        self._error = self._held.enter(self, self.client[0] if self.client else "")
        self._late = self.loop.call_later(self._settings.head_seconds, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection, and notify the running response, which uvicorn does only for the last request."""
        self._held.leave(self)
        self._unset_late()
        self._unset_stalled()
        self._forget_waiting()
        if self._running is not None and self._is_answering():
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    def drop(self) -> None:
        """Close at once without an error response, which the client could not tell from the pending response.

        An interrupted HTTP/1.0 response is ended by a reset: without length and chunks it would look complete.
        """
        old = self._running is not None and self._running.scope["http_version"] == "1.0"
        if old and self in self.connections and (self._is_answering() or self.transport.get_write_buffer_size()):
            reset_at_close(self.transport)
        self.transport.abort()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        if self._ahead:
            self._ahead.popleft()
        cycle.scope[SCOPE_ABORT] = self.drop  # type: ignore[typeddict-unknown-key]
        old = cycle.scope["http_version"] == "1.0"
        super()._start_asgi_task(cycle, without_chunks(cycle, app, self.drop) if old else app)

    def shutdown(self) -> None:
        """Begin to close, as the server calls for each connection at shutdown; queued requests are discarded."""
        self.loop.call_later(self._settings.shutdown_seconds, self.drop)
        self._forget_waiting()
        if self._running is None or not self._is_answering():
            self.transport.close()
            return
        self._running.keep_alive = False
        end = self._running.scope.get(SCOPE_END)
        if callable(end):
            end()
            if self.flow.write_paused:  # the client is not reading, so it would not read the end of the response either
                self.drop()

    # Data from the client.

    def data_received(self, data: bytes) -> None:
        """Read received data; refuse what is not a request or exceeds a limit."""
        self._apart += len(data)
        if self._refused:
            if self._apart > LINGER_BYTES:
                self.transport.abort()
            return
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # an upgrade request is answered as an ordinary one, then the connection is closed
            self.cycle.keep_alive = False
        except httptools.HttpParserError:
            self._refuse(self._error or BadRequest("Ce n’est pas une requête HTTP."))
            return
        if self._apart > self._settings.head_bytes:
            self._refuse(self._too_large())
        elif self._in_head and (self._begun or self._apart) and self._late is None:
            self._late = self.loop.call_later(self._settings.head_seconds, self._head_is_late)

    def on_message_begin(self) -> None:
        """Begin to read a head."""
        self._begun = True
        self._head_bytes = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Append a part of the address."""
        self._head_bytes += len(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Append a header; trailers after a body are dropped, as the request is already being answered."""
        if self._in_head:
            self._head_bytes += len(name) + len(value) + 4
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer, unless the head is refused."""
        self._unset_late()
        if self._error is None and (
            self._head_bytes > self._settings.head_bytes
            or len(self.headers) > MOST_HEADERS
            or len(self.pipeline) >= MOST_PIPELINED
            or sum(self._ahead) > self._settings.head_bytes
        ):
            self._error = self._too_large()
        self._error = self._error or fault_of(self.parser.get_http_version(), self.headers)
        if self._error is not None:
            raise self._error  # passes through the parser to data_received
        waiting = len(self.pipeline)
        super().on_headers_complete()  # raises if the address is invalid
        if len(self.pipeline) > waiting:
            self._ahead.append(self._head_bytes)
            self.flow.resume_reading()  # otherwise a disconnect would not be noticed
        self._in_head = False
        self._apart = 0
        self._held.answering(self)

    def on_body(self, body: bytes) -> None:
        """Receive a part of the body; refuse a queued request with a long body, as unread data is limited."""
        self._apart = 0
        super().on_body(body)
        if self._ahead:
            self._ahead[-1] += len(body)
            self.flow.resume_reading()
            if sum(self._ahead) > self._settings.head_bytes:
                self._error = self._too_large()
                raise self._error

    def on_message_complete(self) -> None:
        """Wait for the next head, or for the response."""
        self._in_head, self._begun, self._apart = True, False, 0
        super().on_message_complete()
        if self.cycle.response_complete:  # the response ended before the whole body was received
            self._unset_late()
            self._wait_for_next()

    # Data to the client.

    def on_response_complete(self) -> None:
        """Wait for the next head, or discard the rest of an unread body."""
        super().on_response_complete()
        if self.transport.is_closing() or self._refused:
            self.transport.close()
            self._cut_in(self._settings.stalled_seconds)
        elif not self._is_answering():
            self._held.waiting(self)
            if not self._in_head and self._late is None:
                self._late = self.loop.call_later(self._settings.head_seconds, self.drop)

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle keep-alive connection, even if its client has not read the last response."""
        super().timeout_keep_alive_handler()
        self._cut_in(self._settings.stalled_seconds)

    def pause_writing(self) -> None:
        """Wait for the client to read, for a limited time."""
        super().pause_writing()
        self._cut_in(self._settings.stalled_seconds)

    def resume_writing(self) -> None:
        """Continue: the client has read something."""
        super().resume_writing()
        if not self.transport.is_closing():
            self._unset_stalled()

    # Limits.

    def _is_answering(self) -> bool:
        return self._running is not None and not self._running.response_complete

    def _too_large(self) -> HeadTooLarge:
        most = f"{self._settings.head_bytes} octets et {MOST_HEADERS} en-têtes au plus"
        return HeadTooLarge(f"L’adresse et les en-têtes de cette requête sont trop longs ({most}).")

    def _head_is_late(self) -> None:
        self._late = None
        if self._begun or self._apart:
            self._refuse(HeadTooSlow(f"Requête trop lente : {self._settings.head_seconds:g} secondes au plus."))
        else:
            self.transport.close()

    def _wait_for_next(self) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def _refuse(self, error: AppError) -> None:
        """Send an error and close; a running response is interrupted first, and no more data is read.

        No error is sent if the request already has a response, or if the app still waits for its body: the client would
        take it for the response to the next request.
        """
        self._refused, self._apart = True, 0
        self._unset_late()
        self._forget_waiting()
        if self._running is not None and self._is_answering():
            if self._running.more_body:
                self.drop()
            return
        if self._in_head:
            count_answer({}, error.status, 0.0)
            bodiless = self._begun and bool(self.url) and self.parser.get_method() == b"HEAD"
            self.transport.write(to_refusal(error, self.server_state.default_headers, bodiless=bodiless))
        # Closing with unread bytes resets the connection at once, and the client might not see the error. Reading is
        # paused meanwhile, so that a client that keeps sending has to wait.
        self.flow.pause_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._cut_in(LINGER_SECONDS)

    def _forget_waiting(self) -> None:
        self.pipeline.clear()
        self._ahead.clear()

    def _cut_in(self, seconds: float) -> None:
        """Close after that time, even if data is unsent."""
        self._unset_stalled()
        self._stalled = self.loop.call_later(seconds, self.drop)

    def _unset_late(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _unset_stalled(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
