"""The request for sessions whose recruitment state and seats contradict each other."""

from typing import Any, Final

from search_app.search.query.sessions import Clause, any_of, seat_fields, seats_clause
from search_app.search.results import Contradiction

MOST_SOURCES: Final = 1000
# Fields of a row, and fields that tell which sessions of an offer are rows.
FIELDS: Final = [
    "id", "key", "title", "source", "sessions.id", "sessions.key", "sessions.recruiting", "sessions.left",
    "sessions.seats", "sessions.start", "sessions.end", "sessions.start_precision", "sessions.end_precision",
]  # fmt: skip


def build_contradictions_body(source: str | None, rows: int, timeout: float) -> dict[str, Any]:
    """Return the body of ``_search``: counts in sessions by source and kind, and offers with the first rows.

    Every hit has at least one such session, so as many offers as rows suffice. ``source`` narrows only the hits.
    """
    kinds = {kind: {"bool": {"filter": clauses}} for kind, clauses in _kinds().items()}
    contradictory = {"path": "sessions", "score_mode": "none", "query": any_of(list(kinds.values()))}
    sessions = {"nested": {"path": "sessions"}, "aggs": {"kinds": {"filters": {"filters": kinds}}}}
    body: dict[str, Any] = {
        "query": {"bool": {"filter": [{"nested": contradictory}]}},
        "aggs": {"sources": {"terms": {"field": "source", "size": MOST_SOURCES}, "aggs": {"sessions": sessions}}},
        "sort": [{"source": "asc"}, {"key": "asc"}],
        "size": rows,
        "track_total_hits": True,
        "timeout": f"{int(timeout * 1000)}ms",
        "_source": FIELDS,
    }
    if source is not None:
        body["post_filter"] = {"term": {"source": source}}
    return body


def _kinds() -> dict[Contradiction, list[Clause]]:
    """Return the conditions on a session, by kind; ``present.sessions.contradiction_of`` is the same rule."""
    fields = seat_fields(())
    return {
        "open_full": [{"term": {"sessions.recruiting": "open"}}, seats_clause("full", fields)],
        "closed_left": [{"term": {"sessions.recruiting": "closed"}}, seats_clause(1, fields)],
    }
