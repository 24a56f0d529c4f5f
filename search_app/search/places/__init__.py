"""Places: found by name, completed, and named on a map."""
