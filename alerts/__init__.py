"""Alerts by mail without accounts: what is stored of them, keys and tokens, letters, and the way to a mail server."""
