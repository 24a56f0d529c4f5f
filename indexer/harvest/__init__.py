"""Harvests documents: `fetch/` (requests to sources) → `read/` (their formats) → `record/` (what a source says of a
text) → `merge/` (one document a text); `run/` holds them together.
"""
