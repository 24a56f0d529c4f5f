"""Offers and sessions with numbers that are live under another source: those loaded later are rejected."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, TypeVar

import orjson

from engine.blocking import LONG
from indexer.installation.indices import Indices
from indexer.load.state import Load
from indexer.records import REJECT_TEXT, Planned, Reject
from indexer.work_files.spool import SpoolReader

Row = TypeVar("Row")
KEYS_AT_ONCE: Final = 5_000  # of one request; the answer has at most as many offers, and 10,000 is its limit


def set_aside_foreign(load: Load, index: str) -> None:
    """Remove what is live under another source from the plan; sends no request if there is no other source."""
    if load.indices.count(index) == load.indices.count(index, load.source):
        return
    with SpoolReader(load.space.spool) as spool:
        for offers in _chunks(load.settlement.new_offers()):
            _check_offers(load, index, offers, spool)
        for sessions in _chunks(load.settlement.planned_sessions()):
            _check_sessions(load, index, sessions, spool)


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(list(rows))  # read completely: the plan changes during the iteration
    while chunk := list(islice(waiting, KEYS_AT_ONCE)):
        yield chunk


def _find(indices: Indices, index: str, source: str, query: dict[str, Any], fields: list[str]) -> list[dict[str, Any]]:
    elsewhere = {"bool": {"filter": [query], "must_not": [{"term": {"source": source}}]}}
    body = {"size": KEYS_AT_ONCE, "_source": fields, "query": elsewhere}
    hits = indices.engine.call("POST", f"/{index}/_search", body, timeout=LONG)["hits"]["hits"]
    return [hit["_source"] for hit in hits]


def _check_offers(load: Load, index: str, keys: list[str], spool: SpoolReader) -> None:
    for other in _find(load.indices, index, load.source, {"terms": {"key": keys}}, ["id", "key", "source"]):
        set_aside_offer(load, load.settlement.find(other["key"]), other, spool)


def set_aside_offer(load: Load, planned: Planned, other: dict[str, Any], spool: SpoolReader) -> None:
    """Remove an offer from the plan: ``other``, live under another source, has its key and perhaps its number."""
    load.settlement.drop_offer(planned.number)
    body = spool.read(planned.block, planned.start, planned.length)
    identifier = orjson.loads(body)["id"]
    same = identifier == other["id"]
    load.set_aside(
        Reject(
            file=planned.file,
            line=planned.line,
            identifier=identifier,
            identifiers=(identifier,),
            reason="number-of-other-source" if same else "key-collision",
            message=f"{identifier}: live under source {other['source']}"
            + ("" if same else f", whose number {other['id']} has the same short key"),
            record=body.decode()[:REJECT_TEXT],
        )
    )


def _check_sessions(load: Load, index: str, sessions: list[tuple[str, str, int]], spool: SpoolReader) -> None:
    places = {key: (offer, position) for key, offer, position in sessions}
    query = {"terms": {"session_keys": list(places)}}
    for other in _find(load.indices, index, load.source, query, ["source", "sessions.key", "sessions.id"]):
        for session in other["sessions"]:
            if session["key"] not in places:
                continue
            offer, position = places[session["key"]]
            planned = load.settlement.find(offer)
            body = spool.read(planned.block, planned.start, planned.length)
            identifier = orjson.loads(body)["sessions"][position]["id"]
            load.settlement.drop_session(planned.number, position)
            reject = Reject(
                file=planned.file,
                line=planned.line,
                identifier=identifier,
                identifiers=(identifier,),
                reason="number-of-other-source",
                message=f"session {identifier}: live under source {other['source']}; the offer stays, without it",
                record=body.decode()[:REJECT_TEXT],
                whole=False,
            )
            load.set_aside(reject)
