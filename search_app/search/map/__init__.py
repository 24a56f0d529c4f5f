"""The map of results: ``GET /api/v1/map`` counts the offers of a search per grid cell, each offer once."""

from search_app.search.map.frame import PATH, VOCABULARY
from search_app.search.map.view import MapView

__all__ = ["PATH", "VOCABULARY", "MapView"]
