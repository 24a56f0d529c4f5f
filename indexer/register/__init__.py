"""Reads an edition of the public register of training providers, and Sirene's files beside it."""
