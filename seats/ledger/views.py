"""Reads the whole ledger, page by page, from one point in time, while statements go on."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine.paging import View, open_view
from engine.requests import Steps
from seats.ledger.store import PAGE

KEPT: Final = "5m"  # keep-alive between two pages; then the engine closes it
EVERYTHING: Final[Mapping[str, Any]] = {"match_all": {}}


def open_ledger(
    index: str, query: Mapping[str, Any] = EVERYTHING, fields: Sequence[str] | None = None, size: int = PAGE
) -> Steps[View]:
    """Open a point in time for a query; ``fields`` None reads whole documents."""
    body = {
        "size": size,
        "_source": True if fields is None else list(fields),
        "query": query,
        "sort": [{"_seq_no": "asc"}],  # of one shard, so that it is unique
        "seq_no_primary_term": True,
        "track_total_hits": False,
    }
    return (yield from open_view(index, body, KEPT))
