"""The ledger: an index with one document per (session, funder); the engine itself lets the highest sequence win.

A producer that is limited to sources may state a session before any offer has it: whether it has the right is unknown
then. Such a statement waits under a separate id for each set of sources, and competes with no others;
``seats.ledger.settling`` moves it once the session is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from engine.answers import found_documents, primary_checkpoints
from engine.bulk import Outcome, write_groups
from engine.errors import PartialAnswer
from engine.requests import Request, Steps
from mappings.keys import key_of
from mappings.names import IndexNames
from seats.statements.parse import Statement
from seats.statements.producers import Producer

Figure = dict[str, Any]  # as mappings.offer.SeatFigure: funder, capacity, available, sequence, observed_at
FIGURE_FIELDS: Final = ("funder", "capacity", "available", "sequence", "observed_at")
PAGE: Final = 2_000  # statements of one page when the ledger is read
MOST_HITS: Final = 10_000  # of one answer
SESSIONS_AT_ONCE: Final = 400  # of one request: each has at most 21 funders, and an answer at most 10,000 hits


@dataclass(frozen=True, slots=True)
class LedgerOutcome:
    """For each statement sent, in order, whether it was newer than the ledger's."""

    fresh: tuple[bool, ...]


def ledger_id(session: str, funder: str) -> str:
    """Return the id of the ledger's document for a session and a funder."""
    return key_of(f"{session}\n{funder}")


def waiting_id(session: str, funder: str, sources: Iterable[str]) -> str:
    """Return the id of a waiting statement whose producer has the right for these sources only.

    It differs from every id of a place: "waiting:" is no funder code.
    """
    return key_of(f"{session}\n{funder}\nwaiting:{'+'.join(sorted(sources))}")


def is_waiting(document: Mapping[str, Any]) -> bool:
    """Tell whether the producer's right was not established, because no offer had the session.

    Earlier versions kept such statements among the others; the same fields identify them.
    """
    return document.get("sources") is not None and not document.get("settled")


def id_of(document: Mapping[str, Any]) -> str:
    """Return the id of a document of the ledger."""
    if is_waiting(document):
        return waiting_id(document["session"], document["funder"], document["sources"])
    return ledger_id(document["session"], document["funder"])


def store(names: IndexNames, documents: Sequence[Mapping[str, Any]], received_at: str) -> Steps[LedgerOutcome]:
    """Write documents durably, and into their history; raises NotStored, EngineFull if any could not be written.

    Repeating is safe: documents that are already there count as repeats.
    """
    history = names.seats_history(received_at)
    groups = [_bulk_lines(document, names.ledger, history) for document in documents]
    items = yield from write_groups("/_bulk", groups)
    return LedgerOutcome(tuple(of_ledger.outcome is Outcome.DONE for of_ledger, _ in items))


def to_document(statement: Statement) -> dict[str, Any]:
    """Return the statement's part of a ledger document, without producer and time of receipt."""
    return {**statement.to_dict(), "session_key": key_of(statement.session)}


def to_stored(statement: Statement, received_at: str, producer: Producer, source: str | None) -> dict[str, Any]:
    """Return the ledger document of a statement; ``source`` is that of its session, None if no offer has it."""
    document = to_document(statement) | {"received_at": received_at, "producer": producer.name}
    if producer.sources is not None:
        document["sources"] = sorted(producer.sources)
        if source is not None:
            document["settled"] = source
    return document


def write_lines(document: Mapping[str, Any], index: str | None = None, key: str | None = None) -> bytes:
    """Return the two lines of a bulk request that write a document under its id, unless there is one as new."""
    version = {"version": document["sequence"], "version_type": "external"}
    action: dict[str, Any] = {"_id": key or id_of(document), **version}
    if index is not None:
        action["_index"] = index
    return b"%b\n%b\n" % (orjson.dumps({"index": action}), orjson.dumps(document))


