"""Funding of the stored offers: an offer judged for a person, and the schemes of the stored rules as sheets."""
