"""The app's own cost: pages, words, suggestions."""
