"""Builds the lexicon: what the search knows of words, from the live catalogue and the reference tables."""

from indexer.lexicon.build import build_lexicon, has_lexicon, store_lexicon

__all__ = ["build_lexicon", "has_lexicon", "store_lexicon"]
