"""Reads the ledger whole, page by page, from one frozen view, while statements go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.requests import Request, Steps
from seats.ledger.store import PAGE

KEPT: Final = "5m"  # between two pages: a view that nobody closes is forgotten after that
EVERYTHING: Final[Mapping[str, Any]] = {"match_all": {}}


@dataclass(frozen=True, slots=True)
class View:
    """A frozen view of the ledger, and how far it was read."""

    body: dict[str, Any]


def open_view(
    index: str, query: Mapping[str, Any] = EVERYTHING, fields: Sequence[str] | None = None, size: int = PAGE
) -> Steps[View]:
    """Freeze what the ledger holds now, as far as the query asks for it; ``fields`` None reads whole documents."""
    yield Request("POST", f"/{index}/_refresh")
    answer = yield Request("POST", f"/{index}/_search/point_in_time", params={"keep_alive": KEPT})
    body = {
        "size": size,
        "_source": True if fields is None else list(fields),
        "query": query,
        "sort": [{"_seq_no": "asc"}],  # of one shard, so that it is unique
        "seq_no_primary_term": True,
        "track_total_hits": False,
        "pit": {"id": answer["pit_id"], "keep_alive": KEPT},
    }
    return View(body)


def read_page(view: View) -> Steps[list[dict[str, Any]]]:
    """Return the next hits in the order of the ledger's log, none at the end."""
    answer = yield Request("POST", "/_search", view.body, {"allow_partial_search_results": "false"})
    hits: list[dict[str, Any]] = answer["hits"]["hits"]
    if hits:
        view.body["search_after"] = hits[-1]["sort"]
    return hits


def close_view(view: View) -> Steps[None]:
    """Let the engine forget the view."""
    yield Request("DELETE", "/_search/point_in_time", {"pit_id": [view.body["pit"]["id"]]})
