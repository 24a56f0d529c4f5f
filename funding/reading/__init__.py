"""Reads a folder of rules, amounts, contacts and scenarios, and reports every fault with file and line."""
