"""Sending what came to those who asked for it, and the operator's view of alerts."""
