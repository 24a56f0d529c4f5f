"""Manual measurements: response times, resources, and the correctness of answers over a large catalogue."""
