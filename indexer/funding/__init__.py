"""Stores the funding rules in the engine, and tells which of them must be read again soon."""
