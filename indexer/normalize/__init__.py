"""Pure functions from stated values to stored values, one module per subject; docs/feeds.md has the rules."""
