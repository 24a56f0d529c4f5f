"""Writes offers in bulk: requests built by hand, two in flight, every item's status looked at."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal, NamedTuple

import orjson

from engine.blocking import Engine
from engine.bulk import Outcome, write_groups
from seats.ledger.store import Figure
from seats.projection.write import figures_to_left, merge_figures, seats_rows

REQUEST_BYTES: Final = 4_000_000  # measured: larger requests are no faster, and make the engine collect garbage
IN_FLIGHT: Final = 2
CONFLICT: Final = 409
NOT_DONE: Final = (Outcome.CONFLICT, Outcome.REFUSED)  # a document that is to be deleted may be gone


class Version(NamedTuple):
    """Which write of a document is meant: any other write of it has another one."""

    seq_no: int
    primary_term: int


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of work: ``create`` fails if the document is there, ``index`` overwrites, ``delete`` has no body.

    With a version it fails if the document is no longer that one.
    """

    kind: Literal["create", "index", "delete"]
    key: str
    body: bytes = b""
    version: Version | None = None


@dataclass(frozen=True, slots=True)
class ItemFault:
    """An operation that the engine refused for a reason of its own; everything else was done."""

    operation: Operation
    status: int
    reason: str

    @property
    def is_overtaken(self) -> bool:
        """Whether the document was written by somebody else after the version that the operation names."""
        return self.status == CONFLICT and self.operation.version is not None


def write_operations(
    engine: Engine,
    name: str,
    operations: Iterable[Operation],
    advance: Callable[[int], None],
    *,
    is_alias: bool = True,
) -> Iterator[ItemFault]:
    """Send operations, each document at most once; yields what was refused; raises EngineError if none can be sent.

    An alias that is missing is never made into an index by accident.
    """
    send = partial(_send, engine, f"/{name}/_bulk", {"require_alias": "true"} if is_alias else {})
    waiting: deque[tuple[int, Future[list[ItemFault]]]] = deque()
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        try:
            for request in _requests(operations):
                waiting.append((len(request), pool.submit(send, request)))
                if len(waiting) >= IN_FLIGHT:
                    yield from _collect(waiting, advance)
            while waiting:
                yield from _collect(waiting, advance)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _collect(
    waiting: deque[tuple[int, Future[list[ItemFault]]]], advance: Callable[[int], None]
) -> Iterator[ItemFault]:
    count, future = waiting.popleft()
    yield from future.result()
    advance(count)


def _requests(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    request: list[Operation] = []
    size = 0
    for operation in operations:
        request.append(operation)
        size += len(operation.body) + 40
        if size >= REQUEST_BYTES:
            yield request
            request, size = [], 0
    if request:
        yield request


def _send(engine: Engine, path: str, params: Mapping[str, str], operations: Sequence[Operation]) -> list[ItemFault]:
    groups = [_bulk_lines(operation) for operation in operations]
    items = engine.run(write_groups(path, groups, params, keep_refused=True))
    return [
        ItemFault(operation, item.status, item.reason)
        for operation, (item,) in zip(operations, items, strict=True)
        if item.outcome in NOT_DONE
    ]


def _bulk_lines(operation: Operation) -> bytes:
    condition = b',"if_seq_no":%d,"if_primary_term":%d' % operation.version if operation.version else b""
    action = b'{"%s":{"_id":"%s"%s}}\n' % (operation.kind.encode(), operation.key.encode(), condition)
    return action if operation.kind == "delete" else b"%b%b\n" % (action, operation.body)


def with_head(body: bytes, offer_hash: str, copy_number: int) -> bytes:
    """Return an offer's JSON, which begins with its hash, with what only the whole feed tells of it."""
    return b'{"hash":"%s","copy_number":%d%s' % (offer_hash.encode(), copy_number, body[body.index(b",") :])


def with_first_seen(body: bytes, offer_seen: str, sessions_seen: Mapping[str, str]) -> bytes:
    """Return an offer's JSON, in which all is first seen now, with the earlier moments that are known.

    ``sessions_seen`` are those of sessions, by key; a session that is not among them has come now.
    """
    offer = orjson.loads(body)
    offer["first_seen"] = offer_seen
    for session in offer.get("sessions", ()):
        session["first_seen"] = sessions_seen.get(session["key"], session["first_seen"])
    offer["news_at"] = news_of(offer)
    return orjson.dumps(offer)


def news_of(offer: Mapping[str, Any]) -> str | None:
    """Return when an offer, or the newest of its sessions, was first seen; None if that was never kept.

    >>> news_of({"first_seen": "2026-11-01T03:00:00+00:00", "sessions": [{"first_seen": "2026-11-08T03:00:00+00:00"}]})
    '2026-11-08T03:00:00+00:00'
    """
    moments = [offer.get("first_seen"), *(session.get("first_seen") for session in offer.get("sessions", ()))]
    return max(filter(None, moments), default=None)


def without_sessions(body: bytes, positions: set[int], new_hash: str) -> bytes:
    """Return an offer's JSON without the sessions at some positions; what the root says of its sessions follows."""
    offer = orjson.loads(body)
    offer["sessions"] = [session for n, session in enumerate(offer["sessions"]) if n not in positions]
    states = {session.get("recruiting", "unknown") for session in offer["sessions"]}
    offer["recruiting"] = [state for state in offer.get("recruiting", ()) if state in states]
    offer["seats_rows"] = seats_rows(offer["sessions"])
    offer["news_at"] = news_of(offer)
    offer["hash"] = new_hash
    return orjson.dumps(offer)


def with_figures(body: bytes, cutoff: str, *told: Mapping[str, Sequence[Figure]]) -> bytes:
    """Return an offer's JSON with the seat figures of its sessions, by session key: of several the newest.

    Those that were observed before the cutoff are shown and do not count.
    """
    offer = orjson.loads(body)
    for session in offer["sessions"]:
        of_session: list[Figure] = []
        for figures in told:
            of_session = merge_figures(of_session, figures.get(session["key"], ()))
        if of_session:
            session["seats"] = of_session
            session["left"] = figures_to_left(of_session, offer.get("funder", ()), cutoff)
    offer["seats_rows"] = seats_rows(offer["sessions"])
    return orjson.dumps(offer)
