"""Searches read to their end, page by page, from one frozen view of an index (a point in time of the engine).

The engine keeps few views (300 a node by default), so that whoever opens one closes it; one that nobody asks about is
forgotten after a while by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.requests import Request, Steps

WHOLE: Final = {"allow_partial_search_results": "false"}  # part of an answer is no page


@dataclass(slots=True)
class View:
    """A frozen view, the search that is read from it, and how far it was read.

    ``body`` is the search with a ``sort`` without ties; ``kept`` is how long the engine keeps the view between pages.
    """

    id: str
    body: dict[str, Any]
    kept: str

    @classmethod
    def of(cls, view: str, body: Mapping[str, Any], kept: str) -> "View":
        """Return a view that nothing was read of yet."""
        return cls(view, {**body, "pit": {"id": view, "keep_alive": kept}}, kept)

    def next_page(self, size: int | None = None) -> Request:
        """Return the request for what follows, of the size of the body or another."""
        return Request("POST", "/_search", self.body if size is None else self.body | {"size": size}, WHOLE)

    def advance(self, last: Sequence[Any]) -> None:
        """Note how far the search was read: the sort values of the last hit."""
        self.body["search_after"] = last


def opening(index: str, kept: str) -> Request:
    """Return the request for a view; by default the engine would open one without the shards that are away."""
    params = {"keep_alive": kept, "allow_partial_pit_creation": "false"}
    return Request("POST", f"/{index}/_search/point_in_time", params=params)


def closing(views: Sequence[str]) -> Request:
    """Return the request that closes views; a 404 says that none of them was open."""
    return Request("DELETE", "/_search/point_in_time", {"pit_id": list(views)})


def open_view(index: str, body: Mapping[str, Any], kept: str) -> Steps[View]:
    """Freeze what a search of an index finds now."""
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
