"""Offers in the engine: the stored document, requests that write it, live state, and records of removed offers."""
