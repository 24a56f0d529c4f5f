"""The meaning of a text as numbers, by an optional encoder: what the indexer learns from, and what the search compares.

Only ``encoder`` may be imported without the encoder's package; the other modules need numpy, which comes with it.
"""

from language.meaning.encoder import Encoder, MeaningVotes, TextVotes, load_encoder, read_votes

__all__ = ["Encoder", "MeaningVotes", "TextVotes", "load_encoder", "read_votes"]
