"""Live state of the offers that a load is about to write: versions, figures, and sessions that move.

A statement may reach an offer at any moment. Therefore an offer is written only if it still has the version whose
figures were read, and a session is removed from its former offer before another one gets it, with the ledger's figures.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

from engine.answers import found_documents, is_index_missing
from engine.blocking import LONG
from engine.errors import EngineError
from indexer.installation.indices import Indices
from indexer.offers.bulk import Operation, Version, write_operations
from indexer.offers.document import FirstSeen, Head, to_document
from mappings.index_fields import FIELDS as INDEX_FIELDS
from seats.ledger.store import Figure

Row = TypeVar("Row")
KEYS_AT_ONCE: Final = 5_000  # of one request; the answer has at most as many offers, and 10,000 is its limit
FEW: Final = 20  # offers read and written in about 10 ms, so that a statement rarely comes between
ATTEMPTS: Final = 20  # at 50 statements a second for one offer, each attempt succeeds more often than not
FIELDS: Final = "written_at,first_seen,sessions.key,sessions.seats,sessions.first_seen"
MOVED: Final = "session-moved"  # a hash that no record has: the load that has the offer writes it again


@dataclass(frozen=True, slots=True)
class LiveOffer:
    """A stored offer: its version, the figures of its sessions by session key, and when they were first seen."""

    version: Version
    figures: Mapping[str, list[Figure]]
    seen: FirstSeen


def chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Yield the rows in lists of a size.

    >>> list(chunks("abc", 2))
    [['a', 'b'], ['c']]
    """
    waiting = iter(rows)
    while chunk := list(islice(waiting, size)):
        yield chunk


def fetch_live(indices: Indices, keys: list[str]) -> dict[str, LiveOffer]:
    """Return the existing ones of these offers by key, in real time, not as of the last refresh."""
    return {document["_id"]: _to_live(document) for document in fetch_documents(indices, keys, FIELDS)}


def _to_live(document: Mapping[str, Any]) -> LiveOffer:
    offer = document["_source"]
    figures = {session["key"]: session.get("seats", []) for session in offer.get("sessions", ())}
    return LiveOffer(_version_of(document), figures, _seen_of(offer))


def _seen_of(offer: Mapping[str, Any]) -> FirstSeen:
    """Return when a stored offer was first seen; if unrecorded, its last write is the upper bound."""
    written = offer["written_at"]
    sessions = {session["key"]: session.get("first_seen", written) for session in offer.get("sessions", ())}
    return FirstSeen(offer.get("first_seen", written), sessions)


def fetch_documents(indices: Indices, keys: list[str], fields: str) -> list[dict[str, Any]]:
    """Return the existing ones of these offers with these fields, in real time; raises EngineError."""
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
    """Remove sessions from live offers of a source that do not own them; return whether there were any.

    ``owners`` has the offer's key by session key. On return no search finds the sessions at their former offers, and a
    search of the ledger finds every figure that was visible there.
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
    """Return how many overtaken offers are retried together: few, but in no more than some dozens of requests.

    >>> size_of_retry(30), size_of_retry(4_000)
    (20, 100)
    """
    return max(FEW, waiting // 40)


def overtaken_always(count: int) -> EngineError:
    """Return the error for offers that are changed by others faster than they can be written."""
    return EngineError(f"{count} offers are stated of so often that they could not be written: run the command again")


def _find_others(indices: Indices, source: str, owners: Mapping[str, str]) -> list[str]:
    """Return the offers with a session that another one owns, as of the last refresh."""
    others: dict[str, None] = {}
    for keys in chunks(owners, KEYS_AT_ONCE):
        query = {"bool": {"filter": [{"terms": {"session_keys": keys}}, {"term": {"source": source}}]}}
        body = {"size": 10_000, "_source": ["sessions.key"], "query": query, "track_total_hits": False}
        answer = indices.engine.call("POST", f"/{indices.names.offers}/_search", body, timeout=LONG)
        for hit in answer["hits"]["hits"]:
            if _foreign_positions(hit, owners):
                others[hit["_id"]] = None
    return list(others)


def _take_out(indices: Indices, keys: list[str], owners: Mapping[str, str]) -> list[str]:
    """Remove sessions from a few offers; return the keys of those that a statement changed meanwhile."""
    operations = []
    for document in fetch_documents(indices, keys, "*"):
        positions = _foreign_positions(document, owners)
        if positions:
            offer = document["_source"]
            head = Head(MOVED, offer.get("copy_number", 1), offer["written_at"])
            # What was made of sessions that it has no more must not stay.
            told = {name: value for name, value in offer.items() if name not in INDEX_FIELDS}
            body = to_document(told, head, _seen_of(offer), without=positions)
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
