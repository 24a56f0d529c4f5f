"""The exact filter by what pays for one person: the rules compiled into clauses of the engine (docs/decisions/0031)."""
