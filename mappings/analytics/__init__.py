"""What the query module keeps of each day, between the indexer that writes it and the app that reads it."""
