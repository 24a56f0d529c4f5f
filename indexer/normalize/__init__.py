"""Pure functions from what a feed states to what is stored, one module per subject; see docs/feeds.md for the rules."""
