"""Random pivots, and what they must answer: an evaluator that shares no code with the app."""
