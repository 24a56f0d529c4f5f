"""Code tables and places, read from their official files."""
