"""Limits on the open connections of a process, in total and per client.

An idle connection (waiting for the rest of a request head or for the next request) is closed to make room for a new
one, the longest idle first, so that half-sent requests cannot exhaust the process. A new connection is refused only if
every open one is being answered.
"""

from collections import defaultdict
from typing import Final, Protocol

from search_app.base.errors import AppError, ConnectionsFull, TooManyRequests
from search_app.base.proxies import is_trusted
from search_app.base.rates import client_of
from search_app.base.settings import Settings

STATE: Final = "boussole.connections"  # key of the app's state under which a protocol finds this object
# connections over the limit that get a refusal at the same time; further ones are closed without one
MOST_REFUSED: Final = 64


class Held(Protocol):
    """The protocol object of a connection."""

    def drop(self) -> None:
        """Close at once."""


class Connections:
    """Which connections are open, to which client each belongs, and which are idle."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._clients: dict[Held, str] = {}
        self._of_client: defaultdict[str, dict[Held, None]] = defaultdict(dict)
        self._waiting: dict[Held, None] = {}
        self._refused: set[Held] = set()

    def __len__(self) -> int:
        return len(self._clients)

    def enter(self, connection: Held, host: str) -> AppError | None:
        """Register a new connection, closing an idle one if there are too many; return the reason of a refusal, None if
        accepted.
        """
        error = self._make_room(client_of(host), is_trusted(host, self.settings.proxies))
        if error is not None:
            if len(self._refused) >= MOST_REFUSED:
                connection.drop()
            else:
                self._refused.add(connection)
            return error
        client = self._clients[connection] = client_of(host)
        self._of_client[client][connection] = None
        self._waiting[connection] = None
        return None

    def leave(self, connection: Held) -> None:
        """Remove a connection; removing one twice is not an error."""
        self._refused.discard(connection)
        self._waiting.pop(connection, None)
        client = self._clients.pop(connection, None)
        if client is not None:
            del self._of_client[client][connection]
            if not self._of_client[client]:
                del self._of_client[client]

    def answering(self, connection: Held) -> None:
        """Mark a connection as busy: it is not closed to make room."""
        self._waiting.pop(connection, None)

    def waiting(self, connection: Held) -> None:
        """Mark a connection as idle again, after a complete response."""
        if connection in self._clients:
            self._waiting[connection] = None

    def _make_room(self, client: str, trusted: bool) -> AppError | None:
        most, most_of_client = self.settings.connections, self.settings.connections_per_client
        own = self._of_client.get(client, {})
        if most_of_client and not trusted and len(own) >= most_of_client:
            oldest = next((connection for connection in own if connection in self._waiting), None)
            if oldest is None:
                return _too_many()
            self._close(oldest)
        if len(self) >= most:
            oldest = next(iter(self._waiting), None)
            if oldest is None:
                return ConnectionsFull("Trop de connexions à la fois. Réessayez dans un instant.")
            self._close(oldest)
        return None

    def _close(self, connection: Held) -> None:
        self.leave(connection)
        connection.drop()


def _too_many() -> TooManyRequests:
    error = TooManyRequests("Trop de connexions à la fois depuis cette adresse. Réessayez dans un instant.")
    error.retry_after = ConnectionsFull.retry_after
    return error
