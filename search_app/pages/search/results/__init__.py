"""The list of results: cards, trainings, on-site offers before remote ones."""
