"""A local OpenSearch installed from packages: for development, tests and small installations."""
