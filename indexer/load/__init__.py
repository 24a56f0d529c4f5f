"""One load of a source: read, convert, settle, write, check."""
