"""Measurements of query understanding over a loaded catalogue, without the app's HTTP layer."""
