"""Measurements by hand: what takes how long, and whether answers over a large catalogue are right."""
