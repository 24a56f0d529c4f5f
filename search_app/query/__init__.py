"""From a value object to the engine's request: pure functions that return plain dicts."""

from search_app.query.body import build_count_body, build_export_body, build_search_body
from search_app.query.request import Circle, SearchRequest, Territory

__all__ = [
    "Circle", "SearchRequest", "Territory", "build_count_body", "build_export_body", "build_search_body",
]  # fmt: skip
