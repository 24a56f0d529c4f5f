"""Reads the ledger whole, page by page, from one frozen view, while statements go on."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine.paging import View, open_view
from engine.requests import Steps
from seats.ledger.store import PAGE

KEPT: Final = "5m"  # between two pages: a view that nobody closes is forgotten after that
EVERYTHING: Final[Mapping[str, Any]] = {"match_all": {}}


def open_ledger(
    index: str, query: Mapping[str, Any] = EVERYTHING, fields: Sequence[str] | None = None, size: int = PAGE
) -> Steps[View]:
    """Freeze what the ledger holds now, as far as the query asks for it; ``fields`` None reads whole documents."""
    body = {
        "size": size,
        "_source": True if fields is None else list(fields),
        "query": query,
        "sort": [{"_seq_no": "asc"}],  # of one shard, so that it is unique
        "seq_no_primary_term": True,
        "track_total_hits": False,
    }
    return (yield from open_view(index, body, KEPT))
