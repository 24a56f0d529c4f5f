"""What an answer on one offer says, part by part: payers, incomes, steps, sources."""
