"""What clauses do not tell, decided by one Painless program of the rules for each offer."""
