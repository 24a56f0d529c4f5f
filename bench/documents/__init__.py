"""Harvests of many documents, measured."""
