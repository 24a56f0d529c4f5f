"""Seat statements and streams under load."""
