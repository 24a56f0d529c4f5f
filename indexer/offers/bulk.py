"""Writes offers in bulk: requests built by hand, two in flight, every item's status checked."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, NamedTuple

from engine.blocking import Engine
from engine.bulk import Outcome, write_groups

REQUEST_BYTES: Final = 4_000_000  # measured: larger requests are no faster, and make the engine collect garbage
IN_FLIGHT: Final = 2
CONFLICT: Final = 409
NOT_DONE: Final = (Outcome.CONFLICT, Outcome.REFUSED)  # a document to delete may already be gone


class Version(NamedTuple):
    """A version of a document: any other write has a different one."""

    seq_no: int
    primary_term: int


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of a bulk request: ``create`` fails if the document exists, ``index`` overwrites, ``delete`` has no
    body.

    With a version it fails if the document has another one.
    """

    kind: Literal["create", "index", "delete"]
    key: str
    body: bytes = b""
    version: Version | None = None


@dataclass(frozen=True, slots=True)
class ItemFault:
    """An operation that the engine refused individually; all others were done."""

    operation: Operation
    status: int
    reason: str

    @property
    def is_overtaken(self) -> bool:
        """Whether another write changed the document after the version in the operation."""
        return self.status == CONFLICT and self.operation.version is not None


def write_operations(
    engine: Engine,
    name: str,
    operations: Iterable[Operation],
    advance: Callable[[int], None],
    *,
    is_alias: bool = True,
) -> Iterator[ItemFault]:
    """Send operations, each document at most once; yield refused ones; raises EngineError if none can be sent.

    A missing alias is never created as an index by accident.
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
