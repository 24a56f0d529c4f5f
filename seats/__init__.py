"""Seat statements: parsed, stored in a ledger where the highest sequence wins, and projected into the offers."""
