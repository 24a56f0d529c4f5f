"""Fields of an offer that measures and filters read as columns; each module makes some from the stored offer."""
