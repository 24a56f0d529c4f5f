"""Judges which schemes pay for a person, an offer and a session on a day: pure, the clock is always given."""
