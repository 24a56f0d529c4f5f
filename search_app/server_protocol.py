"""The server's side of one connection: when the server stops, an answer that has no end of its own is ended."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from search_app.seats_stream import SCOPE_END
from search_app.streaming import SCOPE_ABORT


class EndingProtocol(HttpToolsProtocol):
    """Without it the server would wait for each stream of seats to grow old."""

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        cycle.scope[SCOPE_ABORT] = self.transport.abort  # type: ignore[typeddict-unknown-key]
        super()._start_asgi_task(cycle, app)

    def shutdown(self) -> None:
        """Begin to close: called by the server for each connection when it stops."""
        super().shutdown()
        end = self.scope.get(SCOPE_END) if self.scope else None
        if not callable(end) or self.cycle.response_complete:
            return
        end()
        if self.flow.write_paused:  # the client does not read: it would not read the end either
            self.transport.abort()
