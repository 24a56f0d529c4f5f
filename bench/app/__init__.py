"""CPU cost of the app itself: pages, query understanding, suggestions."""
