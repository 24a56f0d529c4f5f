"""Seat statements: parsed, kept in a ledger where the highest sequence wins, and projected into the offers."""
