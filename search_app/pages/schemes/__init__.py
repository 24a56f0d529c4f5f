"""The sheets of the funding schemes: the list, and a page for each."""
