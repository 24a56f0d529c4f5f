"""Requests to sources, bounded in time and size; an answer is whole or a fault."""
