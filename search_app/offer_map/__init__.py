"""The map of results: ``GET /api/v1/map`` counts in cells what a search finds, each offer once."""

from search_app.offer_map.api import PATH, map_routes
from search_app.offer_map.frame import VOCABULARY
from search_app.offer_map.view import MapView

__all__ = ["PATH", "VOCABULARY", "MapView", "map_routes"]
