"""The life of an installation: rebuild and rollback, status, and sources that are removed."""
