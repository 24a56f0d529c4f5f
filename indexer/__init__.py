"""Turns catalogue feeds into the searchable index: sources, normalize, transform, load, lifecycle."""
