"""Seat statements in, their history, and the stream of changes."""
