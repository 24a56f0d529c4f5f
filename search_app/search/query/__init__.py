"""Builds the engine's requests from a value object: pure functions that return plain dicts."""

from search_app.search.places.areas import Circle, Territory
from search_app.search.query.body import (
    build_count_body,
    build_export_body,
    build_first_body,
    build_news_body,
    build_payment_body,
    build_search_body,
    in_parts,
)
from search_app.search.query.members import build_members_body, build_part_bodies
from search_app.search.query.request import SearchRequest

__all__ = [
    "Circle", "SearchRequest", "Territory", "build_count_body", "build_export_body", "build_first_body",
    "build_members_body", "build_news_body", "build_part_bodies", "build_payment_body", "build_search_body",
    "in_parts",
]  # fmt: skip
