"""The request for sessions whose recruitment state and seats contradict each other."""

from typing import Any, Final, get_args

from mappings.codes import Contradiction

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
    fields = {kind: f"contradictions.{kind}" for kind in get_args(Contradiction)}
    kinds = {kind: {"sum": {"field": field}} for kind, field in fields.items()}
    body: dict[str, Any] = {
        "query": {"bool": {"should": [{"exists": {"field": field}} for field in fields.values()]}},
        "aggs": {"sources": {"terms": {"field": "source", "size": MOST_SOURCES}, "aggs": kinds}},
        "sort": [{"source": "asc"}, {"key": "asc"}],
        "size": rows,
        "track_total_hits": True,
        "timeout": f"{int(timeout * 1000)}ms",
        "_source": FIELDS,
    }
    if source is not None:
        body["post_filter"] = {"term": {"source": source}}
    return body
