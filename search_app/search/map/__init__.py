"""The map of results: ``GET /api/v1/map`` counts in cells what a search finds, each offer once."""

from search_app.api.map import PATH, map_routes
from search_app.search.map.frame import VOCABULARY
from search_app.search.map.view import MapView

__all__ = ["PATH", "VOCABULARY", "MapView", "map_routes"]
