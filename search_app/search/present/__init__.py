"""Converts the engine's response to the one result object."""

from search_app.search.present.results import to_results

__all__ = ["to_results"]
