"""Builds the lexicon (word statistics for the search) from the live catalogue and the reference tables."""

from indexer.lexicon.build import build_lexicon, keep_lexicon, store_lexicon
from indexer.lexicon.state import is_current, stored_state

__all__ = ["build_lexicon", "is_current", "keep_lexicon", "store_lexicon", "stored_state"]
