"""Seat statements, their history, and the stream of changes."""
