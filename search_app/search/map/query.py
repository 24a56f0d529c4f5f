"""Search bodies of the map: one that counts per cell, one that fetches the offers of small cells."""

from typing import Any, Final

from search_app.search.map.frame import Frame
from search_app.search.places.areas import Circle
from search_app.search.places.atlas import NORTHERNMOST
from search_app.search.query.body import CARD_FIELDS, NOT_ON_CARDS, build_count_body
from search_app.search.query.request import SearchRequest

Body = dict[str, Any]
FEW: Final = 10  # offers: a cell with at most this many lists its keys, so that the map can name them

# Columns of a cell's figures.
COUNT, SUM_LAT, SUM_LON, SOUTH, NORTH, WEST, EAST = range(7)

# The engine's own grids would count an offer at several places in several cells. This script counts it once: at the
# place nearest to the search point, as the list shows it, else at its first place in view.
# It runs for each offer in view, so it does little: most offers have one place, which is known to be in view, and cells
# are integers until the end. It takes less time than the engine's grid, which also needs a script, to exclude offers at
# several places (docs/measurements.md, The map).
_MAP: Final = """
def points = doc['location'];
double lat, lon;
if (points.size() == 1) {
  GeoPoint only = points.get(0);
  lat = only.getLat(); lon = only.getLon();
} else {
  double best = -1;
  for (def point : points) {
    double y = point.getLat(), x = point.getLon(), far = 0;
    if (params.near) {
      double north = Math.toRadians(y - params.lat) / 2, east = Math.toRadians(x - params.lon) / 2;
      far = Math.pow(Math.sin(north), 2)
        + Math.cos(Math.toRadians(y)) * Math.cos(Math.toRadians(params.lat)) * Math.pow(Math.sin(east), 2);
    } else if (y < params.south || y > params.north || x < params.west || x > params.east) { continue; }
    if (best < 0 || far < best) { best = far; lat = y; lon = x; }
  }
  if (best < 0 || lat < params.south || lat > params.north || lon < params.west || lon > params.east) { return; }
}
long across = params.across;
double most = params.northernmost;
double phi = Math.toRadians(Math.max(-most, Math.min(most, lat)));
double column = (lon + 180) / 360 * across;
double row = (1 - Math.log(Math.tan(phi) + 1 / Math.cos(phi)) / Math.PI) / 2 * across;
long cell = (long) Math.min(across - 1, Math.max(0, column)) * across + (long) Math.min(across - 1, Math.max(0, row));
Map cells = state.cells;
double[] seen = (double[]) cells.get(cell);
if (seen == null) {
  seen = new double[] {0, 0, 0, lat, lat, lon, lon};
  cells.put(cell, seen);
  state.keys.put(cell, new ArrayList());
}
seen[0] += 1; seen[1] += lat; seen[2] += lon;
if (lat < seen[3]) { seen[3] = lat; } else if (lat > seen[4]) { seen[4] = lat; }
if (lon < seen[5]) { seen[5] = lon; } else if (lon > seen[6]) { seen[6] = lon; }
if (seen[0] <= params.few) { state.keys.get(cell).add(doc['key'].value); }
"""
# Between shards the engine can only transfer maps with string keys.
_COMBINE: Final = """
Map cells = new HashMap(), keys = new HashMap();
for (entry in state.cells.entrySet()) {
  long cell = (long) entry.getKey();
  String name = (cell / params.across) + "/" + (cell % params.across);
  cells.put(name, entry.getValue());
  keys.put(name, state.keys.get(cell));
}
return ['cells': cells, 'keys': keys];
"""
_REDUCE: Final = """
Map cells = new HashMap(), keys = new HashMap();
for (state in states) {
  if (state == null) { continue; }
  for (entry in state.cells.entrySet()) {
    double[] more = (double[]) entry.getValue();
    List named = (List) state.keys.get(entry.getKey());
    double[] seen = (double[]) cells.get(entry.getKey());
    if (seen == null) { cells.put(entry.getKey(), more); keys.put(entry.getKey(), named); continue; }
    seen[0] += more[0]; seen[1] += more[1]; seen[2] += more[2];
    seen[3] = Math.min(seen[3], more[3]); seen[4] = Math.max(seen[4], more[4]);
    seen[5] = Math.min(seen[5], more[5]); seen[6] = Math.max(seen[6], more[6]);
    keys.get(entry.getKey()).addAll(named);
  }
}
for (entry in cells.entrySet()) {
  double[] figures = (double[]) entry.getValue();
  if (figures[0] > params.few) { keys.remove(entry.getKey()); }
}
return ['cells': cells, 'keys': keys];
"""


def build_map_body(request: SearchRequest, frame: Frame) -> Body:
    """Return the body that counts a search's offers in the cells of a view, and those without a place."""
    box = frame.box
    inside = {"top_left": {"lat": box.north, "lon": box.west}, "bottom_right": {"lat": box.south, "lon": box.east}}
    return build_count_body(request) | {
        "aggs": {
            "remote": {"filter": {"term": {"mode": "remote"}}},
            "placed": {
                "filter": {"exists": {"field": "location"}},
                "aggs": {"extent": {"geo_bounds": {"field": "location", "wrap_longitude": False}}},
            },
            "view": {
                "filter": {"geo_bounding_box": {"location": inside}},
                "aggs": {"cells": {"scripted_metric": _counting(request, frame)}},
            },
        }
    }


def _counting(request: SearchRequest, frame: Frame) -> Body:
    box, area = frame.box, request.area
    near = isinstance(area, Circle)
    return {
        "init_script": "state.cells = new HashMap(); state.keys = new HashMap()",
        "map_script": _MAP,
        "combine_script": _COMBINE,
        "reduce_script": _REDUCE,
        "params": {
            "near": near,
            "lat": area.lat if isinstance(area, Circle) else 0.0,
            "lon": area.lon if isinstance(area, Circle) else 0.0,
            "west": box.west,
            "south": box.south,
            "east": box.east,
            "north": box.north,
            "across": frame.cells_across,
            "northernmost": NORTHERNMOST,
            "few": FEW,
        },
    }


def build_named_body(request: SearchRequest, keys: list[str]) -> Body:
    """Return the body that fetches the offers with these keys, with the fields that a result shows."""
    return {
        "query": {"terms": {"key": keys}},
        "size": len(keys),
        "sort": [{"key": "asc"}],
        "track_total_hits": True,
        "timeout": f"{int(request.timeout * 1000)}ms",
        "_source": {"includes": CARD_FIELDS, "excludes": NOT_ON_CARDS},
    }
