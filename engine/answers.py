"""Checks every answer of the engine before it is parsed further: does it answer the request, and is it complete.

Status 200 proves little: a search answers without the shards that failed, an ``_mget`` reports an unassigned shard per
document, ``_stats`` omits it, and a proxy may answer ``{}`` or ``null``. Both clients (``engine.client``,
``engine.blocking``) call ``check_answer``; callers need not check again.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from engine.errors import BadAnswer, FailedDocument, LateAnswer, PartialAnswer

MISSING_INDEX: Final = "index_not_found_exception"
BLOCK: Final = "cluster_block_exception"
NO_ROOM: Final = (403, 429)  # statuses of a block by a full disk; 503 is one of a cluster that is not there yet
BULK_ERRORS: Final = 300  # statuses of an item from here on carry an ``error``
WITHOUT_ERROR: Final = (404,)  # a delete of what is not there tells of no error
OF_SNAPSHOTS: Final = frozenset(("acknowledged", "accepted", "snapshots"))  # one of them is in each answer

NO_PARAMS: Final[Mapping[str, Any]] = {}

Answer = Any
Body = Mapping[str, Any] | bytes | str | None
Read = TypeVar("Read")


def read_answer(decode: Callable[[Any], Read], answer: bytes | str) -> Read:
    """Return the parsed bytes of an answer; raises BadAnswer if they are something else (as a proxy's page)."""
    try:
        return decode(answer)
    except ValueError as error:  # of orjson and of msgspec
        raise BadAnswer(str(error)) from error


def check_answer(
    path: str, body: Body, answer: Answer, params: Mapping[str, Any] = NO_PARAMS, *, filtered: bool = False
) -> None:
    """Raise BadAnswer unless this is a whole answer to a request of this path and body.

    ``filtered``: a ``filter_path`` leaves out of a search what is empty, but must not leave out what tells of failure.
    An error of a status that ``params`` ignore is an answer.
    """
    where = path.partition("?")[0]
    if "ignore" in params and isinstance(answer, dict) and "error" in answer:
        return
    if where.startswith("/_cat/"):
        _expect(isinstance(answer, list), where, answer)
        return
    _expect(isinstance(answer, dict), where, answer)
    try:
        if where.endswith("/_search"):
            check_search(answer, body, filtered=filtered)
        elif where.startswith(("/_alias/", "/_tasks/")) or where.endswith("/_mapping"):
            _expect(bool(answer) or "*" in where, where, answer)  # what is missing is a 404, but of a pattern nothing
        elif where.startswith("/_snapshot/"):
            _expect(not OF_SNAPSHOTS.isdisjoint(answer), where, answer)
        elif where.startswith("/_cluster/health"):
            _expect(isinstance(answer["status"], str), where, answer)
        elif "/_doc/" in where:
            _expect("result" in answer or "found" in answer or "error" in answer, where, answer)
        else:
            _CHECKS.get(where.rpartition("/")[2], _check_nothing)(answer, body)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise BadAnswer(f"{where}: {type(error).__name__} {error} in {_shown(answer)}") from error


def check_search(answer: Mapping[str, Any], body: Body, *, filtered: bool = False) -> None:
    """Raise BadAnswer unless this is a whole answer to a search; of several searches, one item."""
    shards = answer["_shards"]
    check_whole(answer["timed_out"], lacking_shards(shards["total"], shards["successful"], shards["failed"]))
    if not filtered:
        _expect(isinstance(answer["hits"]["hits"], list), "_search", answer)
    # Of no index at all (ignore_unavailable) there are no aggregations either.
    if isinstance(body, Mapping) and body.get("aggs") and answer["_shards"].get("total", 1):
        lacking = set(body["aggs"]) - set(answer["aggregations"])
        _expect(not lacking, f"_search without {sorted(lacking)}", answer)


def check_whole(timed_out: bool, lacking: int) -> None:
    """Raise LateAnswer if a search was cut short, PartialAnswer if so many shards did not answer it."""
    if timed_out:
        raise LateAnswer("the engine stopped the search before its end")
    if lacking:
        raise PartialAnswer(f"{lacking} shards did not answer")


def lacking_shards(total: int, successful: int, failed: int) -> int:
    """Return how many shards did not answer; the engine does not count an unassigned one among those that failed.

    >>> lacking_shards(total=2, successful=1, failed=0)
    1
    """
    return max(failed, total - successful)


def is_no_room(status: int, kind: str | None) -> bool:
    """Tell whether an error says that the disk is full, or the index was made read-only."""
    return kind == BLOCK and status in NO_ROOM


def found_documents(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the documents of a checked ``_mget`` that are there; a missing index holds none."""
    return [row for row in answer["docs"] if row.get("found")]


def is_index_missing(answer: Mapping[str, Any]) -> bool:
    """Tell whether a checked ``_mget`` asked for documents of an index that is not there."""
    return any("error" in row for row in answer["docs"])  # no other error passes the check


def _check_documents(answer: Mapping[str, Any], body: Body) -> None:
    rows = answer["docs"]
    _expect(isinstance(body, Mapping) and len(rows) == len(body["ids"]), "_mget", answer)
    for row in rows:
        error = row.get("error")
        if error is None:
            _expect(isinstance(row["found"], bool), "_mget", row)
        elif error["type"] != MISSING_INDEX:
            raise FailedDocument(f"document {row.get('_id')}: {error['type']}: {error.get('reason')}")


def _check_bulk(answer: Mapping[str, Any], body: Body) -> None:
    items = answer["items"]
    _expect(len(items) == _count_operations(body), "_bulk", answer)
    for item in items:
        (result,) = item.values()
        if result["status"] >= BULK_ERRORS and result["status"] not in WITHOUT_ERROR:
            _expect({"type", "reason"} <= result["error"].keys(), "_bulk", item)


def _count_operations(body: Body) -> int:
    """Return how many operations a bulk request asks for: each has a line of its own and, but for deletes, another.

    >>> _count_operations(b'{"delete":{}}\\n{"index":{}}\\n{"a":1}\\n')
    2
    """
    lines = body if isinstance(body, bytes) else str(body).encode()
    count, is_document = 0, False
    for line in lines.splitlines():
        if is_document:
            is_document = False
            continue
        count += 1
        is_document = not line.startswith(b'{"delete"')
    return count


def _check_searches(answer: Mapping[str, Any], body: Body) -> None:
    lines = body if isinstance(body, bytes) else b""
    _expect(len(answer["responses"]) * 2 == len(lines.splitlines()), "_msearch", answer)


def _check_count(answer: Mapping[str, Any], _: Body) -> None:
    _expect(isinstance(answer["count"], int), "_count", answer)
    _check_shards(answer, None)


def _check_shards(answer: Mapping[str, Any], _: Body) -> None:
    shards = answer["_shards"]
    if shards["failed"] or (shards["total"] and not shards["successful"]):
        raise PartialAnswer(f"shards: {dict(shards)}")


def _check_view(answer: Mapping[str, Any], _: Body) -> None:
    if "pits" in answer:  # of a DELETE
        return
    _expect(isinstance(answer["pit_id"], str), "point_in_time", answer)
    _check_shards(answer, None)


def _check_task(answer: Mapping[str, Any], _: Body) -> None:
    _expect(isinstance(answer["task"], str), "_forcemerge", answer)


def _check_nothing(answer: Mapping[str, Any], body: Body) -> None:
    """Pass: whoever reads other answers says what must be in them."""


_CHECKS: Final[Mapping[str, Callable[[Mapping[str, Any], Body], None]]] = {
    "_mget": _check_documents,
    "_bulk": _check_bulk,
    "_msearch": _check_searches,
    "_count": _check_count,
    "_stats": _check_shards,
    "_refresh": _check_shards,
    "_flush": _check_shards,
    "_forcemerge": _check_task,
    "point_in_time": _check_view,
}


def primary_checkpoints(answer: Mapping[str, Any]) -> Iterable[int]:
    """Yield the local checkpoint of each primary shard that a checked ``_stats`` on the level of shards tells of."""
    for found in answer["indices"].values():
        for copies in found["shards"].values():
            for copy in copies:
                if copy["routing"]["primary"]:
                    yield copy["seq_no"]["local_checkpoint"]


def _expect(holds: bool, where: str, answer: Answer) -> None:
    if not holds:
        raise BadAnswer(f"{where}: unexpected answer {_shown(answer)}")


def _shown(answer: Answer) -> str:
    return str(answer)[:200]
