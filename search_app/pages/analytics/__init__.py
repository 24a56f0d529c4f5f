"""Pages of the query module: pivots, white areas, overlaps."""
