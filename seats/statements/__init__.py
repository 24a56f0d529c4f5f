"""Seat statements: producers, formats, and the content of each line."""
