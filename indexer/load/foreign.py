"""Offers and sessions whose numbers are live under another source: the one loaded later is set aside."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, TypeVar

import orjson

from engine.blocking import LONG
from indexer.lifecycle.indices import Indices
from indexer.load.intake import Intake
from indexer.load.settle import Planned
from indexer.records import REJECT_TEXT, Reject
from indexer.work_files.spool import SpoolReader

Row = TypeVar("Row")
KEYS_AT_ONCE: Final = 5_000  # of one question; the answer names at most as many offers, and 10,000 is its limit


def set_aside_foreign(indices: Indices, index: str, source: str, intake: Intake) -> None:
    """Take what is live under another source out of the plan; asks nothing if there is no other source."""
    if indices.count(index) == indices.count(index, source):
        return
    with SpoolReader(intake.space.spool) as spool:
        for offers in _chunks(intake.settlement.new_offers()):
            _check_offers(indices, index, source, offers, intake, spool)
        for sessions in _chunks(intake.settlement.planned_sessions()):
            _check_sessions(indices, index, source, sessions, intake, spool)


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(list(rows))  # read whole: the plan changes while its parts are asked for
    while chunk := list(islice(waiting, KEYS_AT_ONCE)):
        yield chunk


def _find(indices: Indices, index: str, source: str, query: dict[str, Any], fields: list[str]) -> list[dict[str, Any]]:
    elsewhere = {"bool": {"filter": [query], "must_not": [{"term": {"source": source}}]}}
    body = {"size": KEYS_AT_ONCE, "_source": fields, "query": elsewhere}
    hits = indices.engine.call("POST", f"/{index}/_search", body, timeout=LONG)["hits"]["hits"]
    return [hit["_source"] for hit in hits]


def _check_offers(
    indices: Indices, index: str, source: str, keys: list[str], intake: Intake, spool: SpoolReader
) -> None:
    for other in _find(indices, index, source, {"terms": {"key": keys}}, ["id", "key", "source"]):
        set_aside_offer(intake.settlement.find(other["key"]), other, intake, spool)


def set_aside_offer(planned: Planned, other: dict[str, Any], intake: Intake, spool: SpoolReader) -> None:
    """Take an offer out of the plan: ``other``, live under another source, has its key and perhaps its number."""
    intake.settlement.drop_offer(planned.number)
    body = spool.read(planned.block, planned.start, planned.length)
    identifier = orjson.loads(body)["id"]
    same = identifier == other["id"]
    intake.set_aside(
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


def _check_sessions(
    indices: Indices,
    index: str,
    source: str,
    sessions: list[tuple[str, str, int]],
    intake: Intake,
    spool: SpoolReader,
) -> None:
    places = {key: (offer, position) for key, offer, position in sessions}
    query = {"nested": {"path": "sessions", "query": {"terms": {"sessions.key": list(places)}}}}
    for other in _find(indices, index, source, query, ["source", "sessions.key", "sessions.id"]):
        for session in other["sessions"]:
            if session["key"] not in places:
                continue
            offer, position = places[session["key"]]
            planned = intake.settlement.find(offer)
            body = spool.read(planned.block, planned.start, planned.length)
            identifier = orjson.loads(body)["sessions"][position]["id"]
            intake.settlement.drop_session(planned.number, position)
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
            intake.set_aside(reject)
