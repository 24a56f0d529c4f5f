"""The contract between indexer and search: index settings, mappings, stored models, index names and code tables."""
