"""The files that loads keep on disk."""
