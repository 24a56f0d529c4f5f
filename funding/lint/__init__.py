"""Checks rules together for faults that no single file shows."""
