"""Alerts by mail: the pages on which one asks for them, and the letters; ``indexer.alerts`` sends the news."""
