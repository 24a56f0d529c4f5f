"""The indices of an installation, and its locks."""