def _bulk_lines(document: Mapping[str, Any], ledger: str, history: str) -> bytes:
    """Return the lines for ledger and history; the history keeps the producer's sources while a statement waits."""
    hidden = ("settled",) if is_waiting(document) else ("settled", "sources")
    told = {name: value for name, value in document.items() if name not in hidden}
    key = id_of(document)
    action = {"create": {"_index": history, "_id": f"{key}-{document['sequence']}"}}
    return b"%b%b\n%b\n" % (write_lines(document, ledger, key), orjson.dumps(action), orjson.dumps(told))


def fetch_current(index: str, pairs: Iterable[tuple[str, str]]) -> Steps[list[dict[str, Any]]]:
    """Return the ledger's documents of (session, funder) pairs in real time."""
    ids = [ledger_id(session, funder) for session, funder in pairs]
    if not ids:
        return []
    answer = yield Request("POST", f"/{index}/_mget", {"ids": ids})
    return [document["_source"] for document in found_documents(answer)]


def fetch_of_source(index: str, session_keys: Sequence[str], source: str) -> Steps[list[dict[str, Any]]]:
    """Return the documents of sessions of one source that may count for it, as of the ledger's last refresh."""
    documents: list[dict[str, Any]] = []
    everyone = {"bool": {"must_not": {"exists": {"field": "sources"}}}}
    allowed = {"bool": {"should": [everyone, {"term": {"sources": source}}]}}
    chunks = [list(session_keys[n : n + SESSIONS_AT_ONCE]) for n in range(0, len(session_keys), SESSIONS_AT_ONCE)]
    while chunks:
        chunk = chunks.pop()
        query = {"bool": {"filter": [{"terms": {"session_key": chunk}}, allowed]}}
        whole = {"allow_partial_search_results": "false"}
        answer = yield Request("POST", f"/{index}/_search", {"size": MOST_HITS, "query": query}, whole)
        hits = answer["hits"]["hits"]
        if len(hits) == MOST_HITS and len(chunk) > 1:  # many waiting statements: request fewer sessions
            chunks += [chunk[: len(chunk) // 2], chunk[len(chunk) // 2 :]]
        else:
            documents += [hit["_source"] for hit in hits]
    return documents


def may_count(document: Mapping[str, Any], source: str | None) -> bool:
    """Tell whether a ledger document may count for a session of this source: its producer had the right."""
    sources = document.get("sources")
    return sources is None or source in sources


def to_figure(said: Mapping[str, Any]) -> Figure:
    """Return the figure of a ledger document or a statement, as an offer holds it."""
    return {name: said.get(name) for name in FIGURE_FIELDS}


def add_figures(figures: dict[str, list[Figure]], documents: Iterable[Mapping[str, Any]]) -> None:
    """Add ledger documents to figures by session key, ordered by funder."""
    for document in documents:
        of_session = figures.setdefault(document["session_key"], [])
        of_session.append(to_figure(document))
        of_session.sort(key=lambda figure: str(figure["funder"]))


def fetch_checkpoint(index: str) -> Steps[int]:
    """Return the number up to which every operation of the ledger is complete; -1 if there was none."""
    answer = yield Request("GET", f"/{index}/_stats", params={"level": "shards"})
    checkpoints = list(primary_checkpoints(answer))
    if not checkpoints:  # the engine omits an unassigned shard; an empty ledger has -1 in it
        raise PartialAnswer(f"no primary shard of {index} answers")
    return min(checkpoints)


def fetch_page_after(index: str, checkpoint: int) -> Steps[tuple[list[dict[str, Any]], int]]:
    """Return the next statements after a checkpoint in log order, and the last one's number."""
    body = {
        "size": PAGE,
        "query": {"range": {"_seq_no": {"gt": checkpoint}}},
        "sort": [{"_seq_no": "asc"}],
    }
    answer = yield Request("POST", f"/{index}/_search", body)
    hits = answer["hits"]["hits"]
    return [hit["_source"] for hit in hits], int(hits[-1]["sort"][0]) if hits else checkpoint
