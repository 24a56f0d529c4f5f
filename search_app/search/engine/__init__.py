"""The app's client of the engine."""
