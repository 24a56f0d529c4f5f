"""A search: parameters, words, places, query, results."""
