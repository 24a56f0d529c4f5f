"""The app beside what an expert would have built with PostgreSQL and PostGIS, and beside tantivy for words alone."""
