"""Pages that answer one question each: white areas and overlaps."""
