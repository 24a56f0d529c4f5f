"""Searches read to their end, page by page, from one point in time of the engine.

The engine keeps few points in time (300 per node by default), so the caller must close it; an unused one expires.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.requests import Request, Steps

WHOLE: Final = {"allow_partial_search_results": "false"}  # an incomplete answer is not a page


@dataclass(slots=True)
class View:
    """A point in time, its search, and the reading position.

    ``body`` is the search with a ``sort`` without ties; ``kept`` is the keep-alive between pages.
    """

    id: str
    body: dict[str, Any]
    kept: str

    @classmethod
    def of(cls, view: str, body: Mapping[str, Any], kept: str) -> "View":
        """Return a point in time at the beginning of its search."""
        return cls(view, {**body, "pit": {"id": view, "keep_alive": kept}}, kept)

    def next_page(self, size: int | None = None) -> Request:
        """Return the request for the next page, of the size of the body or another."""
        return Request("POST", "/_search", self.body if size is None else self.body | {"size": size}, WHOLE)

    def advance(self, last: Sequence[Any]) -> None:
        """Advance the position: the sort values of the last hit."""
        self.body["search_after"] = last


def opening(index: str, kept: str) -> Request:
    """Return the request that opens a point in time; by default the engine would omit unavailable shards."""
    params = {"keep_alive": kept, "allow_partial_pit_creation": "false"}
    return Request("POST", f"/{index}/_search/point_in_time", params=params)


def closing(views: Sequence[str]) -> Request:
    """Return the request that closes points in time; a 404 says that none of them was open."""
    return Request("DELETE", "/_search/point_in_time", {"pit_id": list(views)})


def open_view(index: str, body: Mapping[str, Any], kept: str) -> Steps[View]:
    """Open a point in time for a search of an index."""
    yield Request("POST", f"/{index}/_refresh")
    answer = yield opening(index, kept)
    return View.of(answer["pit_id"], body, kept)


def read_page(view: View) -> Steps[list[dict[str, Any]]]:
    """Return the next hits, none at the end."""
    answer = yield view.next_page()
    hits: list[dict[str, Any]] = answer["hits"]["hits"]
    if hits:
        view.advance(hits[-1]["sort"])
    return hits


def close_view(view: View) -> Steps[None]:
    """Let the engine forget the view."""
    yield closing([view.id])
