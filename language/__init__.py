"""French words as writer and reader compare them: folding, roots, titles, and the lexicon of a catalogue."""
