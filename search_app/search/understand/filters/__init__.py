"""Recognition of filters in typed words: dates, places, distances, codes, conditions."""
