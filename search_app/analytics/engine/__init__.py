"""The engine's side of a pivot: sums of offers, sessions and seats by scripts, in one pass over the offers found."""
