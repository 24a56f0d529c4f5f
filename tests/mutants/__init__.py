"""Mutation tests: the program is changed in one place at a time, and a unit test has to fail (decision 0018)."""
