"""Fuzzing with a fresh seed: archives, XML, seat tables, parameters."""
