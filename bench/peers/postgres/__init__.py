"""PostgreSQL with PostGIS: a server of the measurement's own, its tables, its statements and the app over them."""
