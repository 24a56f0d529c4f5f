"""Models of documents: what sources tell of texts, and the documents made of it."""
