"""The ledger of seat statements, its history, and how both are read."""
