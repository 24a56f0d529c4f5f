"""One scheme as data: conditions, versions, sources, deadlines, amounts."""
