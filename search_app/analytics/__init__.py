"""The commissioners' query module: measures of a search by rows and columns, white areas, overlaps."""
