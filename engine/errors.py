"""The error tree of the engine layer, for both clients.

The indexer prints ``str(error)`` as one line; the app converts each class into an error of its API
(``search_app.search.engine.faults``). No message contains a user or a password.
"""

from typing import Final

LONGEST_REASON: Final = 300  # characters of the engine's own words


class EngineError(Exception):
    """The engine did not do what was asked; the message is one line.

    ``status`` is that of the HTTP response, None if there was none or it was a success; ``kind`` and ``reason`` are the
    engine's own words, empty if it gave none.
    """

    def __init__(self, message: str, *, status: int | None = None, kind: str = "", reason: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.reason = reason

    @property
    def told(self) -> str:
        """Return kind and reason on one line, shortened; "no reason given" if the engine gave none."""
        return " ".join(f"{self.kind}: {self.reason}".split())[:LONGEST_REASON] if self.kind else "no reason given"


class EngineUnreachable(EngineError):
    """No engine answers at the configured address, or the connection was lost."""


class EngineTimeout(EngineError):
    """The engine did not answer in time."""


class EngineUnavailable(EngineError):
    """No node could serve the request: said a gateway, or a cluster that lost a node or has no manager (502 to 504)."""


class EngineBusy(EngineError):
    """The engine has no room in its queues for the request right now (429)."""


class EngineFull(EngineError):
    """The engine refuses to write: its disk is full, or its indices were made read-only."""


class EngineNotFound(EngineError):
    """The index, alias, document or point in time does not exist (404)."""


class EngineConflict(EngineError):
    """Another process created or changed the document or index in the meantime (409)."""


class EngineRefused(EngineError):
    """The engine rejects the request itself (400, 405, 413): repeating it does not help."""


class EngineFailed(EngineError):
    """The engine failed on the request (500), denied access (401, 403), or a proxy answered instead."""


class NotStored(EngineError):
    """The engine refused an operation of a bulk request, or had no room for it in several attempts."""


class BadAnswer(EngineError):
    """The answer does not fit the request; the message says why."""


class LateAnswer(BadAnswer):
    """The engine stopped a search before its end."""


class PartialAnswer(BadAnswer):
    """Some shards did not answer."""


class FailedDocument(PartialAnswer):
    """The engine could not say whether a document is there: its shard did not answer."""
