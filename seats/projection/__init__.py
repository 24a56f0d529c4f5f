"""Writes the figures of the ledger into the offers."""
