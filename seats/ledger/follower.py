"""Reads new statements from the ledger's log by number, without gaps, even with concurrent writers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.requests import Request, Steps
from seats.ledger.store import MOST_HITS, PAGE, SESSIONS_AT_ONCE, fetch_checkpoint, is_waiting, may_count
from seats.projection.write import find_offers, sources_of

# A replica may be behind the primary whose checkpoint was read; an incomplete answer is an error.
WHOLE: Final = {"preference": "_primary", "allow_partial_search_results": "false"}
# The right of their producer is not established: see seats.ledger.store.is_waiting.
WAITING: Final = {
    "bool": {"filter": [{"exists": {"field": "sources"}}], "must_not": [{"exists": {"field": "settled"}}]}
}


@dataclass(frozen=True, slots=True)
class Change:
    """One statement as currently in the ledger, with its number in the log."""

    number: int
    statement: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """The log after a number, in order; ``more``: there is another page."""

    changes: Sequence[Change]
    checkpoint: int
    more: bool = False


def fetch_end(ledger: str) -> Steps[int]:
    """Return the number up to which the log is complete and searchable."""
    checkpoint = yield from fetch_checkpoint(ledger)
    yield Request("POST", f"/{ledger}/_refresh")
    return checkpoint


def fetch_news(ledger: str, after: int) -> Steps[News]:
    """Return at most one page of statements after a number; a log that did not grow costs one cheap call.

    A refreshed search can contain number n + 1 before n. Therefore the checkpoint, up to which there are no gaps, is
    read first, then the ledger is refreshed, and nothing beyond the checkpoint is read. A log that became shorter is
    another one, and is read from its beginning.
    """
    checkpoint = yield from fetch_checkpoint(ledger)
    if checkpoint == after:
        return News((), after)
    yield Request("POST", f"/{ledger}/_refresh")
    after = after if after < checkpoint else -1
    changes = yield from _read(ledger, [_numbers(after, checkpoint)], PAGE, [WAITING])
    more = len(changes) == PAGE
    return News(changes, changes[-1].number if more else checkpoint, more)


def fetch_since(ledger: str, session_keys: Sequence[str], after: int, checkpoint: int) -> Steps[list[Change]]:
    """Return the figures of sessions stated after a number, up to a refreshed checkpoint, in order.

    A session is named by its key, or by its number if that looks like one. A number beyond the log's end belongs to
    another log: all figures are returned.
    """
    if after > checkpoint:
        end = yield from fetch_checkpoint(ledger)
        if after <= end:  # the number may be ahead of this process
            return []
        after = -1
    changes: list[Change] = []
    chunks = [list(session_keys[n : n + SESSIONS_AT_ONCE]) for n in range(0, len(session_keys), SESSIONS_AT_ONCE)]
    while chunks:
        names = chunks.pop()
        of_these = {"bool": {"should": [{"terms": {"session_key": names}}, {"terms": {"session": names}}]}}
        found = yield from _read(ledger, [of_these, _numbers(after, checkpoint)], MOST_HITS)
        if len(found) == MOST_HITS and len(names) > 1:  # many waiting statements: request fewer sessions
            chunks += [names[: len(names) // 2], names[len(names) // 2 :]]
        else:
            changes += found
    return sorted(changes, key=lambda change: change.number)


def keep_rightful(offers: str, changes: Sequence[Change]) -> Steps[list[Change]]:
    """Return the changes that readers may see: not those of producers without the right for the session's source.

    A session without an offer for a moment, while a load moves it, keeps the figures that counted before.
    """
    limited = {each.statement["session_key"] for each in changes if each.statement.get("sources") is not None}
    source_of = sources_of((yield from find_offers(offers, limited)))
    return [each for each in changes if _is_rightful(each.statement, source_of)]


def _is_rightful(statement: Mapping[str, Any], source_of: Mapping[str, str]) -> bool:
    source = source_of.get(statement["session_key"])
    return may_count(statement, source) or (source is None and not is_waiting(statement))


def _numbers(after: int, checkpoint: int) -> dict[str, Any]:
    return {"range": {"_seq_no": {"gt": after, "lte": checkpoint}}}


def _read(
    ledger: str, filters: Sequence[Mapping[str, Any]], size: int, without: Sequence[Mapping[str, Any]] = ()
) -> Steps[list[Change]]:
    query = {"bool": {"filter": filters, "must_not": without}}
    body = {"size": size, "query": query, "sort": [{"_seq_no": "asc"}]}
    answer = yield Request("POST", f"/{ledger}/_search", body, WHOLE)
    return [Change(int(hit["sort"][0]), hit["_source"]) for hit in answer["hits"]["hits"]]
