"""Clients that leave, stall or stay."""
