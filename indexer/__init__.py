"""Turns catalogue feeds into the searchable index: sources, normalize, transform, write, lifecycle, report."""
