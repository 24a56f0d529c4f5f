"""A real OpenSearch from packages alone: for development, tests and small installations."""
