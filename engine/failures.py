"""Converts exceptions of the client library, and statuses of the engine, into the tree of ``engine.errors``."""

from typing import Any, Final, NamedTuple

from opensearchpy import exceptions as client_errors

from engine.answers import is_no_room
from engine.errors import (
    EngineBusy,
    EngineConflict,
    EngineError,
    EngineFailed,
    EngineFull,
    EngineNotFound,
    EngineRefused,
    EngineTimeout,
    EngineUnavailable,
    EngineUnreachable,
)

ALREADY_EXISTS: Final = "resource_already_exists_exception"  # of a 400: another process was faster
OF_STATUS: Final[dict[int, type[EngineError]]] = {
    400: EngineRefused,
    404: EngineNotFound,
    405: EngineRefused,
    409: EngineConflict,
    413: EngineRefused,
    429: EngineBusy,
    502: EngineUnavailable,
    503: EngineUnavailable,
    504: EngineUnavailable,
}

# Of a 500: a node left the cluster while it worked on the request, or no shard said why it did not answer.
LOST_NODE: Final = (
    "node_not_connected_exception",
    "node_disconnected_exception",
    "connect_transport_exception",
    "search_phase_execution_exception",
)


class Cause(NamedTuple):
    """The engine's description of a failure: its outer type, and its innermost type and reason."""

    outer: str
    kind: str
    reason: str


def cause_of(info: Any) -> Cause:
    """Return the cause in the body of an answer; the outer reason of a search is "all shards failed".

    >>> cause_of({"error": {"type": "a", "reason": "b", "root_cause": [{"type": "c", "reason": "d"}]}})
    Cause(outer='a', kind='c', reason='d')
    >>> cause_of("<html>")
    Cause(outer='', kind='', reason='')
    """
    error = info.get("error") if isinstance(info, dict) else None
    if not isinstance(error, dict):
        return Cause(str(error or ""), "", "")
    inner = (error.get("root_cause") or [error])[0]
    return Cause(
        str(error.get("type") or ""),
        str(inner.get("type") or error.get("type") or ""),
        str(inner.get("reason") or error.get("reason")),
    )


def to_engine_error(error: client_errors.OpenSearchException, what: str, address: str) -> EngineError:
    """Return the error for an exception of the client library; ``what`` is the request, ``address`` is printed."""
    if isinstance(error, client_errors.ConnectionTimeout):
        return EngineTimeout(f"the engine at {address} did not answer in time ({what})")
    if isinstance(error, client_errors.ConnectionError):
        return EngineUnreachable(f"no engine answers at {address}: is it running? ({_reason_of(error)})")
    status = error.status_code if isinstance(error, client_errors.TransportError) else None
    if not isinstance(status, int):
        return EngineFailed(f"{what}: {error}")
    assert isinstance(error, client_errors.TransportError)
    return error_of_status(status, error.info, what)


def error_of_status(status: int, info: Any, what: str) -> EngineError:
    """Return the error of a status; ``info`` is the body of the answer, if it was JSON."""
    cause = cause_of(info)
    kind = OF_STATUS.get(status, EngineFailed)
    message = f"{what}: {status} {cause.outer}" + (f": {cause.reason}" if cause.reason else "")
    if is_no_room(status, cause.outer):
        kind, message = EngineFull, full_message(cause.reason)
    elif status == 500 and cause.kind in LOST_NODE:
        kind = EngineUnavailable
    elif cause.outer == ALREADY_EXISTS:
        kind = EngineConflict
    # the engine names the missing thing; a proxy does not
    elif status == 404 and not (isinstance(info, dict) and info):
        kind = EngineFailed
    return kind(message, status=status, kind=cause.kind, reason=cause.reason)


def full_message(reason: str) -> str:
    """Return the line for an engine that refuses to write, with its own reason."""
    return f"the engine refuses to write, its disk is full or the index is read-only ({reason})"


def _reason_of(error: client_errors.TransportError) -> str:
    return str(error.info).partition("Failed to establish a new connection: ")[2] or str(error.error)
