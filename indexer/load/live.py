"""What is live of the offers that a load is about to write: their versions, their figures, and sessions that move.

A statement may reach an offer at any moment. So an offer is written only if it is still the version whose figures were
read, and a session leaves the offer that had it before another one gets it, with what the ledger then says.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

import orjson

from engine.answers import found_documents, is_index_missing
from engine.blocking import LONG
from engine.errors import EngineError
from indexer.lifecycle.indices import Indices
from indexer.load.bulk import Operation, Version, without_sessions, write_operations
from seats.ledger.store import Figure

Row = TypeVar("Row")
KEYS_AT_ONCE: Final = 5_000  # of one question; the answer names at most as many offers, and 10,000 is its limit
FEW: Final = 20  # offers that are read and written in about 10 ms, so that hardly a statement comes between
ATTEMPTS: Final = 20  # at 50 statements a second for one offer, each of them succeeds more often than not
MOVED: Final = "session-moved"  # a hash that no record has: the offer is written again by the load that has it


@dataclass(frozen=True, slots=True)
class LiveOffer:
    """A stored offer: its version, the figures of each session that it has, and when all came, by session key.

    What was stored before these moments were kept came at the latest when the offer was last written.
    """

    version: Version
    figures: Mapping[str, list[Figure]]
    first_seen: str
    sessions_seen: Mapping[str, str]


def chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Yield the rows in lists of a size.

    >>> list(chunks("abc", 2))
    [['a', 'b'], ['c']]
    """
    waiting = iter(rows)
    while chunk := list(islice(waiting, size)):
        yield chunk


def fetch_live(indices: Indices, keys: list[str]) -> dict[str, LiveOffer]:
    """Return those of the offers that exist, as they are at this moment and not at the last refresh, by key."""
    fields = "written_at,first_seen,sessions.key,sessions.seats,sessions.first_seen"
    return {document["_id"]: _to_live(document) for document in fetch_documents(indices, keys, fields)}


def _to_live(document: Mapping[str, Any]) -> LiveOffer:
    offer = document["_source"]
    sessions, written = offer.get("sessions", ()), offer["written_at"]
    return LiveOffer(
        _version_of(document),
        {session["key"]: session.get("seats", []) for session in sessions},
        offer.get("first_seen", written),
        {session["key"]: session.get("first_seen", written) for session in sessions},
    )


def fetch_documents(indices: Indices, keys: list[str], fields: str) -> list[dict[str, Any]]:
    """Return those of the offers that exist, as the engine holds them, with these fields; raises EngineError."""
    if not keys:
        return []
    path, params = f"/{indices.names.offers}/_mget", {"_source_includes": fields}
    answer = indices.engine.call_patiently("POST", path, {"ids": keys}, params)
    if is_index_missing(answer):
        raise EngineError(f"{indices.names.offers}: no such index or alias")
    return found_documents(answer)


def _version_of(document: Mapping[str, Any]) -> Version:
    return Version(document["_seq_no"], document["_primary_term"])


def take_out_sessions(indices: Indices, source: str, owners: Mapping[str, str]) -> bool:
    """Take sessions out of the live offers of a source that are not their owners; returns whether any had to be.

    ``owners`` has the offer's key by session key. On return no search finds the sessions where they were, and a search
    of the ledger finds every figure that anybody may have seen there.
    """
    waiting = _find_others(indices, source, owners)
    if not waiting:
        return False
    for _ in range(ATTEMPTS):
        waiting = [key for few in chunks(waiting, FEW) for key in _take_out(indices, few, owners)]
        if not waiting:
            indices.refresh(indices.names.offers)
            indices.refresh(indices.names.ledger)
            return True
    raise overtaken_always(len(waiting))


def size_of_retry(waiting: int) -> int:
    """Return how many overtaken offers are tried again together: few, but not in more than some dozens of requests.

    >>> size_of_retry(30), size_of_retry(4_000)
    (20, 100)
    """
    return max(FEW, waiting // 40)


def overtaken_always(count: int) -> EngineError:
    """Return the error for offers that are changed by others faster than they can be written."""
    return EngineError(f"{count} offers are stated of so often that they could not be written: run the command again")


def _find_others(indices: Indices, source: str, owners: Mapping[str, str]) -> list[str]:
    """Return the offers that have a session which another one owns, as far as the last refresh."""
    others: dict[str, None] = {}
    for keys in chunks(owners, KEYS_AT_ONCE):
        nested = {"nested": {"path": "sessions", "query": {"terms": {"sessions.key": keys}}}}
        query = {"bool": {"filter": [nested, {"term": {"source": source}}]}}
        body = {"size": 10_000, "_source": ["sessions.key"], "query": query, "track_total_hits": False}
        answer = indices.engine.call("POST", f"/{indices.names.offers}/_search", body, timeout=LONG)
        for hit in answer["hits"]["hits"]:
            if _foreign_positions(hit, owners):
                others[hit["_id"]] = None
    return list(others)


def _take_out(indices: Indices, keys: list[str], owners: Mapping[str, str]) -> list[str]:
    """Take sessions out of a few offers; returns the keys of those that were overtaken by a statement."""
    operations = []
    for document in fetch_documents(indices, keys, "*"):
        positions = _foreign_positions(document, owners)
        if positions:
            body = without_sessions(orjson.dumps(document["_source"]), positions, MOVED)
            operations.append(Operation("index", document["_id"], body, _version_of(document)))
    overtaken = []
    for fault in write_operations(indices.engine, indices.names.offers, operations, lambda _: None):
        if not fault.is_overtaken:
            raise EngineError(f"offer {fault.operation.key} could not be written: {fault.reason}")
        overtaken.append(fault.operation.key)
    return overtaken


def _foreign_positions(document: Mapping[str, Any], owners: Mapping[str, str]) -> set[int]:
    offer = document["_id"]
    sessions = document["_source"].get("sessions", ())
    return {n for n, session in enumerate(sessions) if owners.get(session["key"], offer) != offer}
