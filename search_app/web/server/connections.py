"""The open connections of a process: how many there may be, of all clients and of one.

A connection that waits for its client, for the rest of a head or for the next request, gives way to a new one, the one
that has waited longest first: whoever fills the process with half a request holds up nobody. Only where every
connection is being answered is a new one refused.
"""

from collections import defaultdict
from typing import Final, Protocol

from search_app.base.errors import AppError, ConnectionsFull, TooManyRequests
from search_app.base.proxies import is_trusted
from search_app.base.rates import client_of
from search_app.base.settings import Settings

STATE: Final = "boussole.connections"  # under which the server's side of a connection finds this in the app's state
MOST_REFUSED: Final = 64  # connections beyond the limit that are told so at the same time; others are closed unheard


class Held(Protocol):
    """The server's side of a connection."""

    def drop(self) -> None:
        """Close at once."""


class Connections:
    """Which connections are open, whose they are and which of them wait for their client."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._clients: dict[Held, str] = {}
        self._of_client: defaultdict[str, dict[Held, None]] = defaultdict(dict)
        self._waiting: dict[Held, None] = {}
        self._refused: set[Held] = set()

    def __len__(self) -> int:
        return len(self._clients)

    def enter(self, connection: Held, host: str) -> AppError | None:
        """Count a new connection, closing one that waits if there are too many; returns why it is refused, if it is."""
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
        """Forget a connection; one that is not known any more is no error."""
        self._refused.discard(connection)
        self._waiting.pop(connection, None)
        client = self._clients.pop(connection, None)
        if client is not None:
            del self._of_client[client][connection]
            if not self._of_client[client]:
                del self._of_client[client]

    def answering(self, connection: Held) -> None:
        """Keep a connection whatever comes: it is being answered."""
        self._waiting.pop(connection, None)

    def waiting(self, connection: Held) -> None:
        """Let a connection give way again: its answer is whole."""
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
