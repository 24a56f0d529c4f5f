"""Loads that are killed at many moments."""
