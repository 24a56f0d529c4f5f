"""The map on the page of results."""
