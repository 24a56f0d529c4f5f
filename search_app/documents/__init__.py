"""Documents beside the offers: search, one document, and those that share codes with an offer or a page."""
