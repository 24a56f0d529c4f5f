"""Words that are filters: dates, places, distances, codes, conditions."""
