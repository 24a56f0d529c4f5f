"""The indices of an installation: made, rebuilt, rolled back, locked, and told of."""
