"""Measurements with clients that disconnect, stall or stay."""
