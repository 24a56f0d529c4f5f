"""Judged queries: what must come for them and what must not, and how many of them the search answers well."""
