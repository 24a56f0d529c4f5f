"""The layer that speaks to OpenSearch."""
