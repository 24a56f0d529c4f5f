"""Modules that every layer of the app uses: settings, errors, responses, deadlines, metrics."""
