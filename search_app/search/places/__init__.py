"""Places: find them by name, complete them, and name them on a map."""
